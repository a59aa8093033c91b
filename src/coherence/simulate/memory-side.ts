/** Memory at its home: a cache that holds no line of the other side, and channels behind it. */
import {
  PART_MEMORY,
  PART_MEMORY_QUEUE,
  SIDE_CHANNELS,
  SIDE_CHANNELS_AT,
  SIDE_FAR_EXTRA,
  SIDE_MEMORY,
  SIDE_READ_SERVICE,
  SIDE_SETS,
  SIDE_TAGS_AT,
  SIDE_WAYS,
  SIDE_WRITE_SERVICE,
} from '../../../assembly/coherence/layout.ts';
import { sideAt, spend } from './link.ts';
import { load, loadF, storeF, words } from './memory.ts';
import { remainder } from './tags.ts';

/** A tag here is the line in its memory and 1; the highest bit says that memory does not have it yet. */
const CHANGED = 0x80000000;
const LINE = 0x7fffffff;

/**
 * When `line` is at hand that was asked for at `time`. What it displaces leaves by the same channels.
 * @param isFar whether the other side asks
 */
export function readMemory(slot: number, line: number, time: number, isFar: boolean): number {
  const side = sideAt(line >>> 31);
  const set = tagsOf(line);
  const way = wayOf(set, load(side + SIDE_WAYS), line);
  if (way >= 0) {
    toFront(set, way, load(set + 4 * way));
    return time;
  }
  const start = occupy(side, line, time, loadF(side + SIDE_READ_SERVICE));
  insert(side, set, line, 0, time);
  const beyond = loadF(side + SIDE_MEMORY) + (isFar ? loadF(side + SIDE_FAR_EXTRA) : 0);
  spend(slot, PART_MEMORY_QUEUE, start - time);
  spend(slot, PART_MEMORY, beyond);
  return start + beyond;
}

/** When a changed line has its place here: what it displaces has to have a channel first. */
export function writeMemory(slot: number, line: number, time: number): number {
  const side = sideAt(line >>> 31);
  const set = tagsOf(line);
  const way = wayOf(set, load(side + SIDE_WAYS), line);
  if (way >= 0) {
    toFront(set, way, (load(set + 4 * way) | CHANGED) >>> 0);
    return time;
  }
  const start = insert(side, set, line, CHANGED, time);
  spend(slot, PART_MEMORY_QUEUE, start - time);
  return start;
}

/** Of the set that `line` is in. */
export function tagsOf(line: number): number {
  const side = sideAt(line >>> 31);
  return (
    load(side + SIDE_TAGS_AT) + 4 * load(side + SIDE_WAYS) * remainder(line & LINE, load(side + SIDE_SETS))
  );
}

function wayOf(set: number, ways: number, line: number): number {
  const tag = (line & LINE) + 1;
  const first = set >>> 2;
  for (let way = 0; way < ways; way++) if ((words[first + way]! & LINE) === tag) return way;
  return -1;
}

function toFront(set: number, way: number, tag: number): void {
  const first = set >>> 2;
  for (let at = first + way; at > first; at--) words[at] = words[at - 1]!;
  words[first] = tag;
}

/** Returns when what had to go could: now, or when a channel was free for it. */
function insert(side: number, set: number, line: number, changed: number, time: number): number {
  const last = load(side + SIDE_WAYS) - 1;
  const gone = load(set + 4 * last);
  toFront(set, last, ((line & LINE) + 1 + changed) >>> 0);
  if (gone < CHANGED) return time;
  return occupy(side, gone - CHANGED - 1, time, loadF(side + SIDE_WRITE_SERVICE));
}

/** Takes the channel of `line` for `service`, from when it is free, and returns that. */
function occupy(side: number, line: number, time: number, service: number): number {
  const channel = load(side + SIDE_CHANNELS_AT) + 8 * remainder(line & LINE, load(side + SIDE_CHANNELS));
  const free = loadF(channel);
  const start = free > time ? free : time;
  storeF(channel, start + service);
  return start;
}
