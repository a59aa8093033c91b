/** Latency against the throughput of others, as a person reads it. */
import { formatBytesPerSec, formatNs } from '../units.ts';
import { fitGrid, type Layouts } from './fit.ts';
import type { Cell, GridLine } from './grid.ts';
import { armNamer, fullLabel } from './labels.ts';
import { type Figure, figureCell, LATENCY_TITLES } from './latency-lines.ts';
import type { Load } from './sharing.ts';
import { armOfRow, type Summary, type SummaryRow } from './summary.ts';

type LoadedRow = SummaryRow & { load: Load };

const LAYOUTS: Layouts<readonly Figure[]> = {
  details: [
    ['p50', 'p90', 'p99', 'p999', 'max'],
    ['p50', 'p90', 'p99'],
    ['p50', 'p99'],
  ],
  lastResorts: [['p50', 'p99'], ['p50']],
};

/** A block for each arm, a line for each load; none where nothing was measured beside a load. */
export function loadedLatencyGrid(summary: Summary, width: number): GridLine[] {
  const rows = summary.workloads.flatMap((row): LoadedRow[] => {
    const load = row.sharing?.load;
    return load ? [{ ...row, load }] : [];
  });
  if (rows.length === 0) return [];
  return fitGrid(LAYOUTS, (figures) => gridLines(rows, summary, figures), width).grid;
}

function gridLines(
  rows: readonly LoadedRow[],
  { settings }: Summary,
  figures: readonly Figure[],
): GridLine[] {
  const nameOf = armNamer(rows.map(armOfRow));
  const headingOf = (row: LoadedRow) => {
    const { loadIntervalNs: _, ...params } = row.params;
    return `${fullLabel(row.name, params, settings)}, ${nameOf(armOfRow(row))}`;
  };
  const titles = ['  others are to read', 'and read', ...figures.map((figure) => LATENCY_TITLES[figure])];
  return [...Map.groupBy(rows, headingOf)].flatMap(([heading, members]): GridLine[] => [
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
