/** Transactions, snoops and messages on their way: a pool of slots, and of each agent a hash table of its own. */
import {
  AGENT_BUCKET_SHIFT,
  AGENT_BUCKETS_AT,
  AGENT_BYTES,
  AGENTS_AT,
  FREE_COUNT,
  FREE_SLOT,
  SLOT_AFTER,
  SLOT_AGENT,
  SLOT_BEFORE,
  SLOT_BYTES,
  SLOT_LINE,
  SLOT_NEXT,
  SLOTS_AT,
} from '../../../assembly/coherence/layout.ts';
import { load, store, words } from './memory.ts';

export function agentAt(agent: number): number {
  return load(AGENTS_AT) + AGENT_BYTES * agent;
}

export function slotAt(index: number): number {
  return load(SLOTS_AT) + SLOT_BYTES * index;
}

export function indexOf(slot: number): number {
  return ((slot - load(SLOTS_AT)) / SLOT_BYTES) >>> 0;
}

/** A slot with nothing in it but these two. There always is one: a run stops before events when few are left. */
export function takeSlot(agent: number, line: number): number {
  const slot = slotAt(load(FREE_SLOT));
  store(FREE_SLOT, load(slot + SLOT_NEXT));
  store(FREE_COUNT, load(FREE_COUNT) - 1);
  for (let at = slot >>> 2, end = at + SLOT_BYTES / 4; at < end; at++) words[at] = 0;
  store(slot + SLOT_AGENT, agent);
  store(slot + SLOT_LINE, line);
  return slot;
}

export function freeSlot(slot: number): void {
  store(slot + SLOT_NEXT, load(FREE_SLOT));
  store(FREE_SLOT, indexOf(slot));
  store(FREE_COUNT, load(FREE_COUNT) + 1);
}

/** Where the first transaction of the bucket of `line` is named. */
function bucketOf(agent: number, line: number): number {
  const bucket = Math.imul(line, 0x9e3779b1) >>> load(agent + AGENT_BUCKET_SHIFT);
  return load(agent + AGENT_BUCKETS_AT) + 4 * bucket;
}

/** Notes a transaction of an agent, so that its next accesses to the line find it. */
export function enlist(slot: number): void {
  const bucket = bucketOf(agentAt(load(slot + SLOT_AGENT)), load(slot + SLOT_LINE));
  const first = load(bucket);
  const index = indexOf(slot);
  store(slot + SLOT_BEFORE, 0);
  store(slot + SLOT_AFTER, first);
  if (first !== 0) store(slotAt(first) + SLOT_BEFORE, index);
  store(bucket, index);
}

export function delist(slot: number): void {
  const before = load(slot + SLOT_BEFORE);
  const after = load(slot + SLOT_AFTER);
  if (before !== 0) store(slotAt(before) + SLOT_AFTER, after);
  else store(bucketOf(agentAt(load(slot + SLOT_AGENT)), load(slot + SLOT_LINE)), after);
  if (after !== 0) store(slotAt(after) + SLOT_BEFORE, before);
}

/** The transaction of an agent for a line, or 0. */
export function findSlot(agent: number, line: number): number {
  for (let index = load(bucketOf(agent, line)); index !== 0; ) {
    const slot = slotAt(index);
    if (load(slot + SLOT_LINE) === line) return slot;
    index = load(slot + SLOT_AFTER);
  }
  return 0;
}
