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
 * Does `operations` of the agent's kernel, straight on memory, and leaves in its block where it goes on. The kernels of a
 * path are inlined here, where their compiler tier can be asked: what exports ask for is no function around them.
 * @returns operations done: fewer where it waited for another agent and was told to stop
 */
export function runDirect(block: usize, operations: u32): u32 {
  const kernel = load<u32>(block, AGENT_KERNEL);
  if (kernel <= <u32>KERNEL_TRIAD) return streams<Direct>(block, kernel, operations);
  if (kernel <= <u32>KERNEL_CHASE_4) return chase<Direct>(block, kernel, operations);
  switch (kernel) {
    case KERNEL_PING_PONG_CAS:
      return pingPongCas<Direct>(block, operations);
    case KERNEL_PING_PONG_ADD:
      return pingPongAdd<Direct>(block, operations);
    case KERNEL_COUNT_CAS:
      return countByCas<Direct>(block, operations);
    case KERNEL_COUNT_ADD:
      return countByAdd<Direct>(block, operations);
    case KERNEL_PRODUCE:
      return produce<Direct>(block, operations);
    case KERNEL_CONSUME:
      return consume<Direct>(block, operations);
    case KERNEL_MIX:
      return mixed<Direct>(block, operations);
    case KERNEL_GUPS:
      return gups<Direct>(block, operations);
    default:
      return common(block, kernel, operations);
  }
}

/** The same through the device. */
export function runEmulated(block: usize, operations: u32): u32 {
  const kernel = load<u32>(block, AGENT_KERNEL);
  if (kernel <= <u32>KERNEL_TRIAD) return streams<Emulated>(block, kernel, operations);
  if (kernel <= <u32>KERNEL_CHASE_4) return chase<Emulated>(block, kernel, operations);
  switch (kernel) {
    case KERNEL_PING_PONG_CAS:
      return pingPongCas<Emulated>(block, operations);
    case KERNEL_PING_PONG_ADD:
      return pingPongAdd<Emulated>(block, operations);
    case KERNEL_COUNT_CAS:
      return countByCas<Emulated>(block, operations);
    case KERNEL_COUNT_ADD:
      return countByAdd<Emulated>(block, operations);
    case KERNEL_PRODUCE:
      return produce<Emulated>(block, operations);
    case KERNEL_CONSUME:
      return consume<Emulated>(block, operations);
    case KERNEL_MIX:
      return mixed<Emulated>(block, operations);
    case KERNEL_GUPS:
      return gups<Emulated>(block, operations);
    default:
      return common(block, kernel, operations);
  }
}

/** Kernels of which a path is no part: functions of their own, which are exported for the same reason. */
function common(block: usize, kernel: u32, operations: u32): u32 {
  if (kernel == KERNEL_REQUEST) return request(block, operations);
  if (kernel == KERNEL_SERVE) return serve(block, operations);
  if (kernel > <u32>KERNEL_READ_LONG) unreachable();
  return litmus(block, kernel, operations);
}
