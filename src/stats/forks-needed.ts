/** How many forks it would take to decide what is inconclusive, judged by how forks differed so far. */
import { DEFAULT_CONFIDENCE, type Estimate } from './bootstrap.ts';
import { FEWEST_FORKS } from './fork-bootstrap.ts';
import { studentQuantile } from './student-t.ts';
import { logMargin } from './verdict.ts';

export interface ForkedRatio {
  /** With the interval of `DEFAULT_CONFIDENCE`. */
  readonly ratio: Estimate;
  readonly forkCount: number;
  readonly margin: number;
  /** Confidence that the verdict is read at. */
  readonly confidence: number;
}

/**
 * Forks after which the interval would no longer reach over the margin, if the ratio and the spread between forks are
 * what they seem: the spread of the estimate shrinks with the square root of the forks, and the quantile of
 * Student's t with it. A guess, since both are estimates themselves.
 *
 * @returns null where that takes more than `mostForks`, as it does for a ratio on the margin, and where one fork says
 * nothing of others
 */
export function forksToDecide(
  { ratio, forkCount, margin, confidence }: ForkedRatio,
  mostForks: number,
): number | null {
  if (forkCount < FEWEST_FORKS) return null;
  const reach = Math.log(ratio.high / ratio.low) / 2;
  const spreadOfOne =
    (reach / studentQuantile((1 - DEFAULT_CONFIDENCE) / 2, forkCount - 1)) * Math.sqrt(forkCount);
  const distance = Math.abs(Math.abs(Math.log(ratio.estimate)) - logMargin(margin));
  const decides = (forks: number) =>
    (studentQuantile((1 - confidence) / 2, forks - 1) * spreadOfOne) / Math.sqrt(forks) <= distance;
  if (!decides(mostForks)) return null;
  // More forks never widen the interval, so the first that suffice are found by halving.
  let tooFew = FEWEST_FORKS - 1;
  let enough = mostForks;
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (decides(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}
