/** Agents that go over lines of their own: in order, with a stride, in the four kernels of STREAM. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { LINE_BYTES } from '../simulate/lay-side.ts';
import { firstLine, isHeld, linesOf, PAGE_LINES, roundOf } from './lines.ts';
import { type ModelledPattern, type PatternOptions, partsOf, rounds, sideOf } from './pattern.ts';

interface Stream {
  /** Arrays that an agent has, those of them that are read, and the one that is written. */
  readonly arrays: number;
  readonly reads: readonly number[];
  readonly writes?: number;
  /** From one line to the next that is come to. */
  readonly distance: 'line' | 'page';
}

function stream(name: string, { arrays, reads, writes, distance }: Stream): ModelledPattern {
  return {
    name,
    isShared: false,
    run: (options) => {
      const unit = distance === 'page' ? PAGE_LINES : 1;
      const lines = unit * Math.floor(linesOf(options) / options.agents / arrays / unit);
      const body = [...reads.map((array) => ({ array, what: layout.ACCESS_LOAD }))];
      if (writes !== undefined) body.push({ array: writes, what: storeOf(options, arrays * lines) });
      const once = roundOf(options, lines);
      const least = isHeld(options) ? LEAST_FLIGHTS * inFlight(options) : once;
      const operations = once * Math.ceil(least / once);
      const place = distance === 'page' ? placeByPages(lines) : (i: number) => i % lines;
      // Odd, so that arrays and agents do not all begin at the same slice and channel.
      const apart = lines | 1;
      return {
        parts: partsOf(options, (agent) => {
          const first = firstLine(options) + agent * arrays * apart;
          return rounds(sideOf(options, agent), operations * body.length, (i) => {
            const { array, what } = body[i % body.length]!;
            return { line: first + array * apart + place(Math.floor(i / body.length)), what };
          });
        }),
        operations: options.agents * operations,
      };
    },
  };
}

/** Of a round, or rounds to the same lines would be in flight together, and end at the same time. */
const LEAST_FLIGHTS = 4;

/** Lines that an agent has in flight at most. */
function inFlight({ sides, values }: PatternOptions): number {
  const names = sides.includes('hopper')
    ? (['gpu-outstanding-reads', 'gpu-outstanding-writes'] as const)
    : (['cpu-outstanding-reads', 'cpu-outstanding-writes'] as const);
  return Math.max(...names.map((name) => values[name]));
}

/** Whole lines that its caches cannot hold are written past them, as cores that see a stream do. */
export function storeOf({ values }: PatternOptions, linesOfAgent: number): number {
  const isLarge = linesOfAgent * LINE_BYTES > values['cpu-l2-size'];
  return isLarge ? layout.ACCESS_STREAM : layout.ACCESS_STORE;
}

/** One line in every page, then the next in each. */
function placeByPages(lines: number): (i: number) => number {
  const pages = lines / PAGE_LINES;
  return (i) => (i % pages) * PAGE_LINES + (Math.floor(i / pages) % PAGE_LINES);
}

export const STREAM_MODELS: readonly ModelledPattern[] = [
  stream('read', { arrays: 1, reads: [0], distance: 'line' }),
  stream('write', { arrays: 1, reads: [], writes: 0, distance: 'line' }),
  stream('read-strided', { arrays: 1, reads: [0], distance: 'page' }),
  stream('write-strided', { arrays: 1, reads: [], writes: 0, distance: 'page' }),
  stream('copy-strided', { arrays: 3, reads: [0], writes: 2, distance: 'page' }),
  stream('stream-copy', { arrays: 3, reads: [0], writes: 2, distance: 'line' }),
  stream('stream-scale', { arrays: 3, reads: [2], writes: 1, distance: 'line' }),
  stream('stream-add', { arrays: 3, reads: [0, 1], writes: 2, distance: 'line' }),
  stream('stream-triad', { arrays: 3, reads: [1, 2], writes: 0, distance: 'line' }),
];
