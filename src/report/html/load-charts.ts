/** Latency against what others read meanwhile. */
import { formatBytesPerSec } from '../../units.ts';
import type { LatencyNs } from '../latency.ts';
import { type LoadedRow, loadedRows } from '../loaded-latency.ts';
import type { Summary } from '../summary.ts';
import { chart, type Line } from './chart.ts';
import { type Html, html } from './escape.ts';
import { quantity } from './quantity.ts';
import { section } from './section.ts';

const TEXT = {
  title: 'Latency under load',
  note: 'Percentiles over what others read meanwhile, both logarithmic (times from a factor of four on). Probes start on schedule: one that is late counts from when it was to start. A knee is the least load at which, and beyond which, it takes twice as long as beside the least load.',
};

const FIGURES = [
  ['median', 'p50'],
  ['90%', 'p90'],
  ['99%', 'p99'],
] as const satisfies readonly (readonly [string, keyof LatencyNs])[];

/** Tails are too rough to have a knee. */
const TYPICAL: readonly string[] = ['median', 'mean'];

/** How much longer than beside the least load. */
const KNEE_FACTOR = 2;

export function loadSection(summary: Summary): Html {
  return section(
    TEXT,
    [...loadedRows(summary)].map(([title, rows]) =>
      chart({ title, lines: linesOf(rows), along: 'read by others', axis: 'log', format: formatBytesPerSec }),
    ),
  );
}

/** Percentiles where single operations were timed; of the others the mean of a batch. */
function linesOf(rows: readonly LoadedRow[]): Line[] {
  const x = ({ load }: LoadedRow) => load.bytesPerSec;
  const percentiles = FIGURES.map(([name, figure]) => ({
    name,
    points: rows.flatMap((row) =>
      row.latencyNs ? [{ x: x(row), timeNs: exactly(row.latencyNs[figure]) }] : [],
    ),
  }));
  const means = rows.flatMap((row) =>
    row.latencyNs === null && row.nsPerOp ? [{ x: x(row), timeNs: row.nsPerOp }] : [],
  );
  return [...percentiles, { name: 'mean', points: means }]
    .filter(({ points }) => points.length > 0)
    .map((line) => (TYPICAL.includes(line.name) ? { ...line, note: kneeNote(line.points) } : line));
}

function exactly(ns: number) {
  return { estimate: ns, low: ns, high: ns };
}

function kneeNote(points: Line['points']): Html {
  const knee = kneeOf(points);
  return knee === null ? html`no knee` : html`knee at ${quantity(knee, formatBytesPerSec(knee))}`;
}

/** Null where the most load does not take as long, or there is no point to compare with. */
function kneeOf(points: Line['points']): number | null {
  const ordered = points.toSorted((a, b) => a.x - b.x);
  const least = ordered[0]!.timeNs.estimate;
  const last = ordered.findLastIndex(({ timeNs }) => timeNs.estimate < KNEE_FACTOR * least);
  return ordered[last + 1]?.x ?? null;
}
