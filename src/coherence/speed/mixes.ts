/** Accesses to time the simulator with: from those that end in a cache to those that go to memory. */
import * as layout from '../../../assembly/coherence/layout.ts';
import type { SimulationPlan } from '../simulate/plan.ts';
import type { AccessStream } from '../simulate/simulation.ts';

export interface Mix extends Pick<SimulationPlan, 'cores' | 'gpuAgents' | 'contents'> {
  readonly name: string;
  readonly does: string;
  /** Of each agent. */
  readonly accesses: number;
  /** Of access `i` of an agent. */
  readonly lineOf: (agent: number, i: number) => number;
  /** Whether lines follow each other as they lie. */
  readonly isInOrder: boolean;
  /** ACCESS_ */
  readonly what: number;
  /** Accesses a second on wasm that are promised, in millions; null where none are. */
  readonly promised: number | null;
}

const CHASE = layout.ACCESS_LOAD | layout.ACCESS_DEPENDS;
const GPU_MEMORY = 2 ** layout.GPU_LINE_SHIFT;
const PROMISED = 10;

/** A number below `2 ** bits` for each `i` below that, all different, in no order that anything has. */
function shuffled(i: number, bits: number): number {
  const mask = 2 ** bits - 1;
  const one = Math.imul(i, 0x9e3779b1) & mask;
  return Math.imul(one ^ (one >>> (bits >> 1)), 0x85ebca6b) & mask;
}

/** Nine of ten accesses are of 256 lines of its own, the tenth of one of 2^17 that the home's cache holds. */
function mostlyHits(agent: number, i: number): number {
  return i % 10 === 9 ? shuffled(i * 8 + agent, 17) : 2 ** 20 + 256 * agent + (i & 255);
}

const ONE_CORE = { cores: 1, gpuAgents: 0, contents: 'empty', what: CHASE } as const;
const EIGHT_CORES = { cores: 8, gpuAgents: 0, contents: 'empty' } as const;

export const MIXES: readonly Mix[] = [
  {
    ...ONE_CORE,
    name: 'first level',
    isInOrder: true,
    does: 'chase of 1 core through 32 KiB',
    accesses: 4_000_000,
    lineOf: (_, i) => i & 511,
    promised: PROMISED,
  },
  {
    ...ONE_CORE,
    name: 'second level',
    isInOrder: true,
    does: 'chase of 1 core through 512 KiB',
    accesses: 2_000_000,
    lineOf: (_, i) => i & 8191,
    promised: PROMISED,
  },
  {
    ...EIGHT_CORES,
    name: 'nine of ten',
    isInOrder: false,
    does: 'chases of 8 cores: nine of ten accesses hit the first level',
    accesses: 200_000,
    lineOf: mostlyHits,
    what: CHASE,
    promised: PROMISED,
  },
  {
    ...EIGHT_CORES,
    name: 'shared stores',
    isInOrder: false,
    does: 'stores of 8 cores to the same 64 lines',
    accesses: 150_000,
    lineOf: (agent, i) => shuffled(i * 8 + agent, 20) & 63,
    what: layout.ACCESS_STORE,
    promised: PROMISED,
  },
  {
    ...EIGHT_CORES,
    name: 'many at a time',
    isInOrder: false,
    does: 'as nine of ten, with as many loads on their way as may be',
    accesses: 150_000,
    lineOf: mostlyHits,
    what: layout.ACCESS_LOAD,
    promised: null,
  },
  {
    ...ONE_CORE,
    name: 'third level',
    isInOrder: false,
    does: 'chase of 1 core through 8 MiB',
    accesses: 400_000,
    lineOf: (_, i) => shuffled(i, 17),
    promised: null,
  },
  {
    ...ONE_CORE,
    name: 'LPDDR',
    isInOrder: false,
    does: 'chase of 1 core, each line for the first time',
    accesses: 400_000,
    lineOf: (_, i) => shuffled(i, 22),
    promised: null,
  },
  {
    ...ONE_CORE,
    cores: 0,
    gpuAgents: 1,
    name: 'HBM',
    isInOrder: false,
    does: 'chase of 1 GPU agent, each line for the first time',
    accesses: 800_000,
    lineOf: (_, i) => GPU_MEMORY + shuffled(i, 22),
    promised: null,
  },
  {
    name: 'stream',
    isInOrder: true,
    does: 'loads of an array by 72 cores',
    cores: 72,
    gpuAgents: 0,
    contents: 'clean',
    accesses: 6_000,
    lineOf: (agent, i) => 72 * i + agent,
    what: layout.ACCESS_LOAD,
    promised: null,
  },
];

/** Each agent's accesses, and no more than `most`. */
export function streamsOf(
  { cores, gpuAgents, accesses, lineOf, what }: Mix,
  most = accesses,
): AccessStream[] {
  return Array.from({ length: cores + gpuAgents }, (_, agent) => {
    let next = 0;
    return {
      fill: (pairs) => {
        const count = Math.min(pairs.length / 2, accesses - next, most - next);
        for (let at = 0; at < 2 * count; at += 2, next++) {
          pairs[at] = lineOf(agent, next);
          pairs[at + 1] = what;
        }
        return count;
      },
    };
  });
}
