/** Bounds as a person reads them: what was promised, what was found. */
import { formatDigits } from '../units.ts';
import type { BoundResult, BoundVerdict } from './bounds.ts';
import { type Cell, type GridLine, layGrid, painter, type Style } from './grid.ts';
import { formatInterval } from './times.ts';

const STYLES: Record<BoundVerdict, Style> = {
  held: 'green',
  missed: 'yellow',
  idle: 'dim',
  unmeasured: 'yellow',
};

/** One line a bound, and a count. Ends with a line break. */
export function renderBounds(
  results: readonly BoundResult[],
  { color, width }: { color: boolean; width: number },
): string {
  const titles = ['', 'ratio', '', 'at most', ''].map((text): Cell => ({ text, style: 'dim' }));
  const lines: GridLine[] = [{ cells: titles }, ...results.map((result) => ({ cells: cellsOf(result) }))];
  const counts = Object.entries(STYLES)
    .map(([verdict]) => [results.filter((result) => result.verdict === verdict).length, verdict] as const)
    .filter(([count]) => count > 0)
    .map(([count, verdict]) => `${count} ${verdict}`);
  return `${[...layGrid(lines, { width, flexible: 'first' }, painter(color)), '', counts.join(', ')].join('\n')}\n`;
}

function cellsOf({ bound, verdict, ratio, whenRatio }: BoundResult): Cell[] {
  const condition = whenRatio ? ` (${formatDigits(whenRatio.estimate)}× there)` : '';
  return [
    { text: bound.claim + condition },
    { text: ratio ? `${ratio.estimate.toFixed(3)}×` : '–' },
    { text: ratio ? formatInterval(ratio) : '' },
    { text: `${bound.atMost}×` },
    { text: verdict, style: STYLES[verdict], align: 'left' },
  ];
}
