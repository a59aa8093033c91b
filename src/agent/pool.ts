/** A pool of agents: worker threads on one memory with one device in it. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Piscina } from 'piscina';
import * as layout from '../../assembly/layout.ts';
import type { AgentImplementation } from '../device/agent-model.ts';
import { Device } from '../device/device.ts';
import type { DeviceSpec } from '../device/device-spec.ts';
import { deviceMemoryBytes } from '../device/state-block.ts';
import { coreModule } from '../device/wasm/module.ts';
import { BarometerError } from '../errors.ts';
import { Histogram } from '../histogram/histogram.ts';
import { LATENCY_LAYOUT, ROW_ALIGN_BYTES, rowBytes } from '../histogram/layout.ts';
import { LinearMemory, type MemoryRange } from '../memory/linear-memory.ts';
import { enableMemory, PAGE_BYTES } from '../workload/workbench.ts';
import { type AccessPath, type AgentTask, writeBlock } from './block.ts';
import { Control, controlBytes } from './control.ts';
import type { LitmusPart, Observed } from './litmus/trials.ts';
import { allowedProcessors, coresFirst } from './pinning.ts';
import type { Ending } from './window.ts';
import type { LitmusResult, PoolResult, PoolTask, Shared } from './worker.ts';
import { takeRange, type WorkingRange } from './working-range.ts';

// The tests run src/, where workers cannot: they take what the build made of it.
const WORKERS = ['./worker.js', '../../dist/src/agent/worker.js'];

/**
 * V8 optimises a function in WebAssembly when its calls have used this up, which a kernel of long loops does slowly: with
 * the usual 13,000,000 after 100,000 calls, whatever its loops do.
 */
const TIERING_BUDGET = 10_000;
/** An agent that sleeps wakes late; one that spins keeps another from its core. */
const SPIN_MS = 20;
const OVERSUBSCRIBED_SPIN_MS = 0.05;

export interface PoolOptions {
  readonly spec: DeviceSpec;
  readonly implementation: AgentImplementation;
  readonly agentCount: number;
  /** Bytes of device memory that agents work on, at most. */
  readonly rangeBytes: number;
  /** Bytes for tables and rings beside it. */
  readonly otherBytes?: number;
  /** Where the agents run, one each; cores of their own unless given. */
  readonly processors?: readonly number[];
}

export interface AgentPlan {
  readonly task: AgentTask;
  readonly ending: Ending;
  readonly chunkOperations: number;
  /** From the intended start of one chunk to that of the next; each begins when the last one has ended unless given. */
  readonly intervalNs?: number;
  /** Whether it reads whole lines for the load that it makes, beside those whose operations are counted. */
  readonly isLoad?: boolean;
  /** Before each pass; at most MOST_STEPS, and as many as all other agents have. */
  readonly preparing?: readonly (PlannedStep | null)[];
}

export interface PlannedStep {
  readonly task: AgentTask;
  readonly operations: number;
}

/** Of the preparation of a pass. */
const MOST_STEPS = 2;
const BLOCKS_PER_AGENT = 1 + MOST_STEPS;

/** One thread of a litmus test. */
export interface LitmusPlan {
  readonly task: AgentTask;
  readonly own: MemoryRange;
  readonly observed: readonly Observed[];
}

export interface AgentResult extends PoolResult {
  /** Fields of the block that an invariant looks at. */
  readonly checksum: number;
  readonly failures: number;
  readonly chains: readonly number[];
  readonly random: bigint;
  /** Times of operations in nanoseconds: means of chunks. */
  readonly times: Histogram;
}

export class AgentPool {
  readonly memory: LinearMemory;
  readonly range: WorkingRange;
  readonly device: Device;
  /** Of `otherBytes` that belong to whoever plans a window. */
  readonly otherAddress: number;
  private readonly options: PoolOptions;
  private readonly control: Control;
  private readonly blocks: MemoryRange;
  private readonly times: readonly MemoryRange[];
  private readonly piscina: Piscina;
  /** Why its agents could not be pinned, once they have run. */
  notPinned: string | null = null;
  private readonly processors: readonly number[];

