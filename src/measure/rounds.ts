import { Bench, type Task } from 'tinybench';
import { nowNs } from '../clock.ts';
import type { Random } from '../random.ts';
import type { Tier } from '../results/samples.ts';
import type { MeasuredArm } from './arm.ts';
import { type Batch, warmUp } from './calibrate-batch.ts';

/** One timed sample of one arm. */
export interface TimedSample {
  readonly arm: MeasuredArm;
  readonly round: number;
  readonly durationNs: number;
  readonly operations: number;
  readonly tier: Tier;
  readonly checksum: number;
}

/** Which rounds to run. */
export interface RoundSpan {
  /** Number of the first one. */
  readonly first: number;
  /** Rounds end when this much time has passed, but not before `atLeast` of them. */
  readonly budgetMs: number;
  readonly atLeast: number;
  readonly atMost: number;
}

/** Called between samples, never inside a timed window. True ends the rounds. */
export type Between = (arm: MeasuredArm, phase: 'warm-up' | 'rounds') => boolean;

const NS_PER_MS = 1e6;

/**
 * Arms measured interleaved: every round visits each arm once, so that drift of the machine falls on all alike.
 * Rounds come in pairs: the first in an order drawn anew, the second in its reverse (ABBA), so that a steady drift
 * cancels within the pair. tinybench runs each sample as one iteration of known duration; samples are kept here as
 * well, in the order of time.
 */
export class Rounds {
  readonly samples: TimedSample[] = [];
  private readonly random: Random;
  private readonly between: Between;
  private readonly arms: { readonly arm: MeasuredArm; readonly task: Task; batch: Batch }[];
  private order: Rounds['arms'] = [];
  private round = 0;

  constructor(arms: readonly MeasuredArm[], random: Random, between: Between) {
    this.random = random;
    this.between = between;
    const bench = new Bench({ time: 0, iterations: 1, warmup: false, throws: true });
    this.arms = arms.map((arm, idx) => {
      bench.add(`${idx}`, () => this.sample(idx), { async: false });
      return { arm, task: bench.getTask(`${idx}`)!, batch: { passes: 1, leadPasses: 0 } };
    });
  }

  /** Warms every arm up and finds its batch size. False where `between` ended it. */
  async warmUp(timerNs: number): Promise<boolean> {
    for (const entry of this.arms) {
      await new Promise(setImmediate); // let signals in
      if (this.between(entry.arm, 'warm-up')) return false;
      entry.batch = warmUp(entry.arm, timerNs);
    }
    this.leadAlike();
    return true;
  }

  /** Arms of one workload are led in all or none: one that is a little faster must not find its data hot alone. */
  private leadAlike(): void {
    const byWorkload = Map.groupBy(this.arms, ({ arm: { workload } }) =>
      JSON.stringify([workload.name, workload.params]),
    );
    for (const entries of byWorkload.values()) {
      // By what is compared: noop does next to nothing, and layers are there in one fork only.
      const compared = entries.filter(({ arm }) => arm.layer === undefined && arm.implementation !== 'noop');
      const leadPasses = Math.max(0, ...compared.map(({ batch }) => batch.leadPasses));
      for (const entry of entries) entry.batch = { ...entry.batch, leadPasses };
    }
  }

  /** Runs rounds, and returns how many. */
  async run({ first, budgetMs, atLeast, atMost }: RoundSpan): Promise<number> {
    const start = nowNs();
    const stop = () => this.round - first >= atLeast && (nowNs() - start) / NS_PER_MS >= budgetMs;
    for (this.round = first; this.round < first + atMost && !stop(); this.round++) {
      for (const { arm, task } of this.nextOrder()) {
        if (this.between(arm, 'rounds')) return this.round - first;
        task.reset(false); // a task runs once until it is reset
        task.runSync();
      }
      await new Promise(setImmediate);
    }
    return this.round - first;
  }

  private nextOrder(): Rounds['arms'] {
    this.order = this.round % 2 === 0 ? this.random.shuffle([...this.arms]) : this.order.toReversed();
    return this.order;
  }

  private sample(idx: number) {
    const { arm, batch } = this.arms[idx]!;
    const { passes, leadPasses } = batch;
    if (leadPasses > 0) arm.time(leadPasses);
    const { durationNs, checksum } = arm.time(passes);
    const operations = passes * arm.operations;
    this.samples.push({ arm, round: this.round, durationNs, operations, tier: arm.tier(), checksum });
    const ms = durationNs / NS_PER_MS;
    return { overriddenDuration: ms / operations, overriddenIterationCost: ms };
  }
}
