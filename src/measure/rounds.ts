import { Bench } from 'tinybench';
import { nowNs } from '../clock.ts';
import type { Random } from '../random.ts';
import type { Tier } from '../results/samples.ts';
import type { MeasuredArm } from './arm.ts';
import { warmUp } from './calibrate-batch.ts';

/** One timed sample of one arm. */
export interface TimedSample {
  readonly arm: MeasuredArm;
  readonly round: number;
  readonly durationNs: number;
  readonly operations: number;
  readonly tier: Tier;
  readonly checksum: number;
}

export interface RoundOptions {
  readonly random: Random;
  readonly timerNs: number;
  /** Rounds end when this much time has passed, but not before `minRounds`. */
  readonly budgetMs: number;
  readonly minRounds: number;
  readonly maxRounds: number;
  /** Called between samples, never inside a timed window. True ends the rounds. */
  readonly between: (arm: MeasuredArm, phase: 'warm-up' | 'rounds') => boolean;
}

const NS_PER_MS = 1e6;

/**
 * Measures arms interleaved: every round visits each arm once, in an order drawn anew, so that drift of the
 * machine falls on all alike. tinybench runs each sample as one iteration of known duration; samples are kept
 * here as well, in the order of time.
 */
export async function measureRounds(
  arms: readonly MeasuredArm[],
  options: RoundOptions,
): Promise<TimedSample[]> {
  const { random, between } = options;
  const samples: TimedSample[] = [];
  const start = nowNs();
  const passes = new Map<MeasuredArm, number>();
  for (const arm of arms) {
    await new Promise(setImmediate); // let signals in
    if (between(arm, 'warm-up')) return samples;
    passes.set(arm, warmUp(arm, options.timerNs));
  }
  let round = 0;
  const bench = new Bench({ time: 0, iterations: 1, warmup: false, throws: true });
  const tasks = arms.map((arm, idx) => {
    bench.add(
      `${idx}`,
      () => {
        const count = passes.get(arm)!;
        const { durationNs, checksum } = arm.time(count);
        const operations = count * arm.operations;
        samples.push({ arm, round, durationNs, operations, tier: arm.tier(), checksum });
        const ms = durationNs / NS_PER_MS;
        return { overriddenDuration: ms / operations, overriddenIterationCost: ms };
      },
      { async: false },
    );
    return { arm, task: bench.getTask(`${idx}`)! };
  });
  const stop = () => round >= options.minRounds && (nowNs() - start) / NS_PER_MS >= options.budgetMs;
  for (; round < options.maxRounds && !stop(); round++) {
    for (const { arm, task } of random.shuffle([...tasks])) {
      if (between(arm, 'rounds')) return samples;
      task.reset(false); // a task runs once until it is reset
      task.runSync();
    }
    await new Promise(setImmediate);
  }
  return samples;
}
