/** Patterns in which each agent goes over lines of its own: in order, with a stride, in the four kernels of STREAM. */
import * as layout from '../../../assembly/layout.ts';
import { nextLine } from '../../device/ts/agent-streams.ts';
import { mismatch, type Pattern, totalOf } from '../pattern.ts';
import type { AgentPool, AgentResult } from '../pool.ts';

const CHUNK_LINES = 1024;
const SCALAR = 3;

interface Shape {
  readonly strideBytes: number;
  readonly lineBytes: number;
}

/** Bytes of one array of one agent: whole strides and whole lines. */
function sliceBytes(
  footprintBytes: number,
  agentCount: number,
  arrays: number,
  { strideBytes }: Shape,
): number {
  return Math.floor(footprintBytes / agentCount / arrays / strideBytes) * strideBytes;
}

/** Lines of a slice in the order in which an agent comes to them; then it begins anew. */
function order(size: number, { strideBytes, lineBytes }: Shape): number[] {
  const places = [0];
  for (;;) {
    const next = nextLine(places.at(-1)!, size, strideBytes, lineBytes);
    if (next === 0) return places;
    places.push(next);
  }
}

type Check = (
  pool: AgentPool,
  address: number,
  size: number,
  shape: Shape,
  result: AgentResult,
) => string | null;

/**
 * @param arrays that lie one behind the other in an agent's part
 * @param touched of them, by one operation: STREAM counts what is read and what is written
 */
function streamPattern(
  name: string,
  kernel: number,
  arrays: number,
  touched: number,
  shape: Shape,
  summary: string,
  fill: (pool: AgentPool, address: number, size: number) => void,
  check: Check,
): Pattern {
  return {
    name,
    summary,
    operation: `a line of ${shape.lineBytes} B${arrays > 1 ? ', of each array' : ''}`,
    hasLatency: false,
    bytesPerOp: { payload: shape.lineBytes, traffic: shape.lineBytes * touched },
    refuses: ({ agentCount, footprintBytes }) => {
      const least = agentCount * arrays * shape.strideBytes;
      return footprintBytes >= least
        ? null
        : `expected a footprint of ${least} bytes or more, got ${footprintBytes}`;
    },
    plan(pool, { agentCount, footprintBytes }) {
      const size = sliceBytes(footprintBytes, agentCount, arrays, shape);
      const at = (i: number) => i * size * arrays;
      for (let i = 0; i < agentCount; i++) fill(pool, pool.range.address + at(i), size);
      const plans = Array.from({ length: agentCount }, (_, i) => ({
        task: { kernel, atBytes: at(i), sizeBytes: size, ...shape },
        ending: 'timed' as const,
        chunkOperations: CHUNK_LINES,
      }));
      return {
        plans,
        operations: totalOf,
        check: (results) => {
          const broken = results.map((result, i) =>
            check(pool, pool.range.address + at(i), size, shape, result),
          );
          const agent = broken.findIndex((one) => one !== null);
          return agent === -1 ? null : `agent ${agent}: ${broken[agent]}`;
        },
      };
    },
  };
}

function fillWords({ memory }: AgentPool, address: number, size: number): void {
  const first = address >>> 2;
  for (let i = 0; i < size >>> 2; i++) memory.i32[first + i] = wordOf(i);
}

/** What word i of a part holds at first. */
function wordOf(i: number): number {
  return Math.imul(i + 1, 0x9e3779b1);
}

const checkRead: Check = ({ memory }, address, size, shape, { operations, checksum }) => {
  const places = order(size, shape);
  const rest = operations % places.length;
  let sum = 0;
  for (const [i, place] of places.entries()) {
    const passes = Math.floor(operations / places.length) + (i < rest ? 1 : 0);
    let line = 0;
    for (let at = 0; at < shape.lineBytes; at += 4)
      line = (line + memory.i32[(address + place + at) >>> 2]!) | 0;
    sum = (sum + Math.imul(line, passes)) | 0;
  }
  return mismatch('sum of the words read', sum >>> 0, checksum);
};

