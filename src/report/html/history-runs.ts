/** Runs and changes of a series, in words. */
import type { HistorySeries } from '../../results/history-document.ts';
import { formatCount } from '../../units.ts';
import { fullLabel } from '../labels.ts';

/** Runs that a drawing has room for: the last ones. */
export const MOST_RUNS = 100;

type Run = HistorySeries['points'][number];

export interface ShownRuns {
  /** Index of the first of them in the series. */
  readonly first: number;
  readonly points: readonly Run[];
}

export function shownRuns({ points }: HistorySeries): ShownRuns {
  const first = Math.max(0, points.length - MOST_RUNS);
  return { first, points: points.slice(first) };
}

/** `The last 100 of 300 runs`; null where all are drawn. */
export function leftOutText({ points }: HistorySeries): string | null {
  if (points.length <= MOST_RUNS) return null;
  return `The last ${formatCount(MOST_RUNS)} of ${formatCount(points.length)} runs`;
}

export function seriesName({ workload, params, conditions }: HistorySeries): string {
  return fullLabel(workload, params, { policy: String(conditions.policy) });
}

/** What changed last comes first; of one day, what changed most. */
export function inOrderOfChange(series: readonly HistorySeries[]): HistorySeries[] {
  const dayOf = ({ changes }: HistorySeries) => changes.at(-1)!.createdAt.slice(0, 10);
  const sizeOf = ({ changes }: HistorySeries) => Math.abs(Math.log(changes.at(-1)!.ratio));
  return series.toSorted((a, b) => dayOf(b).localeCompare(dayOf(a)) || sizeOf(b) - sizeOf(a));
}

export function buildText({ build, commit }: Run): string {
  return [build, commit].filter(Boolean).join(', ');
}
