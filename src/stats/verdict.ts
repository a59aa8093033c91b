/** What may be said of a ratio of times, given a margin within which a difference is none. */

/** Of the candidate: it is faster or slower by more than the margin, the same within it, or that is not known. */
export type Verdict = 'faster' | 'slower' | 'same' | 'inconclusive';

/** Share within which a ratio counts as the same unless a run says otherwise: 1 %. */
export const DEFAULT_MARGIN = 0.01;

/** `margin` on the scale of log ratios, where it reaches as far to one side as to the other. */
export function logMargin(margin: number): number {
  if (!(margin >= 0)) throw new RangeError(`margin ${margin}: expected a share of at least 0, such as 0.01`);
  return Math.log1p(margin);
}

/**
 * The verdict on a log ratio, candidate time over baseline time, that lies from `low` to `high`.
 *
 * `same` where all of the interval is within the margin, `slower` or `faster` where all of it is beyond, on that
 * side: a minimum-effect test with the equivalence test that belongs to it. So a growing margin only ever leads from
 * `faster` or `slower` over `inconclusive` to `same`. An end that lies exactly on the margin counts as within.
 */
export function verdictOf({ low, high }: { low: number; high: number }, margin: number): Verdict {
  const bound = logMargin(margin);
  if (low > bound) return 'slower';
  if (high < -bound) return 'faster';
  return low >= -bound && high <= bound ? 'same' : 'inconclusive';
}
