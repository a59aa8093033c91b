import { Bench, type Task } from 'tinybench';
import type { Random } from '../random.ts';
import type { Tier } from '../results/samples.ts';
import type { MeasuredArm } from './arm.ts';
import { type Batch, warmUp } from './calibrate-batch.ts';
import { RoundOrder, type RoundSpan } from './round-order.ts';

/** One timed sample of one arm. */
export interface TimedSample {
  readonly arm: MeasuredArm;
  readonly round: number;
  readonly durationNs: number;
  readonly operations: number;
  readonly tier: Tier;
  readonly checksum: number;
}

/** Called between samples, never inside a timed window. True ends the rounds. */
export type Between = (arm: MeasuredArm, phase: 'warm-up' | 'rounds') => boolean;

const NS_PER_MS = 1e6;

/**
 * Arms measured interleaved, in the order of `RoundOrder`. tinybench runs each sample as one iteration of known
 * duration; samples are kept here as well, in the order of time.
 */
export class Rounds {
  readonly samples: TimedSample[] = [];
  private readonly order: RoundOrder<Rounds['arms'][number]>;
  private readonly between: Between;
  private readonly arms: { readonly arm: MeasuredArm; readonly task: Task; batch: Batch }[];
  private round = 0;

  constructor(arms: readonly MeasuredArm[], random: Random, between: Between) {
    this.order = new RoundOrder(random);
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
  async run(span: RoundSpan): Promise<number> {
    return await this.order.run(this.arms, span, ({ arm, task }, round) => {
      if (this.between(arm, 'rounds')) return false;
      this.round = round;
      task.reset(false); // a task runs once until it is reset
      task.runSync();
      return true;
    });
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
