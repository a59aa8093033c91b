// What a home does with requests for its lines: one after the other, as the tables say.

import {
  addHolder,
  addToWord,
  clearHolders,
  hasHolders,
  heldOf,
  isHolder,
  makeKnown,
  recordOf,
  removeHolder,
  setHeld,
  wordOf,
} from './directory';
import * as layout from './layout';
import { send, sideAt, spend } from './link';
import { readMemory, writeMemory } from './memory-side';
import { push } from './queue';
import { agentAt, freeSlot, indexOf, slotAt, takeSlot } from './slots';
import { unreachable } from './stop';
import { remainder } from './tags';

/** EVENT_REQUEST: a request is at the home of its line. */
export function requestArrives(slot: usize): void {
  const now = load<f64>(layout.NOW);
  const line = load<u32>(slot, layout.SLOT_LINE);
  const start = occupySlice(sideAt(line >> 31), line, now);
  spend(slot, layout.PART_HOME_QUEUE, start - now);
  const record = recordOf(line);
  if (isClosed(record, now)) {
    store<f64>(slot, start, layout.SLOT_SINCE);
    enqueue(record, slot);
  } else serve(slot, record, start);
}

function occupySlice(side: usize, line: u32, now: f64): f64 {
  const slice =
    load<u32>(side, layout.SIDE_SLICES_AT) +
    8 * remainder(line & 0x7fffffff, load<u32>(side, layout.SIDE_SLICES));
  const free = load<f64>(slice);
  const start = free > now ? free : now;
  store<f64>(slice, start + load<f64>(side, layout.SIDE_OCCUPANCY));
  return start;
}

/** Whether a request is being served. One whose end is known and past is forgotten here. */
function isClosed(record: usize, now: f64): bool {
  const opens = load<f64>(record, layout.RECORD_OPENS);
  if (opens == 0) return false;
  // Those that wait are first, and an event says when it is their turn.
  if (opens < 0 || opens > now || load<u32>(record, layout.RECORD_LAST) != 0) return true;
  open(record);
  return false;
}

function open(record: usize): void {
  store<f64>(record, 0, layout.RECORD_OPENS);
}

/** Until it is known when the request of `slot` ends. */
function close(record: usize, slot: usize): void {
  store<f64>(record, -(<f64>indexOf(slot)), layout.RECORD_OPENS);
}

function enqueue(record: usize, slot: usize): void {
  const index = indexOf(slot);
  const last = load<u32>(record, layout.RECORD_LAST);
  store<u32>(record, index, layout.RECORD_LAST);
  if (last == 0) {
    store<u32>(slot, index, layout.SLOT_NEXT);
    if (load<f64>(record, layout.RECORD_OPENS) > 0) pushOpen(record);
  } else {
    const before = slotAt(last);
    store<u32>(slot, load<u32>(before, layout.SLOT_NEXT), layout.SLOT_NEXT);
    store<u32>(before, index, layout.SLOT_NEXT);
  }
}

/** Takes the first of those that wait, or returns 0. */
function dequeue(record: usize): usize {
  const last = load<u32>(record, layout.RECORD_LAST);
  if (last == 0) return 0;
  const first = firstWaiting(record);
  if (first == last) store<u32>(record, 0, layout.RECORD_LAST);
  else store<u32>(slotAt(last), load<u32>(slotAt(first), layout.SLOT_NEXT), layout.SLOT_NEXT);
  return slotAt(first);
}

function firstWaiting(record: usize): u32 {
  return load<u32>(slotAt(load<u32>(record, layout.RECORD_LAST)), layout.SLOT_NEXT);
}

function pushOpen(record: usize): void {
  const first = firstWaiting(record);
  const agent = load<u32>(slotAt(first), layout.SLOT_AGENT);
  push(load<f64>(record, layout.RECORD_OPENS), layout.EVENT_OPEN, agent, first);
}

/** The request that is served ends at `time`. */
function opensAt(record: usize, time: f64): void {
  store<f64>(record, time, layout.RECORD_OPENS);
  if (load<u32>(record, layout.RECORD_LAST) != 0) pushOpen(record);
}

