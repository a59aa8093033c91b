/** What a home does with requests for its lines: one after the other, as the tables say. */
import * as layout from '../../../assembly/coherence/layout.ts';
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
} from './directory.ts';
import { send, sideAt, spend } from './link.ts';
import { load, loadF, store, storeF } from './memory.ts';
import { readMemory, writeMemory } from './memory-side.ts';
import { push } from './queue.ts';
import { agentAt, freeSlot, indexOf, slotAt, takeSlot } from './slots.ts';
import { unreachable } from './stop.ts';
import { remainder } from './tags.ts';

/** EVENT_REQUEST: a request is at the home of its line. */
export function requestArrives(slot: number): void {
  const now = loadF(layout.NOW);
  const line = load(slot + layout.SLOT_LINE);
  const start = occupySlice(sideAt(line >>> 31), line, now);
  spend(slot, layout.PART_HOME_QUEUE, start - now);
  const record = recordOf(line);
  if (isClosed(record, now)) {
    storeF(slot + layout.SLOT_SINCE, start);
    enqueue(record, slot);
  } else serve(slot, record, start);
}

function occupySlice(side: number, line: number, now: number): number {
  const slice =
    load(side + layout.SIDE_SLICES_AT) + 8 * remainder(line & 0x7fffffff, load(side + layout.SIDE_SLICES));
  const free = loadF(slice);
  const start = free > now ? free : now;
  storeF(slice, start + loadF(side + layout.SIDE_OCCUPANCY));
  return start;
}

/** Whether a request is being served. One whose end is known and past is forgotten here. */
function isClosed(record: number, now: number): boolean {
  const opens = loadF(record + layout.RECORD_OPENS);
  if (opens === 0) return false;
  // Those that wait are first, and an event says when it is their turn.
  if (opens < 0 || opens > now || load(record + layout.RECORD_LAST) !== 0) return true;
  open(record);
  return false;
}

function open(record: number): void {
  storeF(record + layout.RECORD_OPENS, 0);
}

/** Until it is known when the request of `slot` ends. */
function close(record: number, slot: number): void {
  storeF(record + layout.RECORD_OPENS, -indexOf(slot));
}

function enqueue(record: number, slot: number): void {
  const index = indexOf(slot);
  const last = load(record + layout.RECORD_LAST);
  store(record + layout.RECORD_LAST, index);
  if (last === 0) {
    store(slot + layout.SLOT_NEXT, index);
    if (loadF(record + layout.RECORD_OPENS) > 0) pushOpen(record);
  } else {
    const before = slotAt(last);
    store(slot + layout.SLOT_NEXT, load(before + layout.SLOT_NEXT));
    store(before + layout.SLOT_NEXT, index);
  }
}

/** Takes the first of those that wait, or returns 0. */
function dequeue(record: number): number {
  const last = load(record + layout.RECORD_LAST);
  if (last === 0) return 0;
  const first = firstWaiting(record);
  if (first === last) store(record + layout.RECORD_LAST, 0);
  else store(slotAt(last) + layout.SLOT_NEXT, load(slotAt(first) + layout.SLOT_NEXT));
  return slotAt(first);
}

function firstWaiting(record: number): number {
  return load(slotAt(load(record + layout.RECORD_LAST)) + layout.SLOT_NEXT);
}

function pushOpen(record: number): void {
  const first = firstWaiting(record);
  const agent = load(slotAt(first) + layout.SLOT_AGENT);
  push(loadF(record + layout.RECORD_OPENS), layout.EVENT_OPEN, agent, first);
}

/** The request that is served ends at `time`. */
function opensAt(record: number, time: number): void {
  storeF(record + layout.RECORD_OPENS, time);
  if (load(record + layout.RECORD_LAST) !== 0) pushOpen(record);
}

