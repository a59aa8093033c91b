/** Random accesses of a few lines of both memories, of each agent in turn of its own: all share lines, and none a plan. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { Random } from '../../random.ts';
import type { AccessStream } from '../simulate/simulation.ts';

export const OPERATIONS = [
  layout.ACCESS_LOAD,
  layout.ACCESS_LOAD,
  layout.ACCESS_STORE,
  layout.ACCESS_STREAM,
  layout.ACCESS_ADD,
] as const;

export interface RandomTraffic {
  /** So many. */
  readonly accesses: number;
  /** Lines of each memory. */
  readonly lines: number;
  readonly seed: number;
  /** ACCESS_, each as likely as the next. */
  readonly operations: readonly number[];
  /** Of every fourth access: it begins up to so long after the one before. Below 2^24 ps. */
  readonly longestGapPs: number;
}

export function randomStream({
  accesses,
  lines,
  seed,
  operations,
  longestGapPs,
}: RandomTraffic): AccessStream {
  const random = new Random(seed);
  let left = accesses;
  return {
    fill: (pairs) => {
      const count = Math.min(left, pairs.length / 2);
      for (let i = 0; i < count; i++) {
        const memory = random.below(2) * 2 ** layout.GPU_LINE_SHIFT;
        pairs[2 * i] = memory + random.below(lines);
        const depends = random.below(4) === 0 ? layout.ACCESS_DEPENDS : 0;
        const gapPs = longestGapPs > 0 && random.below(4) === 0 ? random.below(longestGapPs) : 0;
        const operation = operations[random.below(operations.length)]!;
        pairs[2 * i + 1] = operation + depends + gapPs * 2 ** layout.ACCESS_GAP_SHIFT;
      }
      left -= count;
      return count;
    },
  };
}
