// Dependent loads: a word in each line of a range names the next one, in one random cycle. Several chains go round the
// same cycle from other places, and their loads overlap. An operation is a hop of one chain.
import { toRead } from './agent-place';
import { AGENT_CHAINS, KERNEL_CHASE, KERNEL_CHASE_2 } from './layout';

export function chase<Path>(block: usize, kernel: u32, operations: u32): u32 {
  if (kernel == KERNEL_CHASE) chase1<Path>(block, operations);
  else if (kernel == KERNEL_CHASE_2) chase2<Path>(block, operations);
  else chase4<Path>(block, operations);
  return operations;
}

function chase1<Path>(block: usize, operations: u32): void {
  let a = load<u32>(block, AGENT_CHAINS);
  for (let i: u32 = 0; i < operations; i++) a = load<u32>(toRead<Path>(block, a, 4));
  store<u32>(block, a, AGENT_CHAINS);
}

function chase2<Path>(block: usize, operations: u32): void {
  let a = load<u32>(block, AGENT_CHAINS);
  let b = load<u32>(block, AGENT_CHAINS + 4);
  for (let i: u32 = 0; i < operations; i += 2) {
    a = load<u32>(toRead<Path>(block, a, 4));
    b = load<u32>(toRead<Path>(block, b, 4));
  }
  store<u32>(block, a, AGENT_CHAINS);
  store<u32>(block, b, AGENT_CHAINS + 4);
}

function chase4<Path>(block: usize, operations: u32): void {
  let a = load<u32>(block, AGENT_CHAINS);
  let b = load<u32>(block, AGENT_CHAINS + 4);
  let c = load<u32>(block, AGENT_CHAINS + 8);
  let d = load<u32>(block, AGENT_CHAINS + 12);
  for (let i: u32 = 0; i < operations; i += 4) {
    a = load<u32>(toRead<Path>(block, a, 4));
    b = load<u32>(toRead<Path>(block, b, 4));
    c = load<u32>(toRead<Path>(block, c, 4));
    d = load<u32>(toRead<Path>(block, d, 4));
  }
  store<u32>(block, a, AGENT_CHAINS);
  store<u32>(block, b, AGENT_CHAINS + 4);
  store<u32>(block, c, AGENT_CHAINS + 8);
  store<u32>(block, d, AGENT_CHAINS + 12);
}