  /** @throws BarometerError where the memory does not suffice */
  constructor(options: PoolOptions) {
    const { spec, implementation, agentCount, rangeBytes } = options;
    this.options = options;
    this.processors = options.processors ?? coresFirst(allowedProcessors());
    setFlagsFromString(`--wasm-tiering-budget=${TIERING_BUDGET}`);
    // One page more: the frame of zeros, which pages share that were never written.
    const frameBytes = (Math.ceil(rangeBytes / PAGE_BYTES) + 1) * PAGE_BYTES;
    const agentBytes = BLOCKS_PER_AGENT * layout.AGENT_BYTES + rowBytes(LATENCY_LAYOUT) + ROW_ALIGN_BYTES;
    const bytes = deviceMemoryBytes(spec, frameBytes) + agentCount * agentBytes + (options.otherBytes ?? 0);
    this.memory = new LinearMemory(bytes + controlBytes(agentCount) + PAGE_BYTES);
    const isFlat = spec.regions.some(({ backing }) => backing === 'flat');
    this.device = new Device(spec, implementation, this.memory, isFlat ? 0 : frameBytes);
    enableMemory(this.device);
    this.range = takeRange(this.device, rangeBytes);
    const control = this.memory.allocate(controlBytes(agentCount), layout.AGENT_BYTES).address;
    this.control = new Control(this.memory, control, agentCount);
    this.otherAddress = this.memory.allocate(options.otherBytes ?? 0, layout.AGENT_BYTES).address;
    this.blocks = this.memory.allocate(
      agentCount * BLOCKS_PER_AGENT * layout.AGENT_BYTES,
      layout.AGENT_BYTES,
    );
    this.times = Array.from({ length: agentCount }, () =>
      this.memory.allocate(rowBytes(LATENCY_LAYOUT), ROW_ALIGN_BYTES),
    );
    this.piscina = this.open(control);
  }

  /** Whether there are more agents than processors that they may use. Then nobody is pinned. */
  get isOversubscribed(): boolean {
    return this.options.agentCount > Math.max(this.processors.length, 1);
  }

  /** Where the agents run: on which processors, one each, or why not. */
  get pinning(): string {
    if (this.isOversubscribed)
      return `oversubscribed: ${this.options.agentCount} agents on ${this.processors.length} processors`;
    const own = this.processors.slice(0, this.options.agentCount);
    return this.notPinned ?? `processor${own.length === 1 ? '' : 's'} ${own.join(', ')}`;
  }

  private open(controlAddress: number): Piscina {
    const { spec, implementation, agentCount } = this.options;
    const workerData: Shared = {
      memory: this.memory.memory,
      module: coreModule(),
      implementation,
      stateBlock: this.device.placement.stateBlock,
      spec,
      controlAddress,
      agentCount,
      processors: this.isOversubscribed ? [] : this.processors,
    };
    return new Piscina({
      filename: workerPath(),
      workerData,
      // Each task has a thread of its own, or the agents of a window would wait for one that cannot start.
      minThreads: agentCount,
      maxThreads: agentCount,
      concurrentTasksPerWorker: 1,
      atomics: 'disabled',
    });
  }

  /**
   * One window: all agents start together and do what is planned for them, one plan each.
   * @throws BarometerError where a worker ends before the window does
   */
  async run(plans: readonly AgentPlan[], path: AccessPath, durationMs: number): Promise<AgentResult[]> {
    const { agentCount } = this.options;
    if (plans.length !== agentCount) {
      throw new RangeError(`${plans.length} plans for a pool of ${agentCount} agents`);
    }
    this.control.reset();
    const asking = plans.filter(({ ending }) => ending !== 'serves').length;
    let finished = 0;
    const poolTasks = plans.map((plan, index) => this.prepare(plan, index, plans.length, path, durationMs));
    const results = await this.runAll<PoolTask, PoolResult>('default', poolTasks, (agentIdx) => {
      if (plans[agentIdx]!.ending !== 'serves' && ++finished === asking) this.control.endServing();
    });
    return results.map((result, i) => this.resultOf(result, i));
  }

  /**
   * Trials of a litmus test, one plan for each thread of it.
   * @throws BarometerError where a worker ends before they do
   */
  async runLitmus(plans: readonly LitmusPlan[], chunks: number, slots: number): Promise<LitmusResult[]> {
    this.control.reset();
    const place = { path: 'direct', stopAddress: this.control.stopAddress } as const;
    const parts = plans.map(({ task, own, observed }, index): LitmusPart => {
      const blockAddress = this.blockAddress(index);
      writeBlock(this.memory, blockAddress, this.range, task, place);
      const { length: agentCount } = plans;
      return { blockAddress, agentCount, spinMs: this.spinMs, chunks, slots, own, observed };
    });
    return this.runAll<LitmusPart, LitmusResult>('litmus', parts, () => {});
  }

