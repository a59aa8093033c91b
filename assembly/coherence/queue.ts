// Events in their total order: time, kind of event, agent, sequence. Those of agents that go on have a queue of their own:
// they are soon, and would pass all others in a common one. Each is a heap of four children a node, in three arrays: it is
// half as deep as one of two, and the children's times lie in one line of the host's cache.
import {
  EVENT_ISSUE,
  ISSUES,
  MESSAGES,
  NOW,
  QUEUE_KEYS_AT,
  QUEUE_LENGTH,
  QUEUE_SLOTS_AT,
  QUEUE_TIMES_AT,
  SEQUENCE,
} from './layout';

/** 2^50 and 2^39: kind, agent (11 bits) and sequence in one number, which a float holds to the last bit. */
const KIND: f64 = 1125899906842624;
const AGENT: f64 = 549755813888;

/** Of the event that `pop` took out. */
export let poppedKey: f64 = 0;
export let poppedSlot: u32 = 0;

export function kindOf(key: f64): u32 {
  return <u32>(<i64>key >> 50);
}

/** `slot` is what the event is about: a transaction, or of EVENT_ISSUE the agent. */
export function push(time: f64, kind: u32, agent: u32, slot: u32): void {
  const queue: usize = kind == EVENT_ISSUE ? ISSUES : MESSAGES;
  const sequence = load<f64>(SEQUENCE);
  store<f64>(SEQUENCE, sequence + 1);
  const length = load<u32>(queue, QUEUE_LENGTH);
  store<u32>(queue, length + 1, QUEUE_LENGTH);
  siftUp(queue, length, time, kind * KIND + agent * AGENT + sequence, slot);
}

/** When the first event of a queue is. Infinity is there where none is. */
function firstTime(queue: usize): f64 {
  return load<f64>(load<u32>(queue, QUEUE_TIMES_AT));
}

export function isEmpty(): bool {
  return (load<u32>(ISSUES, QUEUE_LENGTH) | load<u32>(MESSAGES, QUEUE_LENGTH)) == 0;
}

/**
 * Whether anything can happen to an agent before it begins an access at `time`, which at equal times comes last. Nothing
 * is to arrive there before `arrival`, and what is for others takes `hop` at least from where it happens.
 */
export function mayMeet(time: f64, arrival: f64, hop: f64): bool {
  const message = firstTime(MESSAGES);
  if (arrival <= time && message <= time) return true;
  return message + hop <= time || firstTime(ISSUES) + hop < time;
}

/** Takes the first event out: sets NOW, leaves its key and slot in globals. */
export function pop(): void {
  const queue: usize = firstTime(ISSUES) < firstTime(MESSAGES) ? ISSUES : MESSAGES;
  const times = load<u32>(queue, QUEUE_TIMES_AT);
  const keys = load<u32>(queue, QUEUE_KEYS_AT);
  const slots = load<u32>(queue, QUEUE_SLOTS_AT);
  const last = load<u32>(queue, QUEUE_LENGTH) - 1;
  store<f64>(NOW, load<f64>(times));
  poppedKey = load<f64>(keys);
  poppedSlot = load<u32>(slots);
  store<u32>(queue, last, QUEUE_LENGTH);
  if (last > 0)
    siftDown(
      queue,
      last,
      load<i64>(times + 8 * last),
      load<f64>(keys + 8 * last),
      load<u32>(slots + 4 * last),
    );
  else store<f64>(times, Infinity);
}

function siftUp(queue: usize, from: u32, time: f64, key: f64, slot: u32): void {
  const times = load<u32>(queue, QUEUE_TIMES_AT);
  const keys = load<u32>(queue, QUEUE_KEYS_AT);
  const slots = load<u32>(queue, QUEUE_SLOTS_AT);
  let at = from;
  while (at > 0) {
    const parent = (at - 1) >> 2;
    const parentTime = load<f64>(times + 8 * parent);
    if (parentTime < time || (parentTime == time && load<f64>(keys + 8 * parent) < key)) break;
    store<f64>(times + 8 * at, parentTime);
    store<f64>(keys + 8 * at, load<f64>(keys + 8 * parent));
    store<u32>(slots + 4 * at, load<u32>(slots + 4 * parent));
    at = parent;
  }
  store<f64>(times + 8 * at, time);
  store<f64>(keys + 8 * at, key);
  store<u32>(slots + 4 * at, slot);
}

/** Times are compared by their bits, whose order is the same where none is negative: of words the host can select one. */
function siftDown(queue: usize, length: u32, time: i64, key: f64, slot: u32): void {
  const times = load<u32>(queue, QUEUE_TIMES_AT);
  const keys = load<u32>(queue, QUEUE_KEYS_AT);
  const slots = load<u32>(queue, QUEUE_SLOTS_AT);
  let at: u32 = 0;
  while (true) {
    const first = at * 4 + 1;
    if (first >= length) break;
    const end = first + 4 < length ? first + 4 : length;
    let least = first;
    let leastTime = load<i64>(times + 8 * first);
    for (let child = first + 1; child < end; child++) {
      const childTime = load<i64>(times + 8 * child);
      let isLess = childTime < leastTime;
      if (childTime == leastTime) isLess = load<f64>(keys + 8 * child) < load<f64>(keys + 8 * least);
      least = select(child, least, isLess);
      leastTime = select(childTime, leastTime, isLess);
    }
    if (time < leastTime || (time == leastTime && key < load<f64>(keys + 8 * least))) break;
    store<i64>(times + 8 * at, leastTime);
    store<f64>(keys + 8 * at, load<f64>(keys + 8 * least));
    store<u32>(slots + 4 * at, load<u32>(slots + 4 * least));
    at = least;
  }
  store<i64>(times + 8 * at, time);
  store<f64>(keys + 8 * at, key);
  store<u32>(slots + 4 * at, slot);
}