/** EVENT_OPEN: the first of those that wait for a line, and whoever can be served with it. */
export function lineOpens(slot: number): void {
  const now = loadF(layout.NOW);
  const record = recordOf(load(slot + layout.SLOT_LINE));
  open(record);
  while (loadF(record + layout.RECORD_OPENS) === 0) {
    const next = dequeue(record);
    if (next === 0) return;
    const since = loadF(next + layout.SLOT_SINCE);
    const time = since > now ? since : now;
    spend(next, layout.PART_LINE_CLOSED, time - since);
    serve(next, record, time);
  }
}

function viewOf(record: number, slot: number): number {
  const held = heldOf(record);
  if (held === layout.HELD_NOBODY) return layout.VIEW_NOBODY;
  const agent = load(slot + layout.SLOT_AGENT);
  const isOwn = agent < load(layout.CORE_COUNT) && isHolder(record, agent);
  if (held === layout.HELD_SHARED) return isOwn ? layout.VIEW_SHARED_OWN : layout.VIEW_SHARED;
  return isOwn ? layout.VIEW_OWN : layout.VIEW_OTHER;
}

function serve(slot: number, record: number, time: number): void {
  const request = load(slot + layout.SLOT_MESSAGE);
  const view = viewOf(record, slot);
  const rule = load(load(layout.HOME_RULES_AT) + 4 * (request * layout.VIEW_COUNT + view));
  if ((rule & layout.HOME_IS) === 0) {
    unreachable(2, request, view);
    return;
  }
  store(slot + layout.SLOT_RULE, rule);
  const snoop = (rule >> layout.HOME_SNOOP_SHIFT) & layout.HOME_SNOOP;
  if (snoop !== 0 && askHolders(slot, record, snoop, time) > 0) {
    close(record, slot);
    storeF(slot + layout.SLOT_SINCE, time);
  } else reply(slot, record, time);
}

/** Returns how many were asked to give their copies up. */
function askHolders(slot: number, record: number, snoop: number, time: number): number {
  const line = load(slot + layout.SLOT_LINE);
  const asksAll = (load(slot + layout.SLOT_RULE) & layout.HOME_ASKS_ALL) !== 0;
  const requester = load(slot + layout.SLOT_AGENT);
  const cores = load(layout.CORE_COUNT);
  let asked = 0;
  for (let core = 0; core < cores; core++) {
    if (!isHolder(record, core) || (core === requester && !asksAll)) continue;
    const question = takeSlot(core, line);
    store(question + layout.SLOT_MESSAGE, layout.MESSAGE_SNP_SHARED + snoop - 1);
    store(question + layout.SLOT_PARENT, indexOf(slot));
    send(
      question,
      time,
      layout.EVENT_SNOOP,
      line >>> 31,
      0,
      layout.SIZE_REQUEST,
      0,
      loadF(sideAt(0) + layout.SIDE_HOP),
    );
    asked++;
  }
  store(slot + layout.SLOT_AWAITED, asked);
  return asked;
}

/** EVENT_ANSWER: a holder has given up what it was asked for. */
export function answerArrives(answer: number): void {
  const slot = slotAt(load(answer + layout.SLOT_PARENT));
  const awaited = load(slot + layout.SLOT_AWAITED) - 1;
  store(slot + layout.SLOT_AWAITED, awaited);
  if (load(answer + layout.SLOT_HAS_DATA) !== 0) store(slot + layout.SLOT_HAS_DATA, 1);
  freeSlot(answer);
  if (awaited > 0) return;
  const now = loadF(layout.NOW);
  spend(slot, layout.PART_SNOOPS, now - loadF(slot + layout.SLOT_SINCE));
  reply(slot, recordOf(load(slot + layout.SLOT_LINE)), now);
}