  /** One task a thread: none ends before all have begun. Results are in the order of parts. */
  private async runAll<Part, Result extends Pick<PoolResult, 'agentIdx' | 'notPinned'>>(
    name: string,
    parts: readonly Part[],
    onEnd: (agentIdx: number) => void,
  ): Promise<Result[]> {
    const settled = await Promise.allSettled(
      parts.map(async () => {
        try {
          const result = (await this.piscina.run({ parts }, { name })) as Result;
          onEnd(result.agentIdx);
          return result;
        } catch (error) {
          // The others wait for it, at the start or in their kernels.
          this.control.stop();
          throw error;
        }
      }),
    );
    const failed = settled.find((one) => one.status === 'rejected');
    if (failed) throw agentFailure(failed.reason);
    const results = settled.map((one) => (one as PromiseFulfilledResult<Result>).value);
    this.notPinned ??= results.find(({ notPinned }) => notPinned !== null)?.notPinned ?? null;
    return results.sort((a, b) => a.agentIdx - b.agentIdx);
  }

  private blockAddress(index: number): number {
    return this.blocks.address + index * BLOCKS_PER_AGENT * layout.AGENT_BYTES;
  }

  private get spinMs(): number {
    return this.isOversubscribed ? OVERSUBSCRIBED_SPIN_MS : SPIN_MS;
  }

  /** Everything that an agent finds in memory, before any of them starts. */
  private prepare(
    { task, ending, chunkOperations, intervalNs = 0, preparing = [] }: AgentPlan,
    index: number,
    agentCount: number,
    path: AccessPath,
    durationMs: number,
  ): PoolTask {
    const stopAddress = ending === 'serves' ? this.control.servedAddress : this.control.stopAddress;
    const place = { path, stopAddress };
    const blockAddress = this.blockAddress(index);
    writeBlock(this.memory, blockAddress, this.range, task, place);
    if (preparing.length > MOST_STEPS)
      throw new RangeError(`${preparing.length} steps, at most ${MOST_STEPS}`);
    const steps = preparing.map((step, i) => {
      if (step === null) return null;
      const address = blockAddress + (1 + i) * layout.AGENT_BYTES;
      writeBlock(this.memory, address, this.range, step.task, place);
      return { blockAddress: address, operations: step.operations };
    });
    const timesAddress = this.times[index]!.address;
    Histogram.create(LATENCY_LAYOUT, { buffer: this.memory.memory.buffer, byteOffset: timesAddress });
    const { spinMs } = this;
    const part = {
      ...{ index, blockAddress, agentCount, chunkOperations, durationMs, ending, spinMs, intervalNs },
      preparing: steps,
    };
    return { part, timesAddress };
  }

  private resultOf(result: PoolResult, index: number): AgentResult {
    const block = this.blockAddress(index);
    const field = (at: number) => this.memory.view.getUint32(block + at, true);
    const row = { buffer: this.memory.memory.buffer, byteOffset: this.times[index]!.address };
    const times = Histogram.create();
    Histogram.attach(row).mergeInto(times);
    return {
      ...result,
      checksum: field(layout.AGENT_CHECKSUM),
      failures: field(layout.AGENT_FAILURES),
      chains: [0, 4, 8, 12].map((at) => field(layout.AGENT_CHAINS + at)),
      random: this.memory.view.getBigUint64(block + layout.AGENT_RANDOM, true),
      times,
    };
  }

  /** Ends the window before its time; its results say so. */
  stop(): void {
    this.control.stop();
  }

  /** Ends all threads, whatever they do. */
  async close(): Promise<void> {
    this.control.stop();
    await this.piscina.destroy();
  }
}

function workerPath(): string {
  const paths = WORKERS.map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const found = paths.find(existsSync);
  if (!found) throw new BarometerError(`${paths[0]} is missing; build it with: npm run build`);
  return found;
}

function agentFailure(reason: unknown): BarometerError {
  const message = reason instanceof Error ? reason.message : String(reason);
  return new BarometerError(`an agent ended in the middle of its window: ${message}`);
}
