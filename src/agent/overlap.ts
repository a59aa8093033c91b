/** How far the agents of a window ran together. */

interface Stretch {
  readonly startNs: number;
  readonly endNs: number;
}

/** From the first start to the last end, in nanoseconds. */
export function spanNs(parts: readonly Stretch[]): number {
  return Math.max(...parts.map(({ endNs }) => endNs)) - Math.min(...parts.map(({ startNs }) => startNs));
}

/** Share of that in which all of them ran; 0 where they never did. */
export function overlapOf(parts: readonly Stretch[]): number {
  const together =
    Math.min(...parts.map(({ endNs }) => endNs)) - Math.max(...parts.map(({ startNs }) => startNs));
  return Math.max(0, together) / spanNs(parts);
}

/** From the first start to the last one, in nanoseconds. */
export function startSkewNs(parts: readonly Stretch[]): number {
  const starts = parts.map(({ startNs }) => startNs);
  return Math.max(...starts) - Math.min(...starts);
}
