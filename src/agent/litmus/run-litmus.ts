/** Litmus tests on a pool of agents: what was seen, and what may be said of it. */
import * as layout from '../../../assembly/layout.ts';
import type { AgentImplementation } from '../../device/agent-model.ts';
import type { DeviceSpec } from '../../device/device-spec.ts';
import type { Tier } from '../../results/samples.ts';
import { AgentPool, type LitmusPlan } from '../pool.ts';
import { type LitmusTest, type Thread, VARIABLE_NAMES } from './tests.ts';
import { type Observed, valuesOf } from './trials.ts';

/** Few enough that agents which start together stay together. */
const SLOTS = 512;
/** Agents that share a processor have to be at it for longer than one of them takes to wake up. */
const OVERSUBSCRIBED_SLOTS = 16_384;
const SLOT_BYTES = 64;
/** Behind the slots of a variable: room for what reaches over its line, and another place in pages than the next one's. */
const GAP_BYTES = 192;

export interface LitmusOutcome {
  /** In the order of threads and reads, finals behind them; TORN where halves differ. */
  readonly values: readonly number[];
  readonly count: number;
}

export interface LitmusRun {
  readonly test: LitmusTest;
  readonly trials: number;
  readonly weak: number;
  readonly outcomes: readonly LitmusOutcome[];
  readonly tier: Tier;
}

/**
 * `fault`: what no model allows. `not shown`: nothing was seen, and what would have shown the control did not either, or
 * there were not processors enough for all threads to run at the same time.
 */
export type LitmusVerdict = 'none seen' | 'seen, as allowed' | 'allowed, none seen' | 'fault' | 'not shown';

/** @param controls each of which has to have fired */
export function verdictOf(
  { test, weak }: Pick<LitmusRun, 'test' | 'weak'>,
  controls: readonly Pick<LitmusRun, 'weak'>[],
  isOversubscribed: boolean,
): LitmusVerdict {
  if (weak > 0) return test.model === 'allowed' ? 'seen, as allowed' : 'fault';
  if (isOversubscribed || controls.some((control) => control.weak === 0)) return 'not shown';
  return test.model === 'allowed' ? 'allowed, none seen' : 'none seen';
}

/** Litmus tests of one implementation that need the same number of agents, on one pool. */
export class LitmusBench {
  private readonly pool: AgentPool;
  private readonly slots: number;

  /** @throws BarometerError where the memory does not suffice */
  constructor(spec: DeviceSpec, implementation: AgentImplementation, agentCount: number) {
    const variables = VARIABLE_NAMES.length;
    this.pool = new AgentPool({
      spec,
      implementation,
      agentCount,
      rangeBytes: variables * variableBytes(OVERSUBSCRIBED_SLOTS),
      otherBytes: agentCount * OVERSUBSCRIBED_SLOTS * layout.LITMUS_REGISTER_BYTES,
    });
    this.slots = this.pool.isOversubscribed ? OVERSUBSCRIBED_SLOTS : SLOTS;
  }

  get pinning(): string {
    return this.pool.pinning;
  }

  get isOversubscribed(): boolean {
    return this.pool.isOversubscribed;
  }

  /**
   * As many trials, or a few more; fewer where it was stopped, and null where it had none.
   * @throws BarometerError where a worker ends before they do
   */
  async run(test: LitmusTest, trials: number): Promise<LitmusRun | null> {
    const { slots } = this;
    const chunks = Math.ceil(trials / slots);
    const results = await this.pool.runLitmus(this.plan(test), chunks, slots);
    const { counts, tier } = results[0]!;
    const observedCount = observedIn(test);
    const outcomes = counts
      .map((count, code) => ({ values: valuesOf(code, observedCount), count }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count);
    const weak = outcomes.filter(({ values }) => test.isWeak(values));
    const done = totalOf(outcomes);
    return done === 0 ? null : { test, trials: done, weak: totalOf(weak), outcomes, tier };
  }

  private plan(test: LitmusTest): LitmusPlan[] {
    const { threads, finals, widthBytes } = test;
    const registers = threads.flatMap((thread, i) => {
      const reads = thread.filter(({ kind }) => kind === 'read');
      return reads.map((_, k) => {
        const strideBytes = layout.LITMUS_REGISTER_BYTES;
        return { address: this.registers(i) + 4 * k, strideBytes, widthBytes };
      });
    });
    const last = finals.map((variable): Observed => {
      const address = this.pool.range.address + this.placeOf(variable, test);
      return { address, strideBytes: SLOT_BYTES, widthBytes };
    });
    return threads.map((thread, i) => ({
      task: {
        kernel: kernelOf(thread, test),
        strideBytes: SLOT_BYTES,
        bufferAddress: this.registers(i),
        litmus: {
          firstBytes: this.placeOf(thread[0].variable, test),
          secondBytes: this.placeOf(thread[1]?.variable ?? 0, test),
          firstValue: thread[0].value,
          secondValue: thread[1]?.value ?? 0,
          isFirstAtomic: thread[0].isAtomic,
          isSecondAtomic: thread[1]?.isAtomic ?? false,
        },
      },
      // Variable i lies in the caches of agent i when a chunk begins.
      own: {
        address: this.pool.range.address + i * variableBytes(this.slots),
        sizeBytes: variableBytes(this.slots),
      },
      observed: i === 0 ? [...registers, ...last] : [],
    }));
  }

  /** Byte of the range at which the first slot has a variable. */
  private placeOf(variable: number, { atBytes }: LitmusTest): number {
    return variable * variableBytes(this.slots) + atBytes;
  }

  private registers(threadIdx: number): number {
    return this.pool.otherAddress + threadIdx * this.slots * layout.LITMUS_REGISTER_BYTES;
  }

  stop(): void {
    this.pool.stop();
  }

  async close(): Promise<void> {
    await this.pool.close();
  }
}

function totalOf(outcomes: readonly LitmusOutcome[]): number {
  return outcomes.reduce((sum, { count }) => sum + count, 0);
}

function variableBytes(slots: number): number {
  return slots * SLOT_BYTES + GAP_BYTES;
}

function observedIn({ threads, finals }: LitmusTest): number {
  return threads.flat().filter(({ kind }) => kind === 'read').length + finals.length;
}

const KERNELS: Readonly<Record<string, number>> = {
  'write read': layout.KERNEL_WRITE_READ,
  'write write': layout.KERNEL_WRITE_WRITE,
  'read read': layout.KERNEL_READ_READ,
  'read write': layout.KERNEL_READ_WRITE,
  write: layout.KERNEL_WRITE_ONE,
  add: layout.KERNEL_ADD_ONE,
};
const LONG_KERNELS: Readonly<Record<string, number>> = {
  write: layout.KERNEL_WRITE_LONG,
  read: layout.KERNEL_READ_LONG,
};

function kernelOf(thread: Thread, { name, widthBytes }: LitmusTest): number {
  const kinds = thread.map(({ kind }) => kind).join(' ');
  const found = widthBytes === 8 ? LONG_KERNELS[kinds] : KERNELS[kinds];
  if (found === undefined) throw new RangeError(`${name}: no kernel for a thread that does ${kinds}`);
  return found;
}
