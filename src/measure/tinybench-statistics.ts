/** What tinybench itself says of samples, for holding its conclusions beside ours. */
import { Bench, type Statistics } from 'tinybench';

/** The statistics that tinybench derives from these durations, in the unit in which they are given. */
export function tinybenchStatistics(durations: readonly number[]): Statistics {
  if (durations.length < 2) throw new RangeError(`${durations.length} samples: expected at least two`);
  const bench = new Bench({ time: 0, iterations: durations.length, warmup: false, throws: true });
  let next = 0;
  const sample = () => {
    const duration = durations[next++ % durations.length]!;
    return { overriddenDuration: duration, overriddenIterationCost: duration };
  };
  bench.add('samples', sample, { async: false });
  bench.runSync();
  const result = bench.getTask('samples')!.result;
  if (!('latency' in result)) throw new Error(`tinybench ended as "${result.state}"`);
  return result.latency;
}
