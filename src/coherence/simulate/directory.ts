/** What homes know of lines: a hash table of those that were ever asked for, so that memory grows with lines, not with space. */
import {
  DIRECTORY_AT,
  DIRECTORY_MASK,
  DIRECTORY_USED,
  HELD,
  RECORD_BYTES,
  RECORD_HELD,
  RECORD_HOLDERS,
  RECORD_LINE,
  RECORD_WORD_SHIFT,
} from '../../../assembly/coherence/layout.ts';
import { add, load, store } from './memory.ts';

/** Address of the record of `line`, or of the place for it: see `isKnown`. */
export function recordOf(line: number): number {
  const tag = (line + 1) >>> 0;
  const mask = load(DIRECTORY_MASK);
  const base = load(DIRECTORY_AT);
  const block = scatter(line);
  let place = placeOf(line, block) & mask;
  for (;;) {
    const record = base + RECORD_BYTES * place;
    const held = load(record + RECORD_LINE);
    if (held === tag || held === 0) return record;
    place = (place + stepOf(block)) & mask;
  }
}

/** Where `line` is looked for first. */
export function firstPlaceOf(line: number): number {
  const place = placeOf(line, scatter(line)) & load(DIRECTORY_MASK);
  return load(DIRECTORY_AT) + RECORD_BYTES * place;
}

/** What nobody has and nobody asks for needs no record. */
export function isKnown(record: number): boolean {
  return load(record + RECORD_LINE) !== 0;
}

export function makeKnown(record: number, line: number): void {
  if (isKnown(record)) return;
  store(record + RECORD_LINE, (line + 1) >>> 0);
  add(DIRECTORY_USED, 1);
}

/**
 * Of the 4096 neighbours that a line is among. They lie together, and go on together where others are in their way: by
 * steps of their own, for those that are neighbours in the table too are in each other's way for long.
 */
export function scatter(line: number): number {
  return Math.imul(line >>> 12, 0x9e3779b1);
}

/** Where a line is looked for first, and by how many places further each time after. */
export function placeOf(line: number, block: number): number {
  return line ^ block ^ (block >>> 15);
}

export function stepOf(block: number): number {
  return (block >>> 15) | 1;
}

/** HELD_ */
export function heldOf(record: number): number {
  return load(record + RECORD_HELD) & HELD;
}

export function setHeld(record: number, held: number): void {
  store(record + RECORD_HELD, (load(record + RECORD_HELD) & ~HELD) | held);
}

export function wordOf(record: number): number {
  return load(record + RECORD_HELD) >>> RECORD_WORD_SHIFT;
}

export function addToWord(record: number): void {
  add(record + RECORD_HELD, 1 << RECORD_WORD_SHIFT);
}

export function isHolder(record: number, core: number): boolean {
  return ((load(record + RECORD_HOLDERS + 4 * (core >> 5)) >>> (core & 31)) & 1) === 1;
}

export function addHolder(record: number, core: number): void {
  const at = record + RECORD_HOLDERS + 4 * (core >> 5);
  store(at, load(at) | (1 << (core & 31)));
}

export function removeHolder(record: number, core: number): void {
  const at = record + RECORD_HOLDERS + 4 * (core >> 5);
  store(at, load(at) & ~(1 << (core & 31)));
}

export function hasHolders(record: number): boolean {
  const at = record + RECORD_HOLDERS;
  return (load(at) | load(at + 4) | load(at + 8)) !== 0;
}

export function clearHolders(record: number): void {
  const at = record + RECORD_HOLDERS;
  store(at, 0);
  store(at + 4, 0);
  store(at + 8, 0);
}
