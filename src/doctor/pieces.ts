import type { Machine } from './machine.ts';

/** Ends the probe where a clock does not get on: some seconds of pieces. */
const MAX_PIECES = 20_000;

/** Does equal pieces of work for about `durationMs`, and says how long each took, in ns. Allocates nothing meanwhile. */
export function timePieces({ nowNs, spin }: Machine, durationMs: number): Float64Array {
  const durations = new Float64Array(MAX_PIECES);
  const start = nowNs();
  let last = start;
  let count = 0;
  while (count < MAX_PIECES && last - start < durationMs * 1e6) {
    spin();
    const now = nowNs();
    durations[count++] = now - last;
    last = now;
  }
  return durations.subarray(0, count);
}
