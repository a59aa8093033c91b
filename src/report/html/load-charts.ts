/** Latency against what others read meanwhile. */
import { formatBytesPerSec } from '../../units.ts';
import { armNamer, fullLabel } from '../labels.ts';
import type { LatencyNs } from '../latency.ts';
import { armOfRow, type Summary, type SummaryRow } from '../summary.ts';
import { chart, type Line } from './chart.ts';
import type { Html } from './escape.ts';
import { section } from './section.ts';

const TEXT = {
  title: 'Latency under load',
  note: 'Percentiles of one operation over what others read meanwhile, both logarithmic. Probes start on schedule: one that is late counts from when it was to start.',
};

const FIGURES = [
  ['median', 'p50'],
  ['90%', 'p90'],
  ['99%', 'p99'],
] as const satisfies readonly (readonly [string, keyof LatencyNs])[];

export function loadSection({ workloads, settings }: Summary): Html {
  const rows = workloads.filter(({ sharing }) => sharing?.load !== undefined);
  const nameOf = armNamer(rows.map(armOfRow));
  const charts = Map.groupBy(rows, (row) => {
    const { loadIntervalNs: _, ...params } = row.params;
    return `${fullLabel(row.name, params, settings)}, ${nameOf(armOfRow(row))}`;
  });
  return section(
    TEXT,
    [...charts].map(([title, members]) =>
      chart({ title, lines: linesOf(members), along: 'read by others', format: formatBytesPerSec }),
    ),
  );
}

/** Percentiles where single operations were timed; of the others the mean of a batch. */
function linesOf(rows: readonly SummaryRow[]): Line[] {
  const x = (row: SummaryRow) => row.sharing!.load!.bytesPerSec;
  const percentiles = FIGURES.map(([name, figure]) => ({
    name,
    points: rows.flatMap((row) =>
      row.latencyNs ? [{ x: x(row), timeNs: exactly(row.latencyNs[figure]) }] : [],
    ),
  }));
  const means = rows.flatMap((row) =>
    row.latencyNs === null && row.nsPerOp ? [{ x: x(row), timeNs: row.nsPerOp }] : [],
  );
  return [...percentiles, { name: 'mean', points: means }].filter(({ points }) => points.length > 0);
}

function exactly(ns: number) {
  return { estimate: ns, low: ns, high: ns };
}
