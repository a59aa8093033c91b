/**
 * What a comparison would have concluded with other margins, or of arms that differ by more than these did. A verdict
 * is read at each look until one is reached, so all of it follows from the intervals at the looks.
 */

/** Ends on the scale of log ratios. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** On the scale of log ratios. */
export interface Reach {
  /** The smallest margin at which the comparison comes out `same`. */
  readonly same: number;
  /**
   * By how much a difference has to exceed the margin, and what the arms differ by already, to be found as `slower`,
   * and as `faster`. An earlier look that calls it `same` is left out of account: its interval would have to miss
   * the difference.
   */
  readonly slower: number;
  readonly faster: number;
}

/** @param intervals of one comparison, each at the level of its look, in the order of the looks; at least one */
export function reachOf(intervals: readonly Interval[]): Reach {
  if (intervals.length === 0) throw new RangeError('no look at all: expected at least one interval');
  let same = Number.POSITIVE_INFINITY;
  // A smaller margin than this would have ended the comparison with a difference at an earlier look.
  let beyond = 0;
  for (const { low, high } of intervals) {
    same = Math.min(same, Math.max(beyond, -low, high));
    beyond = Math.max(beyond, low, -high);
  }
  return {
    same,
    slower: -Math.max(...intervals.map(({ low }) => low)),
    faster: Math.min(...intervals.map(({ high }) => high)),
  };
}

/** The smallest of `values` such that at least `share` of them are no larger. */
export function covering(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('no values: expected at least one');
  if (!(share > 0 && share <= 1)) throw new RangeError(`share ${share}: expected above 0, at most 1`);
  const ascending = values.toSorted((a, b) => a - b);
  // Rounded against 0.9 * 10 = 9.000000000000002, which would ask for one more.
  return ascending[Math.ceil(share * values.length - 1e-9) - 1]!;
}