function reply(slot: number, record: number, from: number): void {
  const rule = load(slot + layout.SLOT_RULE);
  const line = load(slot + layout.SLOT_LINE);
  const merges = (rule >> layout.HOME_MERGES_SHIFT) & layout.HOME_MERGES;
  const isAtomic = merges === layout.MERGE_ATOMIC;
  let time = dataAt(slot, line, rule, merges, from);
  let opens = from;
  if (isAtomic) {
    makeKnown(record, line);
    doAtomic(slot, record);
    const home = sideAt(line >>> 31);
    const latency = loadF(home + layout.SIDE_ATOMIC_LATENCY);
    opens = time + loadF(home + layout.SIDE_ATOMIC);
    spend(slot, layout.PART_ATOMIC, latency);
    time += latency;
  }
  const next = (rule >> layout.HOME_NEXT_SHIFT) & layout.HOME_NEXT;
  if (next !== layout.NEXT_SAME) settle(record, line, next, load(slot + layout.SLOT_AGENT));
  const wasServing = loadF(record + layout.RECORD_OPENS) !== 0;
  if ((rule & layout.HOME_UNTIL_ACK) !== 0) close(record, slot);
  if (isAtomic || (wasServing && (rule & layout.HOME_UNTIL_ACK) === 0)) opensAt(record, opens);
  store(slot + layout.SLOT_REPLY, rule & layout.HOME_REPLY);
  const size = (rule & layout.HOME_HAS_DATA) !== 0 ? layout.SIZE_READ_DATA : layout.SIZE_RESPONSE;
  const side = load(agentAt(load(slot + layout.SLOT_AGENT)) + layout.AGENT_SIDE);
  const hop = loadF(sideAt(side) + layout.SIDE_HOP);
  send(slot, time, layout.EVENT_REPLY, line >>> 31, side, size, 0, hop);
}

/** When what the reply needs is at hand: from a holder, or from memory. */
function dataAt(slot: number, line: number, rule: number, merges: number, from: number): number {
  const hasData = load(slot + layout.SLOT_HAS_DATA) !== 0;
  const placed = hasData ? writeMemory(slot, line, from) : from;
  if (merges !== layout.MERGE_NOTHING && merges !== layout.MERGE_ATOMIC)
    return writeMemory(slot, line, placed);
  if (hasData || (rule & layout.HOME_HAS_DATA) === 0) return placed;
  const isFar = load(agentAt(load(slot + layout.SLOT_AGENT)) + layout.AGENT_SIDE) !== line >>> 31;
  const time = readMemory(slot, line, placed, isFar);
  if (merges === layout.MERGE_ATOMIC) writeMemory(slot, line, time);
  return time;
}

function doAtomic(slot: number, record: number): void {
  const found = wordOf(record);
  const operation = load(slot + layout.SLOT_WHAT) & layout.ACCESS_OPERATION;
  store(slot + layout.SLOT_FOUND, found);
  if (succeeds(operation, found)) addToWord(record);
}

/** Whether an atomic changes the word that it finds. Each that does adds 1, so that turns alternate. */
export function succeeds(operation: number, found: number): boolean {
  if (operation === layout.ACCESS_ADD) return true;
  return (found & 1) === (operation === layout.ACCESS_SWAP_ODD ? 1 : 0);
}

function settle(record: number, line: number, next: number, requester: number): void {
  makeKnown(record, line);
  if (next === layout.NEXT_NOBODY || next === layout.NEXT_EXCLUSIVE) clearHolders(record);
  if (next === layout.NEXT_EXCLUSIVE || next === layout.NEXT_ADD) addHolder(record, requester);
  if (next === layout.NEXT_REMOVE) removeHolder(record, requester);
  let held = layout.HELD_SHARED as number;
  if (next === layout.NEXT_EXCLUSIVE) held = layout.HELD_EXCLUSIVE;
  else if (!hasHolders(record)) held = layout.HELD_NOBODY;
  setHeld(record, held);
}

/** Who asked has what it asked for, and its word of it comes at `time`. */
export function acknowledge(line: number, time: number): void {
  opensAt(recordOf(line), time);
}

/** EVENT_ACKNOWLEDGE: that word came over the link. */
export function acknowledgementArrives(slot: number): void {
  acknowledge(load(slot + layout.SLOT_LINE), loadF(layout.NOW));
  freeSlot(slot);
}
