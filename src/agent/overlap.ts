/** How far the agents of a window ran together. */
import { median } from '../stats/median.ts';

/** Of a clock that all threads of the process share. */
export interface Stretch {
  readonly startNs: number;
  readonly endNs: number;
}

/** What an agent was measured in: one stretch, or one for each pass, as many as its fellows have. */
export interface Measured {
  readonly stretches: readonly Stretch[];
}

/** From the first start to the last end, of every pass, in nanoseconds. */
export function spanNs(parts: readonly Measured[]): number {
  return sum(passesOf(parts).map((pass) => Math.max(...endsOf(pass)) - Math.min(...startsOf(pass))));
}

/** Share of that in which all of them ran; 0 where they never did. */
export function overlapOf(parts: readonly Measured[]): number {
  const together = passesOf(parts).map((pass) => Math.min(...endsOf(pass)) - Math.max(...startsOf(pass)));
  return sum(together.map((ns) => Math.max(0, ns))) / spanNs(parts);
}

/** From the first start to the last one, in nanoseconds: the median of passes. */
export function startSkewNs(parts: readonly Measured[]): number {
  return median(passesOf(parts).map((pass) => Math.max(...startsOf(pass)) - Math.min(...startsOf(pass))));
}

/** Time of one agent, in nanoseconds. */
export function busyNs({ stretches }: Measured): number {
  return sum(stretches.map(({ startNs, endNs }) => endNs - startNs));
}

function passesOf(parts: readonly Measured[]): Stretch[][] {
  return parts[0]!.stretches.map((_, i) => parts.map(({ stretches }) => stretches[i]!));
}

const startsOf = (pass: readonly Stretch[]) => pass.map(({ startNs }) => startNs);
const endsOf = (pass: readonly Stretch[]) => pass.map(({ endNs }) => endNs);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
