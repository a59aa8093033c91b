/** Patterns over words that all agents share, drawn at random: read-mostly, zipfian, and GUPS. */
import * as layout from '../../../assembly/layout.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import type { Random } from '../../random.ts';
import { firstBroken, mismatch, type Pattern, refusalBelow, totalOf } from '../pattern.ts';

const CHUNK = 1024;
const LINE_BYTES = 64;
/** Entries of an agent's table, which it goes through again and again: four for each line, within bounds. */
const LEAST_ENTRIES = 4096;
const MOST_ENTRIES = 2 ** 22;
const ENTRIES_PER_LINE = 4;
const INCREMENT = layout.MIX_INCREMENTS;
/** Skew of the zipfian mix: that of YCSB (Cooper et al., SoCC 2010). */
const THETA = 0.99;
const ZIPFIAN_INCREMENTS = 0.05;
/** HPC Challenge makes four updates a word, and allows one word in a hundred to be wrong: some updates are lost. */
const RULE = { updatesPerWord: 4, wrongShare: 0.01 };

/** Draws the entries of an agent's table: a byte of the range, and whether it is incremented. */
type DrawTable = (entries: number, lineCount: number, agentIdx: number, random: Random) => Uint32Array;

const readMostly: DrawTable = (entries, lineCount, agentIdx, random) =>
  Uint32Array.from(
    { length: entries },
    () => random.below(lineCount) * LINE_BYTES + (agentIdx === 0 ? INCREMENT : 0),
  );

/** Rank k is drawn in proportion to 1 / k^theta, and each rank has a line of its own. */
const zipfian: DrawTable = (entries, lineCount, _, random) => {
  const sums = zipfianSums(lineCount);
  const step = coprimeStep(lineCount);
  return Uint32Array.from({ length: entries }, () => {
    const rank = firstAbove(sums, random.float() * sums.at(-1)!);
    const line = (rank * step) % lineCount;
    return line * LINE_BYTES + (random.float() < ZIPFIAN_INCREMENTS ? INCREMENT : 0);
  });
};

/** The last one that was asked for: every agent of a pattern asks for the same. */
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

/** A power of two. */
function entriesFor(footprintBytes: number): number {
  const wanted = 2 ** Math.ceil(Math.log2((ENTRIES_PER_LINE * footprintBytes) / LINE_BYTES));
  return Math.min(MOST_ENTRIES, Math.max(LEAST_ENTRIES, wanted));
}

function mixPattern(name: string, summary: string, draw: DrawTable): Pattern {
  return {
    name,
    summary,
    operation: 'a read or an increment',
    hasLatency: false,
    bytesPerOp: () => null,
    otherBytes: ({ agentCount, footprintBytes }) => agentCount * 4 * entriesFor(footprintBytes),
    refuses: ({ footprintBytes }) => refusalBelow(LINE_BYTES, footprintBytes),
    prepare({ memory, range, otherAddress }, { agentCount, footprintBytes, random }) {
      memory.u8.fill(0, range.address, range.address + footprintBytes);
      const lineCount = Math.floor(footprintBytes / LINE_BYTES);
      const entries = entriesFor(footprintBytes);
      const tables = Array.from({ length: agentCount }, (_, i) => {
        const table = draw(entries, lineCount, i, random);
        const address = otherAddress + i * 4 * entries;
        memory.i32.set(table, address >>> 2);
        return { address, entries: table, next: 0 };
      });
      const counts = new Uint32Array(lineCount);
      return () => ({
        plans: tables.map(({ address, next }) => ({
          task: { kernel: layout.KERNEL_MIX, table: { address, entries }, cursor: next },
          ending: 'timed',
          chunkOperations: CHUNK,
        })),
        operations: totalOf,
        check(results) {
          for (const [i, { operations }] of results.entries()) countUp(tables[i]!, operations, counts);
          return firstBroken(tables.map((table) => checkCounts(memory, range.address, table, counts)));
        },
      });
    },
  };
}

/** What an agent goes through, and the entry at which its next window begins. */
interface Table {
  readonly entries: Uint32Array;
  next: number;
}

/** Adds what an agent's window has incremented, by lines. */
function countUp(table: Table, operations: number, counts: Uint32Array): void {
  const { entries } = table;
  const rounds = Math.floor(operations / entries.length);
  const rest = operations % entries.length;
  for (let i = 0; i < entries.length && (rounds > 0 || i < rest); i++) {
    const entry = entries[(table.next + i) % entries.length]!;
    if (entry >= INCREMENT) counts[(entry - INCREMENT) / LINE_BYTES]! += rounds + (i < rest ? 1 : 0);
  }
  table.next = (table.next + operations) % entries.length;
}

