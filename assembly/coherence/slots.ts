// Transactions, snoops and messages on their way: a pool of slots, and of each agent a hash table of its own.
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
} from './layout';

export function agentAt(agent: u32): usize {
  return load<u32>(AGENTS_AT) + AGENT_BYTES * agent;
}

export function slotAt(index: u32): usize {
  return load<u32>(SLOTS_AT) + SLOT_BYTES * index;
}

export function indexOf(slot: usize): u32 {
  return <u32>(slot - load<u32>(SLOTS_AT)) / SLOT_BYTES;
}

/** A slot with nothing in it but these two. There always is one: a run stops before events when few are left. */
export function takeSlot(agent: u32, line: u32): usize {
  const slot = slotAt(load<u32>(FREE_SLOT));
  store<u32>(FREE_SLOT, load<u32>(slot, SLOT_NEXT));
  store<u32>(FREE_COUNT, load<u32>(FREE_COUNT) - 1);
  for (let at: usize = 0; at < <usize>SLOT_BYTES; at += 8) store<u64>(slot + at, 0);
  store<u32>(slot, agent, SLOT_AGENT);
  store<u32>(slot, line, SLOT_LINE);
  return slot;
}

export function freeSlot(slot: usize): void {
  store<u32>(slot, load<u32>(FREE_SLOT), SLOT_NEXT);
  store<u32>(FREE_SLOT, indexOf(slot));
  store<u32>(FREE_COUNT, load<u32>(FREE_COUNT) + 1);
}

/** Where the first transaction of the bucket of `line` is named. */
function bucketOf(agent: usize, line: u32): usize {
  const bucket = (line * 0x9e3779b1) >> load<u32>(agent, AGENT_BUCKET_SHIFT);
  return load<u32>(agent, AGENT_BUCKETS_AT) + 4 * bucket;
}

/** Notes a transaction of an agent, so that its next accesses to the line find it. */
export function enlist(slot: usize): void {
  const bucket = bucketOf(agentAt(load<u32>(slot, SLOT_AGENT)), load<u32>(slot, SLOT_LINE));
  const first = load<u32>(bucket);
  const index = indexOf(slot);
  store<u32>(slot, 0, SLOT_BEFORE);
  store<u32>(slot, first, SLOT_AFTER);
  if (first != 0) store<u32>(slotAt(first), index, SLOT_BEFORE);
  store<u32>(bucket, index);
}

export function delist(slot: usize): void {
  const before = load<u32>(slot, SLOT_BEFORE);
  const after = load<u32>(slot, SLOT_AFTER);
  if (before != 0) store<u32>(slotAt(before), after, SLOT_AFTER);
  else store<u32>(bucketOf(agentAt(load<u32>(slot, SLOT_AGENT)), load<u32>(slot, SLOT_LINE)), after);
  if (after != 0) store<u32>(slotAt(after), before, SLOT_BEFORE);
}

/** The transaction of an agent for a line, or 0. */
export function findSlot(agent: usize, line: u32): usize {
  for (let index = load<u32>(bucketOf(agent, line)); index != 0; ) {
    const slot = slotAt(index);
    if (load<u32>(slot, SLOT_LINE) == line) return slot;
    index = load<u32>(slot, SLOT_AFTER);
  }
  return 0;
}
