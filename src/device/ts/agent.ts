import * as layout from '../../../assembly/layout.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import type { AccessBatch } from './access-batch.ts';
import { AgentBlock } from './agent-block.ts';
import { chaseOf } from './agent-chase.ts';
import { AgentLitmus } from './agent-litmus.ts';
import { consume, produce, request, serve } from './agent-messages.ts';
import { AgentStreams } from './agent-streams.ts';
import { countByAdd, countByCas, gups, mixed, pingPongAdd, pingPongCas } from './agent-words.ts';
import type { Regions } from './regions.ts';

type Kernel = (block: AgentBlock, operations: number, batch: AccessBatch) => number;

const KERNELS: Readonly<Record<number, Kernel>> = {
  [layout.KERNEL_PING_PONG_CAS]: pingPongCas,
  [layout.KERNEL_PING_PONG_ADD]: pingPongAdd,
  [layout.KERNEL_COUNT_CAS]: countByCas,
  [layout.KERNEL_COUNT_ADD]: countByAdd,
  [layout.KERNEL_PRODUCE]: produce,
  [layout.KERNEL_CONSUME]: consume,
  [layout.KERNEL_REQUEST]: request,
  [layout.KERNEL_SERVE]: serve,
  [layout.KERNEL_MIX]: mixed,
  [layout.KERNEL_GUPS]: gups,
};

/** What one agent does on the shared memory: a number of operations of one kernel (assembly/layout.ts has its block). */
export class Agent {
  private readonly memory: LinearMemory;
  private readonly regions: Regions;
  private readonly batch: AccessBatch;
  private readonly streams: AgentStreams;
  private readonly litmus: AgentLitmus;

  constructor(memory: LinearMemory, regions: Regions, batch: AccessBatch) {
    this.memory = memory;
    this.regions = regions;
    this.batch = batch;
    this.streams = new AgentStreams(memory.i32, new Float64Array(memory.memory.buffer));
    this.litmus = new AgentLitmus(memory.memory);
  }

  /** Returns the operations done: fewer where it waited for another agent and was told to stop. */
  run(blockAddress: number, operations: number): number {
    const block = new AgentBlock(this.memory, blockAddress, this.regions.byIndex);
    const kernel = block.get(layout.AGENT_KERNEL);
    if (kernel <= layout.KERNEL_TRIAD) {
      this.streams.run(block, kernel, operations);
      return operations;
    }
    if (kernel <= layout.KERNEL_CHASE_4) {
      chaseOf(kernel)(block, operations);
      return operations;
    }
    if (isLitmus(kernel)) {
      this.litmus.run(block, kernel, operations);
      return operations;
    }
    const run = KERNELS[kernel];
    if (run === undefined) throw new RangeError(`kernel ${kernel}: there is none of that number`);
    return run(block, operations, this.batch);
  }

  /** Functions in which a kernel spends its time. */
  codeOf(kernel: number): readonly unknown[] {
    if (kernel <= layout.KERNEL_TRIAD) return [this.streams.codeOf(kernel)];
    if (kernel <= layout.KERNEL_CHASE_4) return [chaseOf(kernel)];
    if (isLitmus(kernel)) return [this.litmus.run];
    return kernel === layout.KERNEL_SERVE ? [serve, this.batch.run] : [KERNELS[kernel]];
  }
}

function isLitmus(kernel: number): boolean {
  return kernel >= layout.KERNEL_WRITE_READ && kernel <= layout.KERNEL_READ_LONG;
}
