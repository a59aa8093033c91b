/** Order statistics. They describe skewed, long-tailed timings better than a mean does. */

/**
 * The p-quantile of `sorted` by linear interpolation between the closest ranks: definition 7 of
 * R. J. Hyndman and Y. Fan, "Sample quantiles in statistical packages", The American Statistician 50(4), 1996;
 * the default of R, NumPy and spreadsheets.
 *
 * @param sorted values in ascending order, at least one
 * @param p from 0 (the smallest) to 1 (the largest)
 */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) throw new RangeError('quantile of no values');
  if (!(p >= 0 && p <= 1)) throw new RangeError(`quantile ${p}: expected a share from 0 to 1`);
  const rank = (sorted.length - 1) * p;
  const below = sorted[Math.floor(rank)]!;
  const above = sorted[Math.ceil(rank)]!;
  // Equal neighbours are returned as they are: interpolation could round them apart.
  return below === above ? below : below + (above - below) * (rank - Math.floor(rank));
}

/** The p-quantile of `values` in any order; see `quantileOfSorted`. */
export function quantile(values: ArrayLike<number>, p: number): number {
  return quantileOfSorted(sortedCopy(values), p);
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/** `values` in ascending order, in a new array. Throws RangeError for a value that is not finite. */
export function sortedCopy(values: ArrayLike<number>): Float64Array {
  const sorted = new Float64Array(values).sort();
  // Typed arrays sort -Infinity first, Infinity and then NaN last.
  for (const end of [sorted[0], sorted.at(-1)]) {
    if (end !== undefined && !Number.isFinite(end))
      throw new RangeError(`a sample is ${end}: expected a finite number`);
  }
  return sorted;
}
