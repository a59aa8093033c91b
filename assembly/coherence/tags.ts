// Tags of a cache: sets of lines, in each the one used last first. A tag is the line and 1; 0 is room.

/** `line` modulo `count`, without a division where that is a power of two, as it mostly is. */
export function remainder(line: u32, count: u32): u32 {
  const mask = count - 1;
  return (count & mask) == 0 ? line & mask : line % count;
}

export function setOf(tagsAt: usize, sets: u32, ways: u32, line: u32): usize {
  return tagsAt + 4 * ways * remainder(line, sets);
}

/** Where `line` is in its set, or -1. */
export function wayOf(setAt: usize, ways: u32, line: u32): i32 {
  const tag = line + 1;
  for (let way: u32 = 0; way < ways; way++) if (load<u32>(setAt + 4 * way) == tag) return way;
  return -1;
}

/** What was used is the first from now on. */
export function toFront(setAt: usize, way: u32): void {
  if (way > 0) shift(setAt, setAt + 4 * way, load<u32>(setAt + 4 * way));
}

/** The same where each way has a byte of state beside it. */
export function bothToFront(setAt: usize, statesAt: usize, way: u32): void {
  if (way == 0) return;
  const state = load<u8>(statesAt + way);
  for (let at = statesAt + way; at > statesAt; at--) store<u8>(at, load<u8>(at - 1));
  store<u8>(statesAt, state);
  toFront(setAt, way);
}

/** Puts `line` first and returns the tag that has to go, 0 where there was room. */
export function insert(setAt: usize, ways: u32, line: u32): u32 {
  const last = setAt + 4 * (ways - 1);
  const gone = load<u32>(last);
  shift(setAt, last, line + 1);
  return gone;
}

/** Puts `tag` first; the others up to the one at `last` move down. */
function shift(setAt: usize, last: usize, tag: u32): void {
  for (let at = last; at > setAt; at -= 4) store<u32>(at, load<u32>(at - 4));
  store<u32>(setAt, tag);
}

/** Takes a line out; those behind it move up. */
export function remove(setAt: usize, ways: u32, way: u32): void {
  const last = setAt + 4 * (ways - 1);
  for (let at = setAt + 4 * way; at < last; at += 4) store<u32>(at, load<u32>(at + 4));
  store<u32>(last, 0);
}