/** Each line is whole, and of the last write to it; lines that nobody came to are as they were. */
const checkWrite: Check = ({ memory }, address, size, shape, { operations }) => {
  const places = order(size, shape);
  for (const [i, place] of places.entries()) {
    const writes = Math.ceil((operations - i) / places.length);
    const last = writes > 0 ? (writes - 1) * places.length + i + 1 : null;
    for (let at = 0; last !== null && at < shape.lineBytes; at += 4) {
      const broken = mismatch(
        `byte ${place + at}`,
        last >>> 0,
        memory.view.getUint32(address + place + at, true),
      );
      if (broken) return broken;
    }
  }
  return null;
};

function fillArrays({ memory }: AgentPool, address: number, size: number): void {
  const doubles = new Float64Array(memory.memory.buffer, address, (3 * size) / 8);
  for (let i = 0; i < doubles.length; i++) doubles[i] = filled(i);
}

/** What element i of the three arrays, counted through, holds at first. */
function filled(i: number): number {
  return 1 + (i % 1021);
}

/** @param leaves what the kernel makes of the values of one place: the array that it writes, and what is in it then */
function checkArrays(leaves: (a: number, b: number, c: number) => [array: 0 | 1 | 2, value: number]): Check {
  return ({ memory }, address, size, shape, { operations }) => {
    const count = size / 8;
    const doubles = new Float64Array(memory.memory.buffer, address, 3 * count);
    for (const [turn, place] of order(size, shape).entries()) {
      for (let i = place / 8; i < (place + shape.lineBytes) / 8; i++) {
        const expected = [filled(i), filled(i + count), filled(i + 2 * count)] as [number, number, number];
        const [array, value] = leaves(...expected);
        if (turn < operations) expected[array] = value;
        for (const [k, one] of expected.entries()) {
          const broken = mismatch(`element ${i} of ${'abc'[k]}`, one, doubles[i + k * count]!);
          if (broken) return broken;
        }
      }
    }
    return null;
  };
}

const LINES: Shape = { strideBytes: 64, lineBytes: 64 };
/** What a cluster of streaming multiprocessors moves: 128 B, as four sectors of 32. */
const WIDE_LINES: Shape = { strideBytes: 128, lineBytes: 128 };
const PAGES: Shape = { strideBytes: 4096, lineBytes: 64 };

const reads = (name: string, shape: Shape, summary: string) =>
  streamPattern(name, layout.KERNEL_READ, 1, 1, shape, summary, fillWords, checkRead);
const writes = (name: string, shape: Shape, summary: string) =>
  streamPattern(name, layout.KERNEL_WRITE, 1, 1, shape, summary, fillWords, checkWrite);
const arrays = (
  name: string,
  kernel: number,
  touched: number,
  formula: string,
  leaves: Parameters<typeof checkArrays>[0],
) => streamPattern(name, kernel, 3, touched, LINES, `STREAM: ${formula}`, fillArrays, checkArrays(leaves));

export const STREAM_PATTERNS: readonly Pattern[] = [
  reads('read', LINES, 'each agent reads lines of its own, in order'),
  writes('write', LINES, 'each agent writes lines of its own, in order'),
  reads('read-wide', WIDE_LINES, 'the same in lines of 128 B, as clusters of streaming multiprocessors do'),
  writes('write-wide', WIDE_LINES, 'the same in lines of 128 B, as clusters of streaming multiprocessors do'),
  reads('read-strided', PAGES, 'each agent reads a line in every page of its own, then the next in each'),
  writes('write-strided', PAGES, 'each agent writes a line in every page of its own, then the next in each'),
  arrays('stream-copy', layout.KERNEL_COPY, 2, 'c = a', (a) => [2, a]),
  arrays('stream-scale', layout.KERNEL_SCALE, 2, 'b = 3 c', (_a, _b, c) => [1, SCALAR * c]),
  arrays('stream-add', layout.KERNEL_ADD, 3, 'c = a + b', (a, b) => [2, a + b]),
  arrays('stream-triad', layout.KERNEL_TRIAD, 3, 'a = b + 3 c', (_a, b, c) => [0, b + SCALAR * c]),
];
