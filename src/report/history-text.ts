/** A history as a person reads it. */
import type { Conditions } from '../results/conditions.ts';
import type { HistoryChange, HistorySeries } from '../results/history-document.ts';
import { formatNs } from '../units.ts';
import { type Cell, type GridLine, layGrid, painter } from './grid.ts';
import { type LabelContext, paramsLabel } from './labels.ts';
import { plainTexts } from './plain-text.ts';
import type { TableOptions } from './table.ts';
import { formatInterval } from './times.ts';

/** One line a series: what it takes now, since when, and what changed then. Ends with a line break. */
export function renderHistory(series: readonly HistorySeries[], options: TableOptions): string {
  return render(series, options, (list, settings) => [
    { cells: ['', '', 'runs', 'now', 'since', 'last change'].map((text): Cell => ({ text, style: 'dim' })) },
    ...list.map((one) => ({ cells: overviewCells(one, settings) })),
  ]);
}

/** Every point of every series, and the changes between them. Ends with a line break. */
export function renderSeries(series: readonly HistorySeries[], options: TableOptions): string {
  return render(series, options, (list, settings) =>
    list.flatMap((one): GridLine[] => [
      { heading: { text: `${nameOf(one, settings)} ${one.implementation}, ${one.runtime}`, style: 'bold' } },
      ...one.points.flatMap((_, i) => pointLines(one, i)),
    ]),
  );
}

/** Series of each machine and device under a heading of their own: they are not comparable. */
function render(
  series: readonly HistorySeries[],
  { color, width }: TableOptions,
  linesOf: (list: readonly HistorySeries[], settings: LabelContext) => GridLine[],
): string {
  const byConditions = Map.groupBy(plainTexts(series), ({ conditions }) => JSON.stringify(conditions));
  return [...byConditions.values()]
    .map((list) => {
      const { conditions } = list[0]!;
      const settings = { policy: String(conditions.policy) };
      const lines = layGrid(linesOf(list, settings), { width, flexible: 'first' }, painter(color));
      return `${[conditionsText(conditions), ...lines].join('\n')}\n`;
    })
    .join('\n');
}

/** `Example CPU, 2 cores, 8 GiB, gh200-120gb, strict`. */
export function conditionsText(conditions: Conditions): string {
  const facts = Object.entries(conditions).flatMap(([name, fact]) => {
    if (fact === null) return [];
    return name === 'coreCount' ? `${fact} cores` : name === 'memoryGiB' ? `${fact} GiB` : String(fact);
  });
  return facts.join(', ');
}

function nameOf({ workload, params }: HistorySeries, settings: LabelContext): string {
  return [workload, paramsLabel(params, settings)].filter(Boolean).join(' ');
}

/** `  config-read/batch 4 B, header  wasm  12  1.42 ns  2026-11-20  1.120× slower` */
function overviewCells(series: HistorySeries, settings: LabelContext): Cell[] {
  const { window, points, changes } = series;
  return [
    { text: `  ${nameOf(series, settings)}` },
    { text: series.implementation, align: 'left' },
    { text: String(points.length) },
    { text: formatNs(window.nsPerOp) },
    { text: window.since.slice(0, 10), align: 'left' },
    changeCell(changes.at(-1)),
  ];
}

function changeCell(change: HistoryChange | undefined): Cell {
  if (!change) return { text: '', align: 'left' };
  const style = changeVerdict(change) === 'slower' ? 'yellow' : 'green';
  return { text: changeText(change), style, align: 'left' };
}

export function changeVerdict({ ratio }: HistoryChange): 'slower' | 'faster' {
  return ratio > 1 ? 'slower' : 'faster';
}

/** `1.100× slower`. */
export function changeText(change: HistoryChange): string {
  const { ratio } = change;
  return `${(ratio > 1 ? ratio : 1 / ratio).toFixed(3)}× ${changeVerdict(change)}`;
}

/** A point, under the change that begins with it. */
function pointLines({ points, changes }: HistorySeries, index: number): GridLine[] {
  const { createdAt, nsPerOp, forkCount, build, commit } = points[index]!;
  const change = changes.find((one) => one.index === index);
  const point: GridLine = {
    cells: [
      { text: `  ${createdAt.slice(0, 16).replace('T', ' ')}` },
      { text: formatNs(nsPerOp.estimate) },
      { text: formatInterval(nsPerOp) },
      { text: `${forkCount} ${forkCount === 1 ? 'fork' : 'forks'}` },
      { text: [build, commit].filter(Boolean).join(', '), align: 'left' },
    ],
  };
  const cell = changeCell(change);
  return change ? [{ heading: { ...cell, text: `  -- ${cell.text} from here on` } }, point] : [point];
}