/** EVENT_OPEN: the first of those that wait for a line, and whoever can be served with it. */
export function lineOpens(slot: usize): void {
  const now = load<f64>(layout.NOW);
  const record = recordOf(load<u32>(slot, layout.SLOT_LINE));
  open(record);
  while (load<f64>(record, layout.RECORD_OPENS) == 0) {
    const next = dequeue(record);
    if (next == 0) return;
    const since = load<f64>(next, layout.SLOT_SINCE);
    const time = since > now ? since : now;
    spend(next, layout.PART_LINE_CLOSED, time - since);
    serve(next, record, time);
  }
}

function viewOf(record: usize, slot: usize): u32 {
  const held = heldOf(record);
  if (held == layout.HELD_NOBODY) return layout.VIEW_NOBODY;
  const agent = load<u32>(slot, layout.SLOT_AGENT);
  const isOwn = agent < load<u32>(layout.CORE_COUNT) && isHolder(record, agent);
  if (held == layout.HELD_SHARED) return isOwn ? layout.VIEW_SHARED_OWN : layout.VIEW_SHARED;
  return isOwn ? layout.VIEW_OWN : layout.VIEW_OTHER;
}

function serve(slot: usize, record: usize, time: f64): void {
  const request = load<u32>(slot, layout.SLOT_MESSAGE);
  const view = viewOf(record, slot);
  const rule = load<u32>(load<u32>(layout.HOME_RULES_AT) + 4 * (request * layout.VIEW_COUNT + view));
  if ((rule & layout.HOME_IS) == 0) {
    unreachable(2, request, view);
    return;
  }
  store<u32>(slot, rule, layout.SLOT_RULE);
  const snoop = (rule >> layout.HOME_SNOOP_SHIFT) & layout.HOME_SNOOP;
  if (snoop != 0 && askHolders(slot, record, snoop, time) > 0) {
    close(record, slot);
    store<f64>(slot, time, layout.SLOT_SINCE);
  } else reply(slot, record, time);
}

/** Returns how many were asked to give their copies up. */
function askHolders(slot: usize, record: usize, snoop: u32, time: f64): u32 {
  const line = load<u32>(slot, layout.SLOT_LINE);
  const asksAll = (load<u32>(slot, layout.SLOT_RULE) & layout.HOME_ASKS_ALL) != 0;
  const requester = load<u32>(slot, layout.SLOT_AGENT);
  const cores = load<u32>(layout.CORE_COUNT);
  let asked: u32 = 0;
  for (let core: u32 = 0; core < cores; core++) {
    if (!isHolder(record, core) || (core == requester && !asksAll)) continue;
    const question = takeSlot(core, line);
    store<u32>(question, layout.MESSAGE_SNP_SHARED + snoop - 1, layout.SLOT_MESSAGE);
    store<u32>(question, indexOf(slot), layout.SLOT_PARENT);
    send(
      question,
      time,
      layout.EVENT_SNOOP,
      line >> 31,
      0,
      layout.SIZE_REQUEST,
      0,
      load<f64>(sideAt(0), layout.SIDE_HOP),
    );
    asked++;
  }
  store<u32>(slot, asked, layout.SLOT_AWAITED);
  return asked;
}

/** EVENT_ANSWER: a holder has given up what it was asked for. */
export function answerArrives(answer: usize): void {
  const slot = slotAt(load<u32>(answer, layout.SLOT_PARENT));
  const awaited = load<u32>(slot, layout.SLOT_AWAITED) - 1;
  store<u32>(slot, awaited, layout.SLOT_AWAITED);
  if (load<u32>(answer, layout.SLOT_HAS_DATA) != 0) store<u32>(slot, 1, layout.SLOT_HAS_DATA);
  freeSlot(answer);
  if (awaited > 0) return;
  const now = load<f64>(layout.NOW);
  spend(slot, layout.PART_SNOOPS, now - load<f64>(slot, layout.SLOT_SINCE));
  reply(slot, recordOf(load<u32>(slot, layout.SLOT_LINE)), now);
}

