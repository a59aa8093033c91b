/** Tags of a cache: sets of lines, in each the one used last first. A tag is the line and 1; 0 is room. */
import { load, loadByte, store, storeByte } from './memory.ts';

export function setOf(tagsAt: number, sets: number, ways: number, line: number): number {
  return tagsAt + 4 * ways * (line % sets);
}

/** Where `line` is in its set, or -1. */
export function wayOf(setAt: number, ways: number, line: number): number {
  const tag = (line + 1) >>> 0;
  for (let way = 0; way < ways; way++) if (load(setAt + 4 * way) === tag) return way;
  return -1;
}

/** What was used is the first from now on. */
export function toFront(setAt: number, way: number): void {
  const tag = load(setAt + 4 * way);
  for (let at = way; at > 0; at--) store(setAt + 4 * at, load(setAt + 4 * at - 4));
  store(setAt, tag);
}

/** The same where each way has a byte of state beside it. */
export function bothToFront(setAt: number, statesAt: number, way: number): void {
  const state = loadByte(statesAt + way);
  for (let at = way; at > 0; at--) storeByte(statesAt + at, loadByte(statesAt + at - 1));
  storeByte(statesAt, state);
  toFront(setAt, way);
}

/** Puts `line` first and returns the tag that has to go, 0 where there was room. */
export function insert(setAt: number, ways: number, line: number): number {
  const gone = load(setAt + 4 * (ways - 1));
  for (let at = ways - 1; at > 0; at--) store(setAt + 4 * at, load(setAt + 4 * at - 4));
  store(setAt, (line + 1) >>> 0);
  return gone;
}

/** Takes a line out; those behind it move up. */
export function remove(setAt: number, ways: number, way: number): void {
  for (let at = way; at < ways - 1; at++) store(setAt + 4 * at, load(setAt + 4 * at + 4));
  store(setAt + 4 * (ways - 1), 0);
}
