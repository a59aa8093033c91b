// Tags of a cache: sets of lines, in each the one used last first. A tag is the line and 1; 0 is room.

export function setOf(tagsAt: usize, sets: u32, ways: u32, line: u32): usize {
  return tagsAt + 4 * ways * (line % sets);
}

/** Where `line` is in its set, or -1. */
export function wayOf(setAt: usize, ways: u32, line: u32): i32 {
  const tag = line + 1;
  for (let way: u32 = 0; way < ways; way++) if (load<u32>(setAt + 4 * way) == tag) return way;
  return -1;
}

/** What was used is the first from now on. */
export function toFront(setAt: usize, way: u32): void {
  const tag = load<u32>(setAt + 4 * way);
  for (let at = setAt + 4 * way; at > setAt; at -= 4) store<u32>(at, load<u32>(at - 4));
  store<u32>(setAt, tag);
}

/** The same where each way has a byte of state beside it. */
export function bothToFront(setAt: usize, statesAt: usize, way: u32): void {
  const state = load<u8>(statesAt + way);
  for (let at = statesAt + way; at > statesAt; at--) store<u8>(at, load<u8>(at - 1));
  store<u8>(statesAt, state);
  toFront(setAt, way);
}

/** Puts `line` first and returns the tag that has to go, 0 where there was room. */
export function insert(setAt: usize, ways: u32, line: u32): u32 {
  const last = setAt + 4 * (ways - 1);
  const gone = load<u32>(last);
  for (let at = last; at > setAt; at -= 4) store<u32>(at, load<u32>(at - 4));
  store<u32>(setAt, line + 1);
  return gone;
}

/** Takes a line out; those behind it move up. */
export function remove(setAt: usize, ways: u32, way: u32): void {
  const last = setAt + 4 * (ways - 1);
  for (let at = setAt + 4 * way; at < last; at += 4) store<u32>(at, load<u32>(at + 4));
  store<u32>(last, 0);
}
