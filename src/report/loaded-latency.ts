/** Latency against the throughput of others, as a person reads it. */
import { formatBytesPerSec, formatNs } from '../units.ts';
import { fitGrid, type Layouts } from './fit.ts';
import type { Cell, GridLine } from './grid.ts';
import { armNamer, fullLabel } from './labels.ts';
import { type Figure, figureCell, LATENCY_TITLES } from './latency-lines.ts';
import type { Load } from './sharing.ts';
import { armOfRow, type Summary, type SummaryRow } from './summary.ts';

export type LoadedRow = SummaryRow & { load: Load };

const LAYOUTS: Layouts<readonly Figure[]> = {
  details: [
    ['p50', 'p90', 'p99', 'p999', 'max'],
    ['p50', 'p90', 'p99'],
    ['p50', 'p99'],
  ],
  lastResorts: [['p50', 'p99'], ['p50']],
};

/** Rows of each arm beside its loads, by the arm's name; none where nothing was measured beside a load. */
export function loadedRows({ workloads, settings }: Summary): ReadonlyMap<string, readonly LoadedRow[]> {
  const rows = workloads.flatMap((row): LoadedRow[] => {
    const load = row.sharing?.load;
    return load ? [{ ...row, load }] : [];
  });
  const nameOf = armNamer(rows.map(armOfRow));
  return Map.groupBy(rows, (row) => {
    const { loadIntervalNs: _, ...params } = row.params;
    return `${fullLabel(row.name, params, settings)}, ${nameOf(armOfRow(row))}`;
  });
}

/** A block for each arm, a line for each load. */
export function loadedLatencyGrid(summary: Summary, width: number): GridLine[] {
  const arms = loadedRows(summary);
  if (arms.size === 0) return [];
  return fitGrid(LAYOUTS, (figures) => gridLines(arms, figures), width).grid;
}

function gridLines(arms: ReadonlyMap<string, readonly LoadedRow[]>, figures: readonly Figure[]): GridLine[] {
  const titles = ['  others are to read', 'and read', ...figures.map((figure) => LATENCY_TITLES[figure])];
  return [...arms].flatMap(([heading, members]): GridLine[] => [
    { heading: { text: heading, style: 'bold' } },
    { cells: titles.map((text, i): Cell => ({ text, style: 'dim', ...(i === 0 ? { align: 'left' } : {}) })) },
    ...members.map((row) => ({ cells: cellsOf(row, figures) })),
  ]);
}

function cellsOf({ load, latencyNs, nsPerOp }: LoadedRow, figures: readonly Figure[]): Cell[] {
  const { offeredBytesPerSec, bytesPerSec } = load;
  return [
    { text: `  ${offeredBytesPerSec === null ? 'all they can' : formatBytesPerSec(offeredBytesPerSec)}` },
    { text: formatBytesPerSec(bytesPerSec) },
    ...figures.map((figure): Cell => {
      if (latencyNs) return figureCell(figure, latencyNs);
      // Too short for percentiles: a mean is there all the same.
      return { text: figure === 'p50' && nsPerOp ? `mean ${formatNs(nsPerOp.estimate)}` : '' };
    }),
  ];
}
