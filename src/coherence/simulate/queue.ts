/**
 * Events in their total order: time, kind of event, agent, sequence. A heap of four children a node, in three arrays: it is
 * half as deep as one of two, and the children's times lie in one line of the host's cache.
 */
import {
  EVENT_ISSUE,
  NOW,
  QUEUE_KEYS_AT,
  QUEUE_LENGTH,
  QUEUE_SLOTS_AT,
  QUEUE_TIMES_AT,
  SEQUENCE,
} from '../../../assembly/coherence/layout.ts';
import { load, loadF, store, storeF } from './memory.ts';

/** 2^48 and 2^40: kind, agent and sequence in one number. */
const KIND = 281474976710656;
const AGENT = 1099511627776;

export function kindOf(key: number): number {
  return Math.floor(key / KIND);
}

/** @param slot what the event is about: a transaction, or of EVENT_ISSUE the agent */
export function push(time: number, kind: number, agent: number, slot: number): void {
  const sequence = loadF(SEQUENCE);
  storeF(SEQUENCE, sequence + 1);
  const length = load(QUEUE_LENGTH);
  store(QUEUE_LENGTH, length + 1);
  siftUp(length, time, kind * KIND + agent * AGENT + sequence, slot);
}

/** When the next event is, or infinity. */
export function nextTime(): number {
  return load(QUEUE_LENGTH) === 0 ? Infinity : loadF(load(QUEUE_TIMES_AT));
}

/** Whether anything happens before an agent begins an access at `time`, which at equal times comes last. */
export function isNextBefore(time: number): boolean {
  const next = nextTime();
  if (next !== time) return next < time;
  return kindOf(loadF(load(QUEUE_KEYS_AT))) !== EVENT_ISSUE;
}

/** Takes the first event out: sets NOW, leaves its key and slot in `popped`. */
export const popped = { key: 0, slot: 0 };

export function pop(): void {
  const times = load(QUEUE_TIMES_AT);
  const keys = load(QUEUE_KEYS_AT);
  const slots = load(QUEUE_SLOTS_AT);
  const last = load(QUEUE_LENGTH) - 1;
  storeF(NOW, loadF(times));
  popped.key = loadF(keys);
  popped.slot = load(slots);
  store(QUEUE_LENGTH, last);
  if (last > 0) siftDown(loadF(times + 8 * last), loadF(keys + 8 * last), load(slots + 4 * last));
}

function siftUp(from: number, time: number, key: number, slot: number): void {
  const times = load(QUEUE_TIMES_AT);
  const keys = load(QUEUE_KEYS_AT);
  let at = from;
  while (at > 0) {
    const parent = (at - 1) >> 2;
    const parentTime = loadF(times + 8 * parent);
    if (parentTime < time || (parentTime === time && loadF(keys + 8 * parent) < key)) break;
    move(parent, at);
    at = parent;
  }
  put(at, time, key, slot);
}

function siftDown(time: number, key: number, slot: number): void {
  const times = load(QUEUE_TIMES_AT);
  const keys = load(QUEUE_KEYS_AT);
  const length = load(QUEUE_LENGTH);
  let at = 0;
  for (;;) {
    const first = 4 * at + 1;
    if (first >= length) break;
    const end = first + 4 < length ? first + 4 : length;
    let least = first;
    let leastTime = loadF(times + 8 * first);
    for (let child = first + 1; child < end; child++) {
      const childTime = loadF(times + 8 * child);
      if (childTime > leastTime) continue;
      if (childTime === leastTime && loadF(keys + 8 * child) > loadF(keys + 8 * least)) continue;
      least = child;
      leastTime = childTime;
    }
    if (time < leastTime || (time === leastTime && key < loadF(keys + 8 * least))) break;
    move(least, at);
    at = least;
  }
  put(at, time, key, slot);
}

function move(from: number, to: number): void {
  const times = load(QUEUE_TIMES_AT);
  const keys = load(QUEUE_KEYS_AT);
  const slots = load(QUEUE_SLOTS_AT);
  storeF(times + 8 * to, loadF(times + 8 * from));
  storeF(keys + 8 * to, loadF(keys + 8 * from));
  store(slots + 4 * to, load(slots + 4 * from));
}

function put(at: number, time: number, key: number, slot: number): void {
  storeF(load(QUEUE_TIMES_AT) + 8 * at, time);
  storeF(load(QUEUE_KEYS_AT) + 8 * at, key);
  store(load(QUEUE_SLOTS_AT) + 4 * at, slot);
}
