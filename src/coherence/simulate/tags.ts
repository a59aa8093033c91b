/** Tags of a cache: sets of lines, in each the one used last first. A tag is the line and 1; 0 is room. */
import { bytes, words } from './memory.ts';

/** `line` modulo `count`, without a division where that is a power of two, as it mostly is. */
export function remainder(line: number, count: number): number {
  const mask = count - 1;
  return (count & mask) === 0 ? line & mask : line % count;
}

export function setOf(tagsAt: number, sets: number, ways: number, line: number): number {
  return tagsAt + 4 * ways * remainder(line, sets);
}

/** Where `line` is in its set, or -1. */
export function wayOf(setAt: number, ways: number, line: number): number {
  const tag = (line + 1) >>> 0;
  const first = setAt >>> 2;
  for (let way = 0; way < ways; way++) if (words[first + way] === tag) return way;
  return -1;
}

/** What was used is the first from now on. */
export function toFront(setAt: number, way: number): void {
  if (way > 0) shift(setAt >>> 2, way, words[(setAt >>> 2) + way]!);
}

/** The same where each way has a byte of state beside it. */
export function bothToFront(setAt: number, statesAt: number, way: number): void {
  if (way === 0) return;
  const state = bytes[statesAt + way]!;
  for (let at = statesAt + way; at > statesAt; at--) bytes[at] = bytes[at - 1]!;
  bytes[statesAt] = state;
  toFront(setAt, way);
}

/** Puts `line` first and returns the tag that has to go, 0 where there was room. */
export function insert(setAt: number, ways: number, line: number): number {
  const gone = words[(setAt >>> 2) + ways - 1]!;
  shift(setAt >>> 2, ways - 1, line + 1);
  return gone;
}

/** Puts `tag` first; the others before `way` move down. */
function shift(first: number, way: number, tag: number): void {
  for (let at = first + way; at > first; at--) words[at] = words[at - 1]!;
  words[first] = tag;
}

/** Takes a line out; those behind it move up. */
export function remove(setAt: number, ways: number, way: number): void {
  const last = (setAt >>> 2) + ways - 1;
  for (let at = (setAt >>> 2) + way; at < last; at++) words[at] = words[at + 1]!;
  words[last] = 0;
}
