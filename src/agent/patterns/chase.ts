/** Pointer chases: each agent goes round a random cycle of its own, by one chain of dependent loads or by several. */
import * as layout from '../../../assembly/layout.ts';
import { CycleOfLines } from '../cycle.ts';
import {
  firstBroken,
  lineBytesOf,
  mismatch,
  type Pattern,
  type Role,
  refusalBelow,
  totalOf,
} from '../pattern.ts';
import type { AgentPlan, AgentResult } from '../pool.ts';

/** Odd for each chain, or chains on a power of two of lines would often end where they began, as if they had not moved. */
const HOPS_PER_CHAIN = { 1: 1023, 2: 511, 4: 255 } as const;
const PAGE_BYTES = 4096;
const KERNELS: Readonly<Record<number, number>> = {
  1: layout.KERNEL_CHASE,
  2: layout.KERNEL_CHASE_2,
  4: layout.KERNEL_CHASE_4,
};

/** @param distance from one line to the next that is visited */
function chase(name: string, distance: 'line' | 'page', chains: 1 | 2 | 4, summary: string): Pattern {
  const strideOf = (role: Role) => (distance === 'page' ? PAGE_BYTES : lineBytesOf(role));
  return {
    name,
    summary,
    operation: 'a hop of one chain',
    hasLatency: chains === 1,
    hasRoles: distance === 'line',
    bytesPerOp: () => null,
    refuses: ({ agentCount, footprintBytes, role }) =>
      refusalBelow(agentCount * strideOf(role) * Math.max(2, chains), footprintBytes),
    prepare(pool, { agentCount, footprintBytes, role, random }) {
      const strideBytes = strideOf(role);
      const pieces = Math.floor(footprintBytes / agentCount / strideBytes);
      const sizeBytes = pieces * strideBytes;
      const cycles = Array.from({ length: agentCount }, (_, i) => {
        const address = pool.range.address + i * sizeBytes;
        return new CycleOfLines(pool.memory, address, strideBytes, pieces, chains, random);
      });
      const plans = (): AgentPlan[] =>
        cycles.map((cycle, i) => ({
          task: { kernel: KERNELS[chains]!, atBytes: i * sizeBytes, sizeBytes, chains: cycle.chains },
          ending: 'timed',
          chunkOperations: chains * HOPS_PER_CHAIN[chains],
        }));
      const check = (results: readonly AgentResult[]) =>
        firstBroken(
          results.flatMap(({ operations, chains: found }, i) => {
            cycles[i]!.advance(operations / chains);
            return cycles[i]!.chains.map((end, k) =>
              mismatch(`agent ${i}, end of chain ${k}`, end, found[k]!),
            );
          }),
        );
      return () => ({ plans: plans(), operations: totalOf, check });
    },
  };
}

export const CHASE_PATTERNS: readonly Pattern[] = [
  chase('chase', 'line', 1, 'each agent follows a random cycle over the lines of its own'),
  chase('chase-2', 'line', 2, 'the same by two chains at once'),
  chase('chase-4', 'line', 4, 'the same by four chains at once'),
  chase('chase-pages', 'page', 1, 'the same over one line in each page'),
];
