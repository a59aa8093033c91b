/** Pointer chases: each agent follows a random order of lines of its own; and one while all others read. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { firstLine, isHeld, linesOf, PAGE_LINES, roundOf } from './lines.ts';
import {
  type ModelledPattern,
  type Part,
  type PatternOptions,
  partsOf,
  ROUNDS,
  rounds,
  sideOf,
} from './pattern.ts';

/** Of a round, while others read as fast as they can. */
const LOADED_HOPS = 512;
const GAP_LIMIT_PS = 2 ** (32 - layout.ACCESS_GAP_SHIFT);

interface Chase {
  readonly distance: 'line' | 'page';
  /** Hops that an agent makes at the same time. */
  readonly chains: number;
}

function chase(name: string, { distance, chains }: Chase, note?: string): ModelledPattern {
  return {
    name,
    isShared: false,
    ...(note !== undefined && { note }),
    run: (options) => {
      const unit = distance === 'page' ? PAGE_LINES : 1;
      const places = Math.floor(linesOf(options) / options.agents / unit);
      const hops = chains * Math.max(1, Math.floor(roundOf(options, places) / chains));
      const parts = partsOf(options, (agent) =>
        chaser(options, { agent, firstPlace: agent * places, places, unit, chains, hops }),
      );
      return { parts, operations: options.agents * hops };
    },
  };
}

interface Chaser {
  readonly agent: number;
  /** In units of so many lines, of which each place has one that is loaded. */
  readonly firstPlace: number;
  readonly places: number;
  readonly unit: number;
  readonly chains: number;
  /** Of a round. */
  readonly hops: number;
}

function chaser(options: PatternOptions, { agent, firstPlace, places, unit, chains, hops }: Chaser): Part {
  const order = orderOf(options, places, hops);
  const first = firstLine(options);
  return rounds(sideOf(options, agent), hops, (i) => {
    const line = first + unit * (firstPlace + order[i % order.length]!);
    return { line, what: layout.ACCESS_LOAD | (i % chains === 0 ? layout.ACCESS_DEPENDS : 0) };
  });
}

/** Each place once, again and again; where no cache holds any of them, other ones all the time. */
function orderOf(options: PatternOptions, places: number, hops: number): Uint32Array {
  const { random } = options;
  if (!isHeld(options)) {
    const some = new Set<number>();
    while (some.size < Math.min(places, ROUNDS * hops)) some.add(random.below(places));
    return Uint32Array.from(some);
  }
  return random.shuffle(Uint32Array.from({ length: places }, (_, i) => i)).subarray(0, hops);
}

/** A load is spread evenly over its time, and the chase goes on without pauses. */
const LOADED_LATENCY: ModelledPattern = {
  name: 'loaded-latency',
  isShared: false,
  note: 'loads are even, not in blocks of 4 KiB; the chase does not pause',
  run: (options) => {
    const lines = Math.floor(linesOf(options) / options.agents);
    const hops = isHeld(options) ? lines : Math.min(lines, LOADED_HOPS);
    const parts = partsOf(options, (agent) =>
      agent === 0
        ? chaser(options, { agent, firstPlace: 0, places: lines, unit: 1, chains: 1, hops })
        : reader(options, agent, lines),
    );
    return { parts, operations: hops };
  },
};

function reader(options: PatternOptions, agent: number, lines: number): Part {
  const gapPs = Math.min(GAP_LIMIT_PS - 1, Math.round((1000 * options.loadIntervalNs) / PAGE_LINES));
  const what = layout.ACCESS_LOAD + gapPs * 2 ** layout.ACCESS_GAP_SHIFT;
  const first = firstLine(options) + agent * lines;
  const step = (i: number) => ({ line: first + (i % lines), what });
  return { side: sideOf(options, agent), before: 'noise', whole: 'noise', step };
}

const TOGETHER = 'the next hop of each chain waits for all of them';

export const CHASE_MODELS: readonly ModelledPattern[] = [
  chase('chase', { distance: 'line', chains: 1 }),
  chase('chase-2', { distance: 'line', chains: 2 }, TOGETHER),
  chase('chase-4', { distance: 'line', chains: 4 }, TOGETHER),
  chase('chase-pages', { distance: 'page', chains: 1 }),
  LOADED_LATENCY,
];
