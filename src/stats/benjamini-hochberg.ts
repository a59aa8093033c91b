/**
 * Many comparisons at once: Y. Benjamini and Y. Hochberg, "Controlling the False Discovery Rate: A Practical and
 * Powerful Approach to Multiple Testing", Journal of the Royal Statistical Society B 57(1), 1995.
 */

/**
 * Which of `pValues` are discoveries, such that of all discoveries a share of at most `rate` is expected to be false;
 * where nothing at all is there, the probability of any discovery is at most `rate`.
 */
export function benjaminiHochberg(pValues: readonly number[], rate: number): boolean[] {
  for (const p of pValues) {
    if (!(p >= 0 && p <= 1)) throw new RangeError(`p-value ${p}: expected a share from 0 to 1`);
  }
  const ascending = pValues.toSorted((a, b) => a - b);
  const last = ascending.findLastIndex((p, i) => p <= ((i + 1) / pValues.length) * rate);
  return pValues.map((p) => last >= 0 && p <= ascending[last]!);
}
