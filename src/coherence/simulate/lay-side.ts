/** One side in the memory of a simulation: its agents' caches, the home, memory, and the link that leaves it. */
import * as layout from '../../../assembly/coherence/layout.ts';
import type { ParameterName, ParameterValues } from '../profiles/parameters.ts';
import type { Arena } from './arena.ts';

export const LINE_BYTES = 64;

/** Of so many of them, so many are changed. */
export interface SomeChanged {
  readonly changed: number;
  readonly of: number;
}

/** What the home's cache holds at the begin: nothing, or lines that nobody asks for, as memory has them or changed. */
export type HomeContents = 'empty' | 'clean' | 'changed' | SomeChanged;

const CONTENTS = { clean: { changed: 0, of: 1 }, changed: { changed: 1, of: 1 } } as const;

const TIMES = (agent: 'cpu' | 'gpu', memory: 'lpddr' | 'hbm') =>
  [
    [layout.SIDE_HOP, `${agent}-fabric-hop`],
    [layout.SIDE_ISSUE, `${agent}-issue`],
    [layout.SIDE_HIT_1, `${agent}-l1-hit`],
    [layout.SIDE_OCCUPANCY, `${agent}-home-occupancy`],
    [layout.SIDE_ATOMIC_LATENCY, `${agent}-atomic-latency`],
    [layout.SIDE_ATOMIC, `${agent}-atomic-occupancy`],
    [layout.SIDE_MEMORY, `${memory}-latency`],
    [layout.SIDE_READ_SERVICE, `${memory}-read-service`],
    [layout.SIDE_WRITE_SERVICE, `${memory}-write-service`],
    [layout.SIDE_LINK_DISTANCE, 'link-propagation'],
  ] as const satisfies readonly (readonly [number, ParameterName])[];

export function laySide(arena: Arena, index: 0 | 1, values: ParameterValues, contents: HomeContents): void {
  const at = layout.SIDES + layout.SIDE_BYTES * index;
  const agent = index === 0 ? 'cpu' : 'gpu';
  const memory = index === 0 ? 'lpddr' : 'hbm';
  const cache = index === 0 ? 'l3' : 'l2';
  for (const [offset, name] of TIMES(agent, memory)) arena.float(at + offset, values[name]);
  arena.float(at + layout.SIDE_STREAM_ISSUE, values[index === 0 ? 'cpu-stream-issue' : 'gpu-issue']);
  arena.float(at + layout.SIDE_HIT_2, index === 0 ? values['cpu-l2-hit'] : 0);
  arena.float(at + layout.SIDE_FAR_EXTRA, index === 0 ? values['far-lpddr-extra'] : 0);
  layLink(arena, at, values);
  const [slices, channels] = [values[`${agent}-home-slices`], values[`${memory}-channels`]];
  arena.word(at + layout.SIDE_SLICES, slices);
  arena.word(at + layout.SIDE_SLICES_AT, arena.take(8 * slices));
  arena.word(at + layout.SIDE_CHANNELS, channels);
  arena.word(at + layout.SIDE_CHANNELS_AT, arena.take(8 * channels));
  layCacheSizes(arena, at + layout.SIDE_SETS_1, values[`${agent}-l1-size`], values[`${agent}-l1-ways`]);
  if (index === 0)
    layCacheSizes(arena, at + layout.SIDE_SETS_2, values['cpu-l2-size'], values['cpu-l2-ways']);
  layHomeCache(arena, at, values[`${cache}-size`], values[`${cache}-ways`], contents);
}

export function setsOf(bytes: number, ways: number): number {
  return Math.max(1, Math.floor(bytes / (LINE_BYTES * ways)));
}

/** Sets, and ways behind them. */
function layCacheSizes(arena: Arena, at: number, bytes: number, ways: number): void {
  arena.word(at, setsOf(bytes, ways));
  arena.word(at + 4, ways);
}

/** A message takes the time that its bytes take, in whole picoseconds. */
function layLink(arena: Arena, at: number, values: ParameterValues): void {
  const sizes = [
    values['link-overhead-request'],
    values['link-overhead-response'],
    LINE_BYTES + values['link-overhead-read-data'],
    LINE_BYTES + values['link-overhead-write-data'],
  ];
  for (const [size, bytes] of sizes.entries()) {
    arena.float(at + layout.SIDE_LINK_TIMES + 8 * size, Math.round((bytes * 1e12) / values['link-rate']));
    arena.word(at + layout.SIDE_LINK_SIZES + 4 * size, bytes);
  }
}

/** From 0 to 1, in no pattern that channels or sets have: the golden ratio's Weyl sequence, mixed. */
function scattered(i: number): number {
  const word = Math.imul(i + 1, 0x9e3779b9);
  return (Math.imul(word ^ (word >>> 15), 0x85ebca6b) >>> 0) / 2 ** 32;
}

/** Lines from the end of memory, which patterns do not reach. */
const FIRST_OF_NOBODY = 2 ** 30;
const CHANGED = 2 ** 31;

function layHomeCache(arena: Arena, at: number, bytes: number, ways: number, contents: HomeContents): void {
  const sets = setsOf(bytes, ways);
  const tags = arena.take(4 * sets * ways);
  layCacheSizes(arena, at + layout.SIDE_SETS, bytes, ways);
  arena.word(at + layout.SIDE_TAGS_AT, tags);
  if (contents === 'empty') return;
  const { changed, of } = typeof contents === 'string' ? CONTENTS[contents] : contents;
  const first = Math.ceil(FIRST_OF_NOBODY / sets) * sets;
  arena.fill((memory) => {
    for (let i = 0; i < sets * ways; i++) {
      const [set, way] = [Math.floor(i / ways), i % ways];
      const mark = of * scattered(i) < changed ? CHANGED : 0;
      memory.setUint32(tags + 4 * i, first + set + sets * way + 1 + mark, true);
    }
  });
}
