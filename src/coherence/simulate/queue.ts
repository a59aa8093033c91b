/**
 * Events in their total order: time, kind of event, agent, sequence. Those of agents that go on have a queue of their own:
 * they are soon, and would pass all others in a common one. Each is a heap of four children a node, in three arrays: it is
 * half as deep as one of two, and the children's times lie in one line of the host's cache.
 */
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
} from '../../../assembly/coherence/layout.ts';
import { floats, load, loadF, store, storeF, words } from './memory.ts';

/** 2^50 and 2^39: kind, agent (11 bits) and sequence in one number. */
const KIND = 1125899906842624;
const AGENT = 549755813888;

export function kindOf(key: number): number {
  return Math.floor(key / KIND);
}

/** @param slot what the event is about: a transaction, or of EVENT_ISSUE the agent */
export function push(time: number, kind: number, agent: number, slot: number): void {
  const queue = kind === EVENT_ISSUE ? ISSUES : MESSAGES;
  const sequence = loadF(SEQUENCE);
  storeF(SEQUENCE, sequence + 1);
  const length = load(queue + QUEUE_LENGTH);
  store(queue + QUEUE_LENGTH, length + 1);
  siftUp(queue, length, time, kind * KIND + agent * AGENT + sequence, slot);
}

/** When the first event of a queue is. Infinity is there where none is. */
function firstTime(queue: number): number {
  return loadF(load(queue + QUEUE_TIMES_AT));
}

export function isEmpty(): boolean {
  return (load(ISSUES + QUEUE_LENGTH) | load(MESSAGES + QUEUE_LENGTH)) === 0;
}

/**
 * Whether anything can happen to an agent before it begins an access at `time`, which at equal times comes last. Nothing
 * is to arrive there before `arrival`, and what is for others takes `hop` at least from where it happens.
 */
export function mayMeet(time: number, arrival: number, hop: number): boolean {
  const message = firstTime(MESSAGES);
  if (arrival <= time && message <= time) return true;
  return message + hop <= time || firstTime(ISSUES) + hop < time;
}

/** Takes the first event out: sets NOW, leaves its key and slot in `popped`. */
export const popped = { key: 0, slot: 0 };

export function pop(): void {
  const queue = firstTime(ISSUES) < firstTime(MESSAGES) ? ISSUES : MESSAGES;
  const times = load(queue + QUEUE_TIMES_AT) >>> 3;
  const keys = load(queue + QUEUE_KEYS_AT) >>> 3;
  const slots = load(queue + QUEUE_SLOTS_AT) >>> 2;
  const last = load(queue + QUEUE_LENGTH) - 1;
  storeF(NOW, floats[times]!);
  popped.key = floats[keys]!;
  popped.slot = words[slots]!;
  store(queue + QUEUE_LENGTH, last);
  if (last > 0) siftDown(queue, last, floats[times + last]!, floats[keys + last]!, words[slots + last]!);
  else floats[times] = Infinity;
}

function siftUp(queue: number, from: number, time: number, key: number, slot: number): void {
  const times = load(queue + QUEUE_TIMES_AT) >>> 3;
  const keys = load(queue + QUEUE_KEYS_AT) >>> 3;
  const slots = load(queue + QUEUE_SLOTS_AT) >>> 2;
  let at = from;
  while (at > 0) {
    const parent = (at - 1) >> 2;
    const parentTime = floats[times + parent]!;
    if (parentTime < time || (parentTime === time && floats[keys + parent]! < key)) break;
    floats[times + at] = parentTime;
    floats[keys + at] = floats[keys + parent]!;
    words[slots + at] = words[slots + parent]!;
    at = parent;
  }
  floats[times + at] = time;
  floats[keys + at] = key;
  words[slots + at] = slot;
}

function siftDown(queue: number, length: number, time: number, key: number, slot: number): void {
  const times = load(queue + QUEUE_TIMES_AT) >>> 3;
  const keys = load(queue + QUEUE_KEYS_AT) >>> 3;
  const slots = load(queue + QUEUE_SLOTS_AT) >>> 2;
  let at = 0;
  for (;;) {
    const first = 4 * at + 1;
    if (first >= length) break;
    const end = first + 4 < length ? first + 4 : length;
    let least = first;
    let leastTime = floats[times + first]!;
    for (let child = first + 1; child < end; child++) {
      const childTime = floats[times + child]!;
      if (childTime > leastTime) continue;
      if (childTime === leastTime && floats[keys + child]! > floats[keys + least]!) continue;
      least = child;
      leastTime = childTime;
    }
    if (time < leastTime || (time === leastTime && key < floats[keys + least]!)) break;
    floats[times + at] = leastTime;
    floats[keys + at] = floats[keys + least]!;
    words[slots + at] = words[slots + least]!;
    at = least;
  }
  floats[times + at] = time;
  floats[keys + at] = key;
  words[slots + at] = slot;
}
