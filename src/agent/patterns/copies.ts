/**
 * Copies between the memory of one agent and that of others, under the names of NVIDIA's nvbandwidth: `read` is done by
 * whose memory is copied to, `write` by whose memory is copied from. An agent's memory is what it wrote last, before each
 * pass.
 */
import * as layout from '../../../assembly/layout.ts';
import { firstBroken, lineBytesOf, mismatch, type Pattern, refusalBelow, totalOf } from '../pattern.ts';
import type { AgentPlan, AgentPool } from '../pool.ts';

/** In units of which every agent's memory is a whole number, one agent's behind the other's. */
interface Copy {
  readonly by: number;
  readonly from: number;
  readonly to: number;
  readonly units: number;
}

interface Unit {
  readonly lineBytes: number;
  readonly lines: number;
}

interface Layout {
  /** Units of each agent's memory. */
  readonly owned: readonly number[];
  readonly copies: readonly Copy[];
}

function copyPattern(
  name: string,
  summary: string,
  isInPairs: boolean,
  of: (agentCount: number) => Layout,
): Pattern {
  return {
    name,
    summary,
    operation: 'a line, copied',
    hasLatency: false,
    isInPasses: true,
    hasRoles: true,
    bytesPerOp: (role) => ({ payload: lineBytesOf(role), traffic: 2 * lineBytesOf(role) }),
    refuses: ({ agentCount, footprintBytes, role }) => {
      if (agentCount < 2) return `expected 2 agents or more, got ${agentCount}`;
      if (isInPairs && agentCount % 2 !== 0) return `expected an even number of agents, got ${agentCount}`;
      return refusalBelow(sum(of(agentCount).owned) * lineBytesOf(role), footprintBytes);
    },
    prepare(pool, { agentCount, footprintBytes, role }) {
      const { owned, copies } = of(agentCount);
      const lineBytes = lineBytesOf(role);
      const unit: Unit = { lineBytes, lines: Math.floor(footprintBytes / sum(owned) / lineBytes) };
      let windowIdx = 0;
      return () => {
        windowIdx++;
        // Nobody's lines look like another's, nor like those of the window before.
        const firstWrites = owned.map((_, i) => Math.imul(windowIdx * owned.length + i, 0x9e3779b1));
        return {
          plans: owned.map((units, i) =>
            planOf(i, sum(owned.slice(0, i)), units, firstWrites[i]!, unit, copies),
          ),
          operations: totalOf,
          check: (results) =>
            firstBroken(
              copies.map((copy) => {
                const { operations } = results[copy.by]!;
                return checkCopy(pool, unit, { owned, firstWrites }, copy, operations);
              }),
            ),
        };
      };
    },
  };
}

/** An agent writes its memory, and then copies; or assists. */
function planOf(
  agentIdx: number,
  firstUnit: number,
  units: number,
  firstWrite: number,
  unit: Unit,
  copies: readonly Copy[],
): AgentPlan {
  const { lineBytes, lines } = unit;
  const unitBytes = lines * lineBytes;
  const shape = { strideBytes: lineBytes, lineBytes };
  const atBytes = firstUnit * unitBytes;
  const task = {
    kernel: layout.KERNEL_WRITE,
    atBytes,
    sizeBytes: units * unitBytes,
    checksum: firstWrite,
    ...shape,
  };
  const preparing = [{ task, operations: units * lines }];
  const copy = copies.find(({ by }) => by === agentIdx);
  if (!copy) return { task, ending: 'assists', chunkOperations: 0, preparing };
  return {
    task: {
      kernel: layout.KERNEL_COPY,
      sizeBytes: copy.units * unitBytes,
      arrays: [copy.from * unitBytes, 0, copy.to * unitBytes],
      ...shape,
    },
    ending: 'passes',
    chunkOperations: copy.units * lines,
    preparing,
  };
}

/** Every word is what its owner wrote there before the last pass: the number of the write of its line. */
function checkCopy(
  { memory, range }: AgentPool,
  unit: Unit,
  { owned, firstWrites }: { readonly owned: readonly number[]; readonly firstWrites: readonly number[] },
  { by, from, to, units }: Copy,
  operations: number,
): string | null {
  const { lineBytes, lines } = unit;
  const wordsPerLine = lineBytes >>> 2;
  const passes = operations / (units * lines);
  for (let i = 0; i < units; i++) {
    const { owner, firstUnit } = ownerOf(owned, from + i);
    const before = (passes - 1) * owned[owner]! * lines + (from + i - firstUnit) * lines;
    const first = (range.address + (to + i) * lines * lineBytes) >>> 2;
    for (let word = 0; word < lines * wordsPerLine; word++) {
      const expected = (firstWrites[owner]! + before + 1 + Math.floor(word / wordsPerLine)) | 0;
      const found = memory.i32[first + word]!;
      if (found === expected) continue;
      return mismatch(`byte ${i * lines * lineBytes + 4 * word} that agent ${by} copied`, expected, found);
    }
  }
  return null;
}

function ownerOf(owned: readonly number[], unit: number): { owner: number; firstUnit: number } {
  let firstUnit = 0;
  for (const [owner, units] of owned.entries()) {
    if (unit < firstUnit + units) return { owner, firstUnit };
    firstUnit += units;
  }
  throw new RangeError(`unit ${unit} is nobody's`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

const others = (agentCount: number) => Array.from({ length: agentCount - 1 }, (_, i) => i + 1);

/** Agent 0 has as much as all others together, behind each other. */
const gathered = (agentCount: number) => [agentCount - 1, ...others(agentCount).map(() => 1)];
/** Every agent has what is copied from it, and what is copied to it. */
const paired = (agentCount: number) => Array.from({ length: agentCount }, () => 2);

export const COPY_PATTERNS: readonly Pattern[] = [
  copyPattern(
    'one-to-all-read',
    'all others copy the memory of one agent to their own',
    false,
    (agentCount) => ({
      owned: Array.from({ length: agentCount }, () => 1),
      copies: others(agentCount).map((by) => ({ by, from: 0, to: by, units: 1 })),
    }),
  ),
  copyPattern(
    'one-to-all-write',
    'one agent copies its memory to that of all others',
    false,
    (agentCount) => ({
      owned: gathered(agentCount),
      copies: [{ by: 0, from: 0, to: agentCount - 1, units: agentCount - 1 }],
    }),
  ),
  copyPattern(
    'all-to-one-read',
    'one agent copies the memory of all others to its own',
    false,
    (agentCount) => ({
      owned: gathered(agentCount),
      copies: [{ by: 0, from: agentCount - 1, to: 0, units: agentCount - 1 }],
    }),
  ),
  copyPattern(
    'all-to-one-write',
    'all others copy their memory to that of one agent',
    false,
    (agentCount) => ({
      owned: gathered(agentCount),
      copies: others(agentCount).map((by) => ({ by, from: agentCount - 2 + by, to: by - 1, units: 1 })),
    }),
  ),
  copyPattern(
    'bidirectional-read',
    'pairs of agents: each copies from the other, at the same time',
    true,
    (agentCount) => ({
      owned: paired(agentCount),
      copies: paired(agentCount).map((_, by) => ({ by, from: 2 * (by ^ 1), to: 2 * by + 1, units: 1 })),
    }),
  ),
  copyPattern(
    'bidirectional-write',
    'pairs of agents: each copies to the other, at the same time',
    true,
    (agentCount) => ({
      owned: paired(agentCount),
      copies: paired(agentCount).map((_, by) => ({ by, from: 2 * by, to: 2 * (by ^ 1) + 1, units: 1 })),
    }),
  ),
];
