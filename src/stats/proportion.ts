/**
 * Exact bounds of a share of which a sample is known: C. J. Clopper and E. S. Pearson, "The use of confidence or
 * fiducial limits illustrated in the case of the binomial", Biometrika 26(4), 1934. With none found of n, the 95 %
 * upper bound is nearly 3/n.
 */
import { logGamma } from './student-t.ts';

/** The share that would show `found` or fewer of `total` with probability 1 - `confidence`: one-sided. */
export function upperBound(found: number, total: number, confidence = 0.95): number {
  expectCounts(found, total);
  return found === total ? 1 : shareAt((share) => atMost(found, total, share) > 1 - confidence);
}

/** The share that would show `found` or more of `total` with probability 1 - `confidence`: one-sided. */
export function lowerBound(found: number, total: number, confidence = 0.95): number {
  return 1 - upperBound(total - found, total, confidence);
}

/** The interval that misses the true share with probability 1 - `confidence` at most, half of it on either side. */
export function shareInterval(
  found: number,
  total: number,
  confidence = 0.95,
): { low: number; high: number } {
  const oneSided = (1 + confidence) / 2;
  return { low: lowerBound(found, total, oneSided), high: upperBound(found, total, oneSided) };
}

/** Where `isBelow` turns from true to false between 0 and 1. */
function shareAt(isBelow: (share: number) => boolean): number {
  let low = 0;
  let high = 1;
  // Halving until nothing lies between: the same bits everywhere.
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
}

/** Probability of `found` or fewer of `total`, each with probability `share`, which lies between 0 and 1. */
function atMost(found: number, total: number, share: number): number {
  const [yes, no] = [Math.log(share), Math.log1p(-share)];
  let sum = 0;
  for (let k = 0; k <= found; k++) {
    const choices = logGamma(total + 1) - logGamma(k + 1) - logGamma(total - k + 1);
    sum += Math.exp(choices + k * yes + (total - k) * no);
  }
  return sum;
}

function expectCounts(found: number, total: number): void {
  if (!Number.isInteger(found) || !Number.isInteger(total) || found < 0 || found > total || total < 1)
    throw new RangeError(`${found} of ${total}: expected whole numbers, at least one in all`);
}
