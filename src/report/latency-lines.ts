/** Latencies of single operations as a person reads them. */
import { mostOf } from '../stats/extent.ts';
import { formatNs } from '../units.ts';
import { fitGrid, type Layouts } from './fit.ts';
import type { Cell, GridLine } from './grid.ts';
import { armNamer, familyOf, fullLabel } from './labels.ts';
import type { LatencyNs } from './latency.ts';
import { armOfRow, type Summary, type SummaryRow } from './summary.ts';
import { MISSING } from './times.ts';

/** Rows that a report has room for. */
const MOST_ROWS = 12;
/** Families whose single operations are what a device's user waits for; they come first. */
const FIRST_FAMILIES = ['bar-size', 'region-copy'];

export type Figure = Exclude<keyof LatencyNs, 'count'>;
export const LATENCY_TITLES: Record<Figure, string> = {
  p50: 'p50',
  p90: 'p90',
  p99: 'p99',
  p999: 'p99.9',
  max: 'max',
};

/** Share of operations beyond a percentile. */
const BEYOND: Partial<Record<Figure, number>> = { p90: 0.1, p99: 0.01, p999: 0.001 };

const LAYOUTS: Layouts<readonly Figure[]> = {
  details: [
    ['p50', 'p90', 'p99', 'p999', 'max'],
    ['p50', 'p99', 'p999', 'max'],
    ['p50', 'p99', 'max'],
  ],
  lastResorts: [
    ['p50', 'p99', 'max'],
    ['p50', 'max'],
  ],
};

/** A row with its latencies. */
export type TimedRow = SummaryRow & { latencyNs: LatencyNs };

/** Those beside a load have a table of their own. */
export function timedRows(rows: readonly SummaryRow[]): TimedRow[] {
  return rows.filter((row): row is TimedRow => row.latencyNs !== null && row.sharing?.load === undefined);
}

/** None where no operation was long enough to be timed alone. */
export function latencyTable(summary: Summary, width: number): { grid: GridLine[]; notes: string[] } {
  const timed = timedRows(summary.workloads);
  if (timed.length === 0) return { grid: [], notes: [] };
  const shown = chosen(timed);
  const { grid } = fitGrid(LAYOUTS, (figures) => tableLines(shown, summary, figures), width);
  const left = timed.length - shown.length;
  return {
    grid,
    notes: left > 0 ? [`Latencies of ${left} more rows are in the file and with --json.`] : [],
  };
}

/**
 * All rows where they are few. Of many, whole workloads: the longest operation of each family, families of
 * `FIRST_FAMILIES` first, for as long as there is room; at least one workload.
 */
function chosen(timed: readonly TimedRow[]): TimedRow[] {
  if (timed.length <= MOST_ROWS) return [...timed];
  const shown: TimedRow[] = [];
  for (const longest of longestByFamily(timed)) {
    if (shown.length === 0 || shown.length + longest.length <= MOST_ROWS) shown.push(...longest);
  }
  return shown;
}

/** All rows of the longest operation of each family, families of `FIRST_FAMILIES` first. */
export function longestByFamily(timed: readonly TimedRow[]): TimedRow[][] {
  const families = Map.groupBy(timed, ({ name }) => familyOf(name));
  const ranked = [...families.keys()].sort((a, b) => rankOf(a) - rankOf(b));
  return ranked.map((family) => longestWorkload(families.get(family)!));
}

function rankOf(family: string): number {
  const found = FIRST_FAMILIES.indexOf(family);
  return found < 0 ? FIRST_FAMILIES.length : found;
}

/** All rows of the workload one of whose rows has the largest median; those of few operations come last. */
function longestWorkload(rows: readonly TimedRow[]): TimedRow[] {
  const workloads = Map.groupBy(rows, ({ name, params }) => JSON.stringify([name, params]));
  const rank = (members: readonly TimedRow[]) => {
    const hasTail = members.every(({ latencyNs }) => isKnown('p999', latencyNs));
    return [hasTail ? 1 : 0, mostOf(members.map(({ latencyNs }) => latencyNs.p50))] as const;
  };
  return [...workloads.values()]
    .map((members) => ({ members, rank: rank(members) }))
    .reduce((first, one) =>
      one.rank[0] > first.rank[0] || (one.rank[0] === first.rank[0] && one.rank[1] > first.rank[1])
        ? one
        : first,
    ).members;
}

/** A percentile that fewer operations lie beyond than one is the largest, and no percentile. */
function isKnown(figure: Figure, { count }: LatencyNs): boolean {
  return count * (BEYOND[figure] ?? 1) >= 1;
}

export function figureCell(figure: Figure, latencyNs: LatencyNs): Cell {
  return isKnown(figure, latencyNs) ? { text: formatNs(latencyNs[figure]) } : MISSING;
}

function tableLines(rows: readonly TimedRow[], summary: Summary, figures: readonly Figure[]): GridLine[] {
  const titles = ['', '', ...figures.map((figure) => LATENCY_TITLES[figure])].map(
    (text): Cell => ({ text, style: 'dim' }),
  );
  const nameOf = armNamer(rows.map(armOfRow));
  return [
    headingOf(rows),
    { cells: titles },
    ...rows.map((row, i) => {
      const label = fullLabel(row.name, row.params, summary.settings);
      const above = rows[i - 1];
      const isRepeated = above && label === fullLabel(above.name, above.params, summary.settings);
      return {
        cells: [
          { text: isRepeated ? '' : `  ${label}` },
          { text: nameOf(armOfRow(row)), align: 'left' as const },
          ...figures.map((figure) => figureCell(figure, row.latencyNs)),
        ],
      };
    }),
  ];
}

/** Agents repeat operations that are too short for a clock between them. */
function headingOf(rows: readonly TimedRow[]): GridLine {
  const isOfAgents = rows.every(({ sharing }) => sharing !== undefined);
  return {
    heading: { text: isOfAgents ? 'Latency of operations' : 'Latency of single operations', style: 'bold' },
    note: {
      text: isOfAgents
        ? 'of one agent, means of 64 or more in a row'
        : 'with one reading of the clock in each',
      style: 'dim',
    },
  };
}
