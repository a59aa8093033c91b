/** Patterns in which each agent goes over lines of its own: in order, with a stride, in the four kernels of STREAM. */
import * as layout from '../../../assembly/layout.ts';
import {
  firstBroken,
  lineBytesOf,
  mismatch,
  type Pattern,
  type PatternOptions,
  type Role,
  refusalBelow,
  totalOf,
} from '../pattern.ts';
import type { AgentPlan, AgentPool } from '../pool.ts';
import { advance, type Check, comeTo, type Part, placesOf, prepareRead, type Shape, taskOf } from './part.ts';

const CHUNK_LINES = 1024;
const SCALAR = 3;
const PAGE_BYTES = 4096;

interface StreamOptions {
  readonly name: string;
  readonly kernel: number;
  /** From one line to the next that is visited. */
  readonly distance: 'line' | 'page';
  readonly summary: string;
  /** Arrays of an agent's part. */
  readonly arrays: number;
  /** Arrays that one operation touches: STREAM counts what is read and what is written. */
  readonly touched: number;
  /** Sets the memory of a part up, and says how windows on it are checked. */
  prepare(part: Part): Check;
}

function streamPattern(options: StreamOptions): Pattern {
  const { name, distance, summary, arrays, touched } = options;
  return {
    name,
    summary,
    operation: arrays > 1 ? 'a line of each array' : 'a line',
    hasLatency: false,
    hasRoles: true,
    bytesPerOp: (role) => ({ payload: lineBytesOf(role), traffic: lineBytesOf(role) * touched }),
    refuses: ({ agentCount, footprintBytes, role }) =>
      refusalBelow(agentCount * arrays * shapeOf(distance, role).strideBytes, footprintBytes),
    prepare(pool, patternOptions) {
      const parts = partsOf(pool, patternOptions, options);
      const checks = parts.map((part) => options.prepare(part));
      return () => ({
        plans: parts.map((part): AgentPlan => {
          return { task: taskOf(part, options.kernel), ending: 'timed', chunkOperations: CHUNK_LINES };
        }),
        operations: totalOf,
        check: (results) =>
          firstBroken(
            results.map((result, i) => {
              const broken = checks[i]!(parts[i]!, result);
              advance(parts[i]!, result.operations);
              return broken === null ? null : `agent ${i}: ${broken}`;
            }),
          ),
      });
    },
  };
}

function partsOf(
  pool: AgentPool,
  { agentCount, footprintBytes, role }: PatternOptions,
  { arrays, distance }: StreamOptions,
): Part[] {
  const shape = shapeOf(distance, role);
  const { strideBytes } = shape;
  const sizeBytes = Math.floor(footprintBytes / agentCount / arrays / strideBytes) * strideBytes;
  const places = placesOf(sizeBytes, shape);
  return Array.from({ length: agentCount }, (_, i) => {
    const address = pool.range.address + i * sizeBytes * arrays;
    return { pool, address, sizeBytes, shape, places, next: 0 };
  });
}

/** Each line is whole, and of the last write to it. */
const checkWrite: Check = (part, { operations }) => {
  const { pool, address, places, shape } = part;
  let write = Math.max(0, operations - places.length);
  for (const line of comeTo(part, operations)) {
    write++;
    const word = (address + places[line]!) >>> 2;
    for (let i = 0; i < shape.lineBytes >>> 2; i++) {
      if (pool.memory.i32[word + i] === (write | 0)) continue;
      return mismatch(`byte ${places[line]! + 4 * i}`, write, pool.memory.i32[word + i]!);
    }
  }
  return null;
};

/** What element i of the three arrays, counted through, holds at first. */
function filled(i: number): number {
  return 1 + (i % 1021);
}

/** The array that a kernel writes, and what it makes of the values of one place. */
interface Formula {
  readonly text: string;
  readonly writes: 0 | 1 | 2;
  resultOf(a: number, b: number, c: number): number;
}

/** The arrays that are read stay as they are; what was written is checked, and taken back for the next window. */
function prepareArrays({ writes, resultOf }: Formula) {
  return ({ pool, address, sizeBytes }: Part): Check => {
    const count = sizeBytes / 8;
    const doubles = new Float64Array(pool.memory.memory.buffer, address, 3 * count);
    for (let i = 0; i < doubles.length; i++) doubles[i] = filled(i);
    return (part, { operations }) => {
      for (const line of comeTo(part, operations)) {
        const first = part.places[line]! / 8;
        for (let i = first; i < first + part.shape.lineBytes / 8; i++) {
          const expected = resultOf(filled(i), filled(i + count), filled(i + 2 * count));
          const found = doubles[i + writes * count]!;
          if (found !== expected) return mismatch(`element ${i} of ${'abc'[writes]}`, expected, found);
          doubles[i + writes * count] = filled(i + writes * count);
        }
      }
      return null;
    };
  };
}

type Distance = StreamOptions['distance'];

function shapeOf(distance: Distance, role: Role): Shape {
  const lineBytes = lineBytesOf(role);
  return { strideBytes: distance === 'page' ? PAGE_BYTES : lineBytes, lineBytes };
}

const reads = (name: string, distance: Distance, summary: string) =>
  streamPattern({
    ...{ name, kernel: layout.KERNEL_READ, distance, summary, arrays: 1, touched: 1 },
    prepare: prepareRead,
  });
const writes = (name: string, distance: Distance, summary: string) =>
  streamPattern({
    ...{ name, kernel: layout.KERNEL_WRITE, distance, summary, arrays: 1, touched: 1 },
    prepare: () => checkWrite,
  });
const arrays = (name: string, kernel: number, distance: Distance, touched: number, formula: Formula) =>
  streamPattern({
    ...{ name, kernel, distance, summary: formula.text, arrays: 3, touched },
    prepare: prepareArrays(formula),
  });

const COPY: Formula = { text: 'STREAM: c = a', writes: 2, resultOf: (a) => a };
const SCALE: Formula = { text: 'STREAM: b = 3 c', writes: 1, resultOf: (_a, _b, c) => SCALAR * c };
const ADD: Formula = { text: 'STREAM: c = a + b', writes: 2, resultOf: (a, b) => a + b };
const TRIAD: Formula = { text: 'STREAM: a = b + 3 c', writes: 0, resultOf: (_a, b, c) => b + SCALAR * c };
const STRIDED_COPY: Formula = { ...COPY, text: 'the same for copies between arrays of its own' };

export const STREAM_PATTERNS: readonly Pattern[] = [
  reads('read', 'line', 'each agent reads lines of its own, in order'),
  writes('write', 'line', 'each agent writes lines of its own, in order'),
  reads('read-strided', 'page', 'each agent reads a line in every page of its own, then the next in each'),
  writes('write-strided', 'page', 'each agent writes a line in every page of its own, then the next in each'),
  arrays('copy-strided', layout.KERNEL_COPY, 'page', 2, STRIDED_COPY),
  arrays('stream-copy', layout.KERNEL_COPY, 'line', 2, COPY),
  arrays('stream-scale', layout.KERNEL_SCALE, 'line', 2, SCALE),
  arrays('stream-add', layout.KERNEL_ADD, 'line', 3, ADD),
  arrays('stream-triad', layout.KERNEL_TRIAD, 'line', 3, TRIAD),
];
