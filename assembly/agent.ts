// What one agent does on the shared memory (layout.ts has its block): a number of operations of one kernel.
import { chase } from './agent-chase';
import { litmus } from './agent-litmus';
import { consume, produce, request, serve } from './agent-messages';
import { streams } from './agent-streams';
import { countByAdd, countByCas, gups, mixed, pingPongAdd, pingPongCas } from './agent-words';
import {
  AGENT_KERNEL,
  KERNEL_CHASE_4,
  KERNEL_CONSUME,
  KERNEL_COUNT_ADD,
  KERNEL_COUNT_CAS,
  KERNEL_GUPS,
  KERNEL_MIX,
  KERNEL_PING_PONG_ADD,
  KERNEL_PING_PONG_CAS,
  KERNEL_PRODUCE,
  KERNEL_READ_LONG,
  KERNEL_REQUEST,
  KERNEL_SERVE,
  KERNEL_TRIAD,
} from './layout';

// The paths of agent-place.ts.
type Direct = u32;
type Emulated = u64;

/**
 * Does `operations` of the agent's kernel, straight on memory, and leaves in its block where it goes on. All kernels of a
 * path are inlined into one function, whose compiler tier can be asked.
 * @returns operations done: fewer where it waited for another agent and was told to stop
 */
export function runDirect(block: usize, operations: u32): u32 {
  return run<Direct>(block, load<u32>(block, AGENT_KERNEL), operations);
}

/** The same through the device. */
export function runEmulated(block: usize, operations: u32): u32 {
  return run<Emulated>(block, load<u32>(block, AGENT_KERNEL), operations);
}

function run<Path>(block: usize, kernel: u32, operations: u32): u32 {
  if (kernel <= <u32>KERNEL_TRIAD) {
    streams<Path>(block, kernel, operations);
    return operations;
  }
  if (kernel <= <u32>KERNEL_CHASE_4) {
    chase<Path>(block, kernel, operations);
    return operations;
  }
  if (kernel > <u32>KERNEL_GUPS && kernel <= <u32>KERNEL_READ_LONG) {
    litmus(block, kernel, operations);
    return operations;
  }
  switch (kernel) {
    case KERNEL_PING_PONG_CAS:
      return pingPongCas<Path>(block, operations);
    case KERNEL_PING_PONG_ADD:
      return pingPongAdd<Path>(block, operations);
    case KERNEL_COUNT_CAS:
      return countByCas<Path>(block, operations);
    case KERNEL_COUNT_ADD:
      return countByAdd<Path>(block, operations);
    case KERNEL_PRODUCE:
      return produce<Path>(block, operations);
    case KERNEL_CONSUME:
      return consume<Path>(block, operations);
    case KERNEL_REQUEST:
      return request(block, operations);
    case KERNEL_SERVE:
      return serve(block, operations);
    case KERNEL_MIX:
      return mixed<Path>(block, operations);
    case KERNEL_GUPS:
      return gups<Path>(block, operations);
    default:
      unreachable();
  }
  return 0;
}
