/** Transactions, snoops and messages on their way: a pool of slots, and of each agent a list of its own. */
import {
  AGENT_BYTES,
  AGENT_FILTER_AT,
  AGENT_FIRST_SLOT,
  AGENTS_AT,
  FILTER_ENTRIES,
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
import { load, loadByte, store, storeByte, words } from './memory.ts';

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

function filterOf(agentRecord: number, line: number): number {
  return load(agentRecord + AGENT_FILTER_AT) + (line & (FILTER_ENTRIES - 1));
}

/** Notes a transaction of an agent, so that its next accesses to the line find it. */
export function enlist(slot: number): void {
  const agent = agentAt(load(slot + SLOT_AGENT));
  const first = load(agent + AGENT_FIRST_SLOT);
  store(slot + SLOT_BEFORE, 0);
  store(slot + SLOT_AFTER, first);
  if (first !== 0) store(slotAt(first) + SLOT_BEFORE, indexOf(slot));
  store(agent + AGENT_FIRST_SLOT, indexOf(slot));
  const filter = filterOf(agent, load(slot + SLOT_LINE));
  storeByte(filter, loadByte(filter) + 1);
}

export function delist(slot: number): void {
  const agent = agentAt(load(slot + SLOT_AGENT));
  const before = load(slot + SLOT_BEFORE);
  const after = load(slot + SLOT_AFTER);
  if (before !== 0) store(slotAt(before) + SLOT_AFTER, after);
  else store(agent + AGENT_FIRST_SLOT, after);
  if (after !== 0) store(slotAt(after) + SLOT_BEFORE, before);
  const filter = filterOf(agent, load(slot + SLOT_LINE));
  storeByte(filter, loadByte(filter) - 1);
}

/** The transaction of an agent for a line, or 0. */
export function findSlot(agentRecord: number, line: number): number {
  if (loadByte(filterOf(agentRecord, line)) === 0) return 0;
  for (let index = load(agentRecord + AGENT_FIRST_SLOT); index !== 0; ) {
    const slot = slotAt(index);
    if (load(slot + SLOT_LINE) === line) return slot;
    index = load(slot + SLOT_AFTER);
  }
  return 0;
}
