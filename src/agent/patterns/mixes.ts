/** Patterns over words that all agents share, drawn at random: read-mostly, zipfian, and GUPS. */
import * as layout from '../../../assembly/layout.ts';
import type { Random } from '../../random.ts';
import type { AgentTask } from '../block.ts';
import { mismatch, type Pattern, totalOf } from '../pattern.ts';
import type { AgentPool, AgentResult } from '../pool.ts';

const CHUNK = 1024;
const LINE_BYTES = 64;
/** Entries of an agent's table, which it goes through again and again. */
const ENTRIES = 4096;
const INCREMENT = 0x80000000;
/** Bytes of the tables of one agent. */
const BYTES_PER_AGENT = 4 * ENTRIES;
/** Skew of the zipfian mix: that of YCSB (Cooper et al., SoCC 2010). */
const THETA = 0.99;
const ZIPFIAN_INCREMENTS = 0.05;
/** HPC Challenge makes four updates a word, and allows one word in a hundred to be wrong: some updates are lost. */
const RULE = { updatesPerWord: 4, wrongShare: 0.01 };

/** Draws the entries of an agent's table: a byte of the range, and whether it is incremented. */
type DrawTable = (lineCount: number, agentIdx: number, random: Random) => Uint32Array;

const readMostly: DrawTable = (lineCount, agentIdx, random) =>
  Uint32Array.from(
    { length: ENTRIES },
    () => random.below(lineCount) * LINE_BYTES + (agentIdx === 0 ? INCREMENT : 0),
  );

/** Rank k is drawn in proportion to 1 / k^theta, and each rank has a line of its own. */
const zipfian: DrawTable = (lineCount, _, random) => {
  const sums = zipfianSums(lineCount);
  const step = coprimeStep(lineCount);
  return Uint32Array.from({ length: ENTRIES }, () => {
    const rank = firstAbove(sums, random.float() * sums.at(-1)!);
    const line = (rank * step) % lineCount;
    return line * LINE_BYTES + (random.float() < ZIPFIAN_INCREMENTS ? INCREMENT : 0);
  });
};

/** The last one that was asked for: windows of one row ask again and again. */
let knownSums = new Float64Array(0);

function zipfianSums(lineCount: number): Float64Array {
  if (knownSums.length !== lineCount) {
    let sum = 0;
    knownSums = Float64Array.from({ length: lineCount }, (_, k) => {
      sum += 1 / (k + 1) ** THETA;
      return sum;
    });
  }
  return knownSums;
}