/** Every word that the table increments holds what was counted for it. */
function checkCounts(
  { i32 }: LinearMemory,
  address: number,
  { entries }: Table,
  counts: Uint32Array,
): string | null {
  for (const entry of entries) {
    if (entry < INCREMENT) continue;
    const line = (entry - INCREMENT) / LINE_BYTES;
    const found = i32[(address + line * LINE_BYTES) >>> 2]! >>> 0;
    if (found !== counts[line]) return mismatch(`increments of line ${line}`, counts[line]!, found);
  }
  return null;
}

const POLYNOMIAL = 7;

const GUPS: Pattern = {
  name: 'gups',
  summary: 'all agents update random words of 64 bits, without atomics (HPC Challenge RandomAccess)',
  operation: 'an update',
  hasLatency: false,
  bytesPerOp: () => ({ payload: 8, traffic: 16 }),
  refuses: ({ footprintBytes }) =>
    footprintBytes >= 8 && Number.isInteger(Math.log2(footprintBytes))
      ? null
      : `expected a footprint that is a power of two, got ${footprintBytes}`,
  prepare({ memory, range }, { agentCount, footprintBytes, random }) {
    const words = new UpdatedWords(memory.i32, range.address >>> 2, footprintBytes >>> 3);
    return () => {
      const seeds = Array.from(
        { length: agentCount },
        () => (BigInt(random.uint32()) << 32n) | BigInt(random.uint32() | 1),
      );
      return {
        plans: seeds.map((seed) => ({
          task: { kernel: layout.KERNEL_GUPS, sizeBytes: footprintBytes, random: seed },
          ending: 'timed',
          chunkOperations: CHUNK,
        })),
        operations: totalOf,
        check: (results) =>
          words.check(results.map(({ operations }, i) => ({ seed: seeds[i]!, operations }))),
      };
    };
  },
};

interface Updates {
  readonly seed: bigint;
  readonly operations: number;
}

/** Words of 64 bits that GUPS updates: word i holds i before a window, and again behind its check. */
class UpdatedWords {
  private readonly i32: Int32Array;
  /** Index of the first half of the first one. */
  private readonly first: number;
  /** A power of two. */
  private readonly count: number;

  constructor(i32: Int32Array, first: number, count: number) {
    this.i32 = i32;
    this.first = first;
    this.count = count;
    i32.fill(0, first, first + 2 * count);
    for (let i = 0; i < count; i++) i32[first + 2 * i] = i;
  }

  /** An update once more takes it back. What then is wrong lost one, which several agents may. */
  check(agents: readonly Updates[]): string | null {
    const { i32, first, count } = this;
    for (const updates of agents) {
      this.visit(updates, (at, low, high) => {
        i32[at] = i32[at]! ^ low;
        i32[at + 1] = i32[at + 1]! ^ high;
      });
    }
    let wrong = 0;
    for (const updates of agents) {
      this.visit(updates, (at) => {
        const word = (at - first) >>> 1;
        if (i32[at] === word && i32[at + 1] === 0) return;
        wrong++;
        i32[at] = word;
        i32[at + 1] = 0;
      });
    }
    const perWord = totalOf(agents) / count;
    const { updatesPerWord, wrongShare } = RULE;
    const most =
      agents.length === 1 ? 0 : Math.ceil(count * (1 - (1 - wrongShare) ** (perWord / updatesPerWord)));
    const rule = `expected at most ${most} after ${perWord.toFixed(1)} updates of each`;
    return wrong <= most ? null : `${wrong} of ${count} words are wrong: ${rule}`;
  }

  /** The word of each update, by the index of its first half, and the two halves of what it was updated by. */
  private visit(
    { seed, operations }: Updates,
    update: (at: number, low: number, high: number) => void,
  ): void {
    let low = Number(BigInt.asIntN(32, seed));
    let high = Number(BigInt.asIntN(32, seed >> 32n));
    for (let i = 0; i < operations; i++) {
      const feedback = high < 0 ? POLYNOMIAL : 0;
      high = (high << 1) | (low >>> 31);
      low = (low << 1) ^ feedback;
      update(this.first + 2 * (low & (this.count - 1)), low, high);
    }
  }
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
