import * as layout from '../../../assembly/layout.ts';
import type { AgentBlock } from './agent-block.ts';

/**
 * Dependent loads: a word in each line of a range names the next one, in one random cycle. Several chains go round the
 * same cycle from other places, and their loads overlap. An operation is a hop of one chain.
 */
export function chaseOf(kernel: number): (block: AgentBlock, operations: number) => void {
  if (kernel === layout.KERNEL_CHASE) return chase1;
  return kernel === layout.KERNEL_CHASE_2 ? chase2 : chase4;
}

function chase1(block: AgentBlock, operations: number): void {
  const { words } = block;
  let a = block.get(layout.AGENT_CHAINS);
  for (let i = 0; i < operations; i++) a = words[block.toRead(a, 4) >>> 2]!;
  block.set(layout.AGENT_CHAINS, a);
}

function chase2(block: AgentBlock, operations: number): void {
  const { words } = block;
  let a = block.get(layout.AGENT_CHAINS);
  let b = block.get(layout.AGENT_CHAINS + 4);
  for (let i = 0; i < operations; i += 2) {
    a = words[block.toRead(a, 4) >>> 2]!;
    b = words[block.toRead(b, 4) >>> 2]!;
  }
  block.set(layout.AGENT_CHAINS, a);
  block.set(layout.AGENT_CHAINS + 4, b);
}

function chase4(block: AgentBlock, operations: number): void {
  const { words } = block;
  let a = block.get(layout.AGENT_CHAINS);
  let b = block.get(layout.AGENT_CHAINS + 4);
  let c = block.get(layout.AGENT_CHAINS + 8);
  let d = block.get(layout.AGENT_CHAINS + 12);
  for (let i = 0; i < operations; i += 4) {
    a = words[block.toRead(a, 4) >>> 2]!;
    b = words[block.toRead(b, 4) >>> 2]!;
    c = words[block.toRead(c, 4) >>> 2]!;
    d = words[block.toRead(d, 4) >>> 2]!;
  }
  block.set(layout.AGENT_CHAINS, a);
  block.set(layout.AGENT_CHAINS + 4, b);
  block.set(layout.AGENT_CHAINS + 8, c);
  block.set(layout.AGENT_CHAINS + 12, d);
}