/** About the golden ratio of the lines, and coprime to their number: neighbours in rank lie far apart, each line once. */
function coprimeStep(lineCount: number): number {
  let step = Math.max(1, Math.round(lineCount * 0.6180339887498949));
  while (greatestCommonDivisor(step, lineCount) !== 1) step++;
  return step;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function firstAbove(sums: Float64Array, value: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sums[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

function mixPattern(name: string, summary: string, draw: DrawTable): Pattern {
  return {
    name,
    summary,
    operation: 'a read or an increment',
    hasLatency: false,
    bytesPerOp: null,
    otherBytes: (agentCount) => agentCount * BYTES_PER_AGENT,
    refuses: ({ footprintBytes }) =>
      footprintBytes >= LINE_BYTES
        ? null
        : `expected a footprint of ${LINE_BYTES} bytes or more, got ${footprintBytes}`,
    plan(pool, { agentCount, footprintBytes, random }) {
      const { memory, range, otherAddress } = pool;
      memory.u8.fill(0, range.address, range.address + footprintBytes);
      const lineCount = Math.floor(footprintBytes / LINE_BYTES);
      const tables = Array.from({ length: agentCount }, (_, i) => draw(lineCount, i, random));
      const plans = tables.map((entries, i) => {
        const address = otherAddress + i * BYTES_PER_AGENT;
        memory.i32.set(entries, address >>> 2);
        const task: AgentTask = { kernel: layout.KERNEL_MIX, table: { address, entries: ENTRIES } };
        return { task, ending: 'timed' as const, chunkOperations: CHUNK };
      });
      return {
        plans,
        operations: totalOf,
        check: (results) => checkCounts(pool, lineCount, tables, results),
      };
    },
  };
}

/** Every word holds the increments that the tables have for it. */
function checkCounts(
  { memory, range }: AgentPool,
  lineCount: number,
  tables: readonly Uint32Array[],
  results: readonly AgentResult[],
): string | null {
  const expected = new Float64Array(lineCount);
  for (const [i, { operations }] of results.entries()) {
    for (const [k, entry] of tables[i]!.entries()) {
      if ((entry & INCREMENT) === 0) continue;
      const rounds = Math.ceil((operations - k) / ENTRIES);
      expected[(entry & ~INCREMENT) / LINE_BYTES]! += Math.max(0, rounds);
    }
  }
  for (const [line, count] of expected.entries()) {
    const found = memory.view.getUint32(range.address + line * LINE_BYTES, true);
    const broken = mismatch(`increments of line ${line}`, count % 2 ** 32, found);
    if (broken) return broken;
  }
  return null;
}

const POLYNOMIAL = 7;

const GUPS: Pattern = {
  name: 'gups',
  summary: 'all agents update random words of 64 bits, without atomics (HPC Challenge RandomAccess)',
  operation: 'an update',
  hasLatency: false,
  bytesPerOp: { payload: 8, traffic: 16 },
  refuses: ({ footprintBytes }) =>
    footprintBytes >= 8 && Number.isInteger(Math.log2(footprintBytes))
      ? null
      : `expected a footprint that is a power of two, got ${footprintBytes}`,
  plan({ memory, range }, { agentCount, footprintBytes, random }) {
    const first = range.address >>> 2;
    const words = footprintBytes >>> 3;
    for (let i = 0; i < words; i++) memory.i32.set([i, 0], first + 2 * i);
    const seeds = Array.from(
      { length: agentCount },
      () => (BigInt(random.uint32()) << 32n) | BigInt(random.uint32() | 1),
    );
    const plans = seeds.map((seed) => ({
      task: { kernel: layout.KERNEL_GUPS, sizeBytes: footprintBytes, random: seed },
      ending: 'timed' as const,
      chunkOperations: CHUNK,
    }));
    return {
      plans,
      operations: totalOf,
      check: (results) => {
        for (const [i, { operations }] of results.entries())
          undo(memory.i32, first, words, seeds[i]!, operations);
        let wrong = 0;
        for (let i = 0; i < words; i++) {
          if (memory.i32[first + 2 * i] !== i || memory.i32[first + 2 * i + 1] !== 0) wrong++;
        }
        const updates = totalOf(results) / words;
        const most =
          agentCount === 1
            ? 0
            : Math.ceil(words * (1 - (1 - RULE.wrongShare) ** (updates / RULE.updatesPerWord)));
        const rule = `expected at most ${most} after ${updates.toFixed(1)} updates of each`;
        return wrong <= most ? null : `${wrong} of ${words} words are wrong: ${rule}`;
      },
    };
  },
};

/** Makes an agent's updates once more, which takes them back. Returns the state of its random numbers behind them. */
function undo(i32: Int32Array, first: number, words: number, seed: bigint, operations: number): bigint {
  let low = Number(BigInt.asIntN(32, seed));
  let high = Number(BigInt.asIntN(32, seed >> 32n));
  for (let i = 0; i < operations; i++) {
    const feedback = high < 0 ? POLYNOMIAL : 0;
    high = (high << 1) | (low >>> 31);
    low = (low << 1) ^ feedback;
    const word = first + 2 * (low & (words - 1));
    i32[word] = i32[word]! ^ low;
    i32[word + 1] = i32[word + 1]! ^ high;
  }
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}

export const MIX_PATTERNS: readonly Pattern[] = [
  mixPattern('read-mostly', 'one agent increments words of random lines, all others read them', readMostly),
  mixPattern(
    'zipfian',
    'all agents read, and increment one time in twenty, lines of zipfian popularity',
    zipfian,
  ),
  GUPS,
];
