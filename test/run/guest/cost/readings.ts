/** Readings as boots give them, with times that are made up. */
import type { CostPath, CostReading } from '../../../../src/run/guest/cost/cost-boot.ts';
import { answersOfOnes, COST_WORKS, rightAnswers } from '../../../../src/run/guest/cost/cost-lines.ts';
import type { CostFacts } from '../../../../src/run/guest/cost/cost-samples.ts';

const ID = 0x234210de;
export const FACTS: CostFacts = {
  head: {
    id: 'one',
    createdAt: '2026-01-01T00:00:00.000Z',
    settings: { seed: 1, device: 'gh200-120gb', policy: 'nvgrace', suite: null, budgetMs: null },
    fingerprint: {},
  },
  runtime: 'node 26',
  build: 'barometer',
  pinning: 'all on processor 1',
  idDword: ID,
};

/** Seven passes of every work, each of 1000 operations of that many nanoseconds. */
export function readings(implementation: string, path: CostPath, nsPerOp: number, id = ID): CostReading[] {
  return COST_WORKS.flatMap((work) =>
    Array.from({ length: 7 }, (_, pass) => ({
      ...{ implementation, path },
      pass: {
        work,
        operations: 1000,
        durationNs: 1000 * (nsPerOp + pass),
        answer: (implementation === 'qemu-edu' ? answersOfOnes(id) : rightAnswers(id))[work],
      },
    })),
  );
}

export const boot = (scale = 1) => [
  ...readings('wasm', 'core', 30 * scale),
  ...readings('wasm', 'socket', 16_000 * scale),
  ...readings('wasm', 'guest', 31_000 * scale),
  ...readings('node-echo', 'socket', 15_000 * scale),
  ...readings('c-server', 'socket', 10_000 * scale),
  ...readings('c-server', 'guest', 26_000 * scale),
  ...readings('qemu-edu', 'guest', 140 * scale, 0x11e81234),
  ...readings('ram-bar', 'guest', 2 * scale, 0x00051b36),
];
