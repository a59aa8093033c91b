// Memory at its home: a cache that holds no line of the other side, and channels behind it.
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
} from './layout';
import { sideAt, spend } from './link';
import { remainder } from './tags';

/** A tag here is the line in its memory and 1; the highest bit says that memory does not have it yet. */
const CHANGED: u32 = 0x80000000;
const LINE: u32 = 0x7fffffff;

/** When `line` is at hand that was asked for at `time`. What it displaces leaves by the same channels. */
export function readMemory(slot: usize, line: u32, time: f64, isFar: bool): f64 {
  const side = sideAt(line >> 31);
  const set = tagsOf(line);
  const way = wayOf(set, load<u32>(side, SIDE_WAYS), line);
  if (way >= 0) {
    toFront(set, way, load<u32>(set + 4 * way));
    return time;
  }
  const start = occupy(side, line, time, load<f64>(side, SIDE_READ_SERVICE));
  insert(side, set, line, 0, time);
  const beyond = load<f64>(side, SIDE_MEMORY) + (isFar ? load<f64>(side, SIDE_FAR_EXTRA) : 0);
  spend(slot, PART_MEMORY_QUEUE, start - time);
  spend(slot, PART_MEMORY, beyond);
  return start + beyond;
}

/** When a changed line has its place here: what it displaces has to have a channel first. */
export function writeMemory(slot: usize, line: u32, time: f64): f64 {
  const side = sideAt(line >> 31);
  const set = tagsOf(line);
  const way = wayOf(set, load<u32>(side, SIDE_WAYS), line);
  if (way >= 0) {
    toFront(set, way, load<u32>(set + 4 * way) | CHANGED);
    return time;
  }
  const start = insert(side, set, line, CHANGED, time);
  spend(slot, PART_MEMORY_QUEUE, start - time);
  return start;
}

/** Of the set that `line` is in. */
export function tagsOf(line: u32): usize {
  const side = sideAt(line >> 31);
  return (
    load<u32>(side, SIDE_TAGS_AT) +
    4 * load<u32>(side, SIDE_WAYS) * remainder(line & LINE, load<u32>(side, SIDE_SETS))
  );
}

function wayOf(set: usize, ways: u32, line: u32): i32 {
  const tag = (line & LINE) + 1;
  for (let way: u32 = 0; way < ways; way++) if ((load<u32>(set + 4 * way) & LINE) == tag) return way;
  return -1;
}

function toFront(set: usize, way: u32, tag: u32): void {
  for (let at = set + 4 * way; at > set; at -= 4) store<u32>(at, load<u32>(at - 4));
  store<u32>(set, tag);
}

/** Returns when what had to go could: now, or when a channel was free for it. */
function insert(side: usize, set: usize, line: u32, changed: u32, time: f64): f64 {
  const last = load<u32>(side, SIDE_WAYS) - 1;
  const gone = load<u32>(set + 4 * last);
  toFront(set, last, (line & LINE) + 1 + changed);
  if (gone < CHANGED) return time;
  return occupy(side, gone - CHANGED - 1, time, load<f64>(side, SIDE_WRITE_SERVICE));
}

/** Takes the channel of `line` for `service`, from when it is free, and returns that. */
function occupy(side: usize, line: u32, time: f64, service: f64): f64 {
  const channel =
    load<u32>(side, SIDE_CHANNELS_AT) + 8 * remainder(line & LINE, load<u32>(side, SIDE_CHANNELS));
  const free = load<f64>(channel);
  const start = free > time ? free : time;
  store<f64>(channel, start + service);
  return start;
}
