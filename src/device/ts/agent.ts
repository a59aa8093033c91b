import * as layout from '../../../assembly/layout.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import type { AccessBatch } from './access-batch.ts';
import { AgentBlock } from './agent-block.ts';
import { chase } from './agent-chase.ts';
import { consume, produce, request, serve } from './agent-messages.ts';
import { AgentStreams } from './agent-streams.ts';
import { countByAdd, countByCas, gups, mixed, pingPongAdd, pingPongCas } from './agent-words.ts';
import type { Regions } from './regions.ts';

/** What one agent does on the shared memory: a number of operations of one kernel (assembly/layout.ts has its block). */
export class Agent {
  private readonly memory: LinearMemory;
  private readonly regions: Regions;
  private readonly batch: AccessBatch;
  private readonly streams: AgentStreams;

  constructor(memory: LinearMemory, regions: Regions, batch: AccessBatch) {
    this.memory = memory;
    this.regions = regions;
    this.batch = batch;
    this.streams = new AgentStreams(memory.i32, new Float64Array(memory.memory.buffer));
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
      chase(block, kernel, operations);
      return operations;
    }
    switch (kernel) {
      case layout.KERNEL_PING_PONG_CAS:
        return pingPongCas(block, operations);
      case layout.KERNEL_PING_PONG_ADD:
        return pingPongAdd(block, operations);
      case layout.KERNEL_COUNT_CAS:
        return countByCas(block, operations);
      case layout.KERNEL_COUNT_ADD:
        return countByAdd(block, operations);
      case layout.KERNEL_PRODUCE:
        return produce(block, operations);
      case layout.KERNEL_CONSUME:
        return consume(block, operations);
      case layout.KERNEL_REQUEST:
        return request(block, operations);
      case layout.KERNEL_SERVE:
        return serve(block, operations, this.batch);
      case layout.KERNEL_MIX:
        return mixed(block, operations);
      case layout.KERNEL_GUPS:
        return gups(block, operations);
      default:
        throw new RangeError(`kernel ${kernel}: there is none of that number`);
    }
  }
}
