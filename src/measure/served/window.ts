/** The timed windows on a served device. What is timed is a round trip: this client, the kernel, and the server. */
import { nowNs } from '../../clock.ts';
import type { Histogram } from '../../histogram/histogram.ts';

/** One request and its answer. */
export type Operation = () => Promise<void>;

/** One after the other, each with its latency. Returns nanoseconds. */
export async function timeOneByOne(
  operation: Operation,
  count: number,
  latencies: Histogram,
): Promise<number> {
  const start = nowNs();
  let before = start;
  for (let i = 0; i < count; i++) {
    await operation();
    const after = nowNs();
    latencies.record(after - before);
    before = after;
  }
  return before - start;
}

/** `inFlight` of them on their way for as long as there are so many left. Returns nanoseconds. */
export async function timeInFlight(operation: Operation, count: number, inFlight: number): Promise<number> {
  let left = count;
  const lane = async () => {
    while (left > 0) {
      left--;
      await operation();
    }
  };
  const start = nowNs();
  await Promise.all(Array.from({ length: inFlight }, lane));
  return nowNs() - start;
}