function reply(slot: usize, record: usize, from: f64): void {
  const rule = load<u32>(slot, layout.SLOT_RULE);
  const line = load<u32>(slot, layout.SLOT_LINE);
  const merges = (rule >> layout.HOME_MERGES_SHIFT) & layout.HOME_MERGES;
  const isAtomic = merges == layout.MERGE_ATOMIC;
  let time = dataAt(slot, line, rule, merges, from);
  let opens = from;
  if (isAtomic) {
    makeKnown(record, line);
    doAtomic(slot, record);
    const home = sideAt(line >> 31);
    const latency = load<f64>(home, layout.SIDE_ATOMIC_LATENCY);
    opens = time + load<f64>(home, layout.SIDE_ATOMIC);
    spend(slot, layout.PART_ATOMIC, latency);
    time += latency;
  }
  const next = (rule >> layout.HOME_NEXT_SHIFT) & layout.HOME_NEXT;
  if (next != layout.NEXT_SAME) settle(record, line, next, load<u32>(slot, layout.SLOT_AGENT));
  const wasServing = load<f64>(record, layout.RECORD_OPENS) != 0;
  if ((rule & layout.HOME_UNTIL_ACK) != 0) close(record, slot);
  if (isAtomic || (wasServing && (rule & layout.HOME_UNTIL_ACK) == 0)) opensAt(record, opens);
  store<u32>(slot, rule & layout.HOME_REPLY, layout.SLOT_REPLY);
  const size = (rule & layout.HOME_HAS_DATA) != 0 ? layout.SIZE_READ_DATA : layout.SIZE_RESPONSE;
  const side = load<u32>(agentAt(load<u32>(slot, layout.SLOT_AGENT)), layout.AGENT_SIDE);
  const hop = load<f64>(sideAt(side), layout.SIDE_HOP);
  send(slot, time, layout.EVENT_REPLY, line >> 31, side, size, 0, hop);
}

/** When what the reply needs is at hand: from a holder, or from memory. */
function dataAt(slot: usize, line: u32, rule: u32, merges: u32, from: f64): f64 {
  const hasData = load<u32>(slot, layout.SLOT_HAS_DATA) != 0;
  const placed = hasData ? writeMemory(slot, line, from) : from;
  if (merges != layout.MERGE_NOTHING && merges != layout.MERGE_ATOMIC) return writeMemory(slot, line, placed);
  if (hasData || (rule & layout.HOME_HAS_DATA) == 0) return placed;
  const isFar = load<u32>(agentAt(load<u32>(slot, layout.SLOT_AGENT)), layout.AGENT_SIDE) != line >> 31;
  const time = readMemory(slot, line, placed, isFar);
  if (merges == layout.MERGE_ATOMIC) writeMemory(slot, line, time);
  return time;
}

function doAtomic(slot: usize, record: usize): void {
  const found = wordOf(record);
  const operation = load<u32>(slot, layout.SLOT_WHAT) & layout.ACCESS_OPERATION;
  store<u32>(slot, found, layout.SLOT_FOUND);
  if (succeeds(operation, found)) addToWord(record);
}

/** Whether an atomic changes the word that it finds. Each that does adds 1, so that turns alternate. */
export function succeeds(operation: u32, found: u32): bool {
  if (operation == layout.ACCESS_ADD) return true;
  return (found & 1) == (operation == layout.ACCESS_SWAP_ODD ? 1 : 0);
}

function settle(record: usize, line: u32, next: u32, requester: u32): void {
  makeKnown(record, line);
  if (next == layout.NEXT_NOBODY || next == layout.NEXT_EXCLUSIVE) clearHolders(record);
  if (next == layout.NEXT_EXCLUSIVE || next == layout.NEXT_ADD) addHolder(record, requester);
  if (next == layout.NEXT_REMOVE) removeHolder(record, requester);
  let held: u32 = layout.HELD_SHARED;
  if (next == layout.NEXT_EXCLUSIVE) held = layout.HELD_EXCLUSIVE;
  else if (!hasHolders(record)) held = layout.HELD_NOBODY;
  setHeld(record, held);
}

/** Who asked has what it asked for, and its word of it comes at `time`. */
export function acknowledge(line: u32, time: f64): void {
  opensAt(recordOf(line), time);
}

/** EVENT_ACKNOWLEDGE: that word came over the link. */
export function acknowledgementArrives(slot: usize): void {
  acknowledge(load<u32>(slot, layout.SLOT_LINE), load<f64>(layout.NOW));
  freeSlot(slot);
}
