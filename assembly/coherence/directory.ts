// What homes know of lines: a hash table of those that were ever asked for, so that memory grows with lines, not with space.

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
} from './layout';
import { add } from './memory';

/** Address of the record of `line`, or of the place for it: see `isKnown`. */
export function recordOf(line: u32): usize {
  const tag = line + 1;
  const mask = load<u32>(DIRECTORY_MASK);
  const base = load<u32>(DIRECTORY_AT);
  const block = scatter(line);
  let place = placeOf(line, block) & mask;
  while (true) {
    const record = base + RECORD_BYTES * place;
    const held = load<u32>(record, RECORD_LINE);
    if (held == tag || held == 0) return record;
    place = (place + stepOf(block)) & mask;
  }
}

/** Where `line` is looked for first. */
export function firstPlaceOf(line: u32): usize {
  const place = placeOf(line, scatter(line)) & load<u32>(DIRECTORY_MASK);
  return load<u32>(DIRECTORY_AT) + RECORD_BYTES * place;
}

/** What nobody has and nobody asks for needs no record. */
export function isKnown(record: usize): bool {
  return load<u32>(record, RECORD_LINE) != 0;
}

export function makeKnown(record: usize, line: u32): void {
  if (isKnown(record)) return;
  store<u32>(record, line + 1, RECORD_LINE);
  add(DIRECTORY_USED, 1);
}

/**
 * Of the 4096 neighbours that a line is among. They lie together, and go on together where others are in their way: by
 * steps of their own, for those that are neighbours in the table too are in each other's way for long.
 */
function scatter(line: u32): u32 {
  return (line >> 12) * 0x9e3779b1;
}

/** Where a line is looked for first, and by how many places further each time after. */
function placeOf(line: u32, block: u32): u32 {
  return line ^ block ^ (block >> 15);
}

function stepOf(block: u32): u32 {
  return (block >> 15) | 1;
}

/** HELD_ */
export function heldOf(record: usize): u32 {
  return load<u32>(record, RECORD_HELD) & HELD;
}

export function setHeld(record: usize, held: u32): void {
  store<u32>(record, (load<u32>(record, RECORD_HELD) & ~HELD) | held, RECORD_HELD);
}

export function wordOf(record: usize): u32 {
  return load<u32>(record, RECORD_HELD) >> RECORD_WORD_SHIFT;
}

export function addToWord(record: usize): void {
  add(record + RECORD_HELD, 1 << RECORD_WORD_SHIFT);
}

export function isHolder(record: usize, core: u32): bool {
  return ((load<u32>(record + 4 * (core >> 5), RECORD_HOLDERS) >> (core & 31)) & 1) == 1;
}

export function addHolder(record: usize, core: u32): void {
  const at = record + 4 * (core >> 5);
  store<u32>(at, load<u32>(at, RECORD_HOLDERS) | (1 << (core & 31)), RECORD_HOLDERS);
}

export function removeHolder(record: usize, core: u32): void {
  const at = record + 4 * (core >> 5);
  store<u32>(at, load<u32>(at, RECORD_HOLDERS) & ~(1 << (core & 31)), RECORD_HOLDERS);
}

export function hasHolders(record: usize): bool {
  const at = record + RECORD_HOLDERS;
  return (load<u32>(at) | load<u32>(at, 4) | load<u32>(at, 8)) != 0;
}

export function clearHolders(record: usize): void {
  const at = record + RECORD_HOLDERS;
  store<u32>(at, 0);
  store<u32>(at, 0, 4);
  store<u32>(at, 0, 8);
}
