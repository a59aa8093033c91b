// Events in their total order: time, kind of event, agent, sequence. A heap of four children a node, in three arrays: it is
// half as deep as one of two, and the children's times lie in one line of the host's cache.
import {
  EVENT_ISSUE,
  NOW,
  QUEUE_KEYS_AT,
  QUEUE_LENGTH,
  QUEUE_SLOTS_AT,
  QUEUE_TIMES_AT,
  SEQUENCE,
} from './layout';

/** 2^48 and 2^40: kind, agent and sequence in one number, which a float holds to the last bit. */
const KIND: f64 = 281474976710656;
const AGENT: f64 = 1099511627776;

/** Of the event that `pop` took out. */
export let poppedKey: f64 = 0;
export let poppedSlot: u32 = 0;

export function kindOf(key: f64): u32 {
  return <u32>(<i64>key >> 48);
}

/** `slot` is what the event is about: a transaction, or of EVENT_ISSUE the agent. */
export function push(time: f64, kind: u32, agent: u32, slot: u32): void {
  const sequence = load<f64>(SEQUENCE);
  store<f64>(SEQUENCE, sequence + 1);
  const length = load<u32>(QUEUE_LENGTH);
  store<u32>(QUEUE_LENGTH, length + 1);
  siftUp(length, time, kind * KIND + agent * AGENT + sequence, slot);
}

/** When the next event is, or infinity. */
export function nextTime(): f64 {
  return load<u32>(QUEUE_LENGTH) == 0 ? Infinity : load<f64>(load<u32>(QUEUE_TIMES_AT));
}

/** Whether anything happens before an agent begins an access at `time`, which at equal times comes last. */
export function isNextBefore(time: f64): bool {
  const next = nextTime();
  if (next != time) return next < time;
  return kindOf(load<f64>(load<u32>(QUEUE_KEYS_AT))) != EVENT_ISSUE;
}

/** Takes the first event out: sets NOW, leaves its key and slot in globals. */
export function pop(): void {
  const times = load<u32>(QUEUE_TIMES_AT);
  const keys = load<u32>(QUEUE_KEYS_AT);
  const slots = load<u32>(QUEUE_SLOTS_AT);
  const last = load<u32>(QUEUE_LENGTH) - 1;
  store<f64>(NOW, load<f64>(times));
  poppedKey = load<f64>(keys);
  poppedSlot = load<u32>(slots);
  store<u32>(QUEUE_LENGTH, last);
  if (last > 0)
    siftDown(load<f64>(times + 8 * last), load<f64>(keys + 8 * last), load<u32>(slots + 4 * last));
}

function siftUp(from: u32, time: f64, key: f64, slot: u32): void {
  const times = load<u32>(QUEUE_TIMES_AT);
  const keys = load<u32>(QUEUE_KEYS_AT);
  let at = from;
  while (at > 0) {
    const parent = (at - 1) >> 2;
    const parentTime = load<f64>(times + 8 * parent);
    if (parentTime < time || (parentTime == time && load<f64>(keys + 8 * parent) < key)) break;
    move(parent, at);
    at = parent;
  }
  put(at, time, key, slot);
}

function siftDown(time: f64, key: f64, slot: u32): void {
  const times = load<u32>(QUEUE_TIMES_AT);
  const keys = load<u32>(QUEUE_KEYS_AT);
  const length = load<u32>(QUEUE_LENGTH);
  let at: u32 = 0;
  for (;;) {
    const first = at * 4 + 1;
    if (first >= length) break;
    const end = first + 4 < length ? first + 4 : length;
    let least = first;
    let leastTime = load<f64>(times + 8 * first);
    for (let child = first + 1; child < end; child++) {
      const childTime = load<f64>(times + 8 * child);
      if (childTime > leastTime) continue;
      if (childTime == leastTime && load<f64>(keys + 8 * child) > load<f64>(keys + 8 * least)) continue;
      least = child;
      leastTime = childTime;
    }
    if (time < leastTime || (time == leastTime && key < load<f64>(keys + 8 * least))) break;
    move(least, at);
    at = least;
  }
  put(at, time, key, slot);
}

function move(from: u32, to: u32): void {
  const times = load<u32>(QUEUE_TIMES_AT);
  const keys = load<u32>(QUEUE_KEYS_AT);
  const slots = load<u32>(QUEUE_SLOTS_AT);
  store<f64>(times + 8 * to, load<f64>(times + 8 * from));
  store<f64>(keys + 8 * to, load<f64>(keys + 8 * from));
  store<u32>(slots + 4 * to, load<u32>(slots + 4 * from));
}

function put(at: u32, time: f64, key: f64, slot: u32): void {
  store<f64>(load<u32>(QUEUE_TIMES_AT) + 8 * at, time);
  store<f64>(load<u32>(QUEUE_KEYS_AT) + 8 * at, key);
  store<u32>(load<u32>(QUEUE_SLOTS_AT) + 4 * at, slot);
}
