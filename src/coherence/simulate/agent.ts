/** An agent: it begins accesses in order, has some of them on their way at the same time, and counts what has ended. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { readAhead } from './ahead.ts';
import {
  coherentSet,
  coherentWay,
  coreEvent,
  coreRule,
  fillLine,
  mayPin,
  nearAtomic,
  setState,
  stateAt,
  useLine,
} from './core.ts';
import { acquire, gpuDrop, gpuEvent, gpuFill, gpuRule, gpuState } from './gpu.ts';
import { acknowledge, succeeds } from './home.ts';
import { arrived, send, sideAt } from './link.ts';
import { add, addF, load, loadF, store, storeF } from './memory.ts';
import { isEmpty, mayMeet, push } from './queue.ts';
import { agentAt, delist, enlist, findSlot, freeSlot, takeSlot } from './slots.ts';
import { unreachable } from './stop.ts';
import { mixTrace } from './trace.ts';

/** How the begin of an access came out. */
const BEGUN = 0;
const WAITS = 1;
const AGAIN = 2;

/** Begins as many accesses as may begin before anything can happen to the agent. EVENT_ISSUE, and when an access has ended. */
export function issue(index: number): void {
  const agent = agentAt(index);
  const side = sideAt(load(agent + layout.AGENT_SIDE));
  store(agent + layout.AGENT_WAITS, 0);
  for (;;) {
    const cursor = load(agent + layout.AGENT_CURSOR);
    if (cursor === load(agent + layout.AGENT_ACCESS_COUNT)) {
      runOut(index, agent);
      return;
    }
    const access = load(agent + layout.AGENT_ACCESSES_AT) + layout.ACCESS_BYTES * cursor;
    const what = load(access + layout.ACCESS_WHAT);
    const depends = (what & layout.ACCESS_DEPENDS) !== 0;
    if (depends && (load(agent + layout.AGENT_READS) | load(agent + layout.AGENT_WRITES)) !== 0) {
      store(agent + layout.AGENT_WAITS, 1);
      return;
    }
    const time = mayBegin(agent, what, depends);
    if (mayMeet(time, loadF(agent + layout.AGENT_NEXT_ARRIVAL), loadF(side + layout.SIDE_HOP))) {
      push(time, layout.EVENT_ISSUE, index, index);
      return;
    }
    storeF(layout.NOW, time);
    const outcome = begin(index, agent, load(access + layout.ACCESS_LINE), what, time);
    if (outcome === WAITS) {
      store(agent + layout.AGENT_WAITS, 1);
      return;
    }
    if (outcome === AGAIN) {
      if (!isEmpty()) continue;
      store(layout.STOP, layout.STOP_STUCK);
      return;
    }
    store(agent + layout.AGENT_CURSOR, cursor + 1);
    storeF(agent + layout.AGENT_LAST_BEGIN, time);
    const isStream = (what & layout.ACCESS_OPERATION) === layout.ACCESS_STREAM;
    const pause = isStream ? loadF(side + layout.SIDE_STREAM_ISSUE) : loadF(side + layout.SIDE_ISSUE);
    const ready = time + pause;
    if (ready > loadF(agent + layout.AGENT_READY)) storeF(agent + layout.AGENT_READY, ready);
  }
}

/** It goes on at once when there are more. */
function runOut(index: number, agent: number): void {
  if (load(agent + layout.AGENT_REFILLS) === 0) return;
  store(layout.STOP, layout.STOP_REFILL);
  store(layout.STOPPED_AGENT, index);
  push(loadF(layout.NOW), layout.EVENT_ISSUE, index, index);
}

function mayBegin(agent: number, what: number, depends: boolean): number {
  let time = loadF(agent + layout.AGENT_READY);
  const now = loadF(layout.NOW);
  if (now > time) time = now;
  const gap = what >>> layout.ACCESS_GAP_SHIFT;
  if (gap !== 0) {
    const earliest = loadF(agent + layout.AGENT_LAST_BEGIN) + gap;
    if (earliest > time) time = earliest;
  }
  if (depends && loadF(agent + layout.AGENT_LAST_END) > time) time = loadF(agent + layout.AGENT_LAST_END);
  return time;
}

function begin(index: number, agent: number, line: number, what: number, time: number): number {
  mixTrace(agent + layout.AGENT_TRACE, time, line, what);
  if (load(agent + layout.AGENT_SIDE) === 0) return beginOnCore(index, agent, line, what, time);
  return beginOnGpu(index, agent, line, what, time);
}

function beginOnCore(index: number, agent: number, line: number, what: number, time: number): number {
  const operation = what & layout.ACCESS_OPERATION;
  const event = coreEvent(operation, line);
  const set = coherentSet(agent, line);
  const way = coherentWay(set, line);
  const state = stateAt(agent, set, way);
  const rule = coreRule(state, event);
  if ((rule & layout.RULE_IS) === 0) return merge(agent, line, event, time);
  if ((rule & layout.RULE_PERFORMS) !== 0) {
    const latency = useLine(agent, line, set, way, rule & layout.RULE_NEXT);
    addF(layout.PARTS + 8 * layout.PART_CACHE, latency);
    let began = time;
    if (operation >= layout.ACCESS_ADD) {
      if (!nearAtomic(line, operation)) {
        failed(agent, time);
        storeF(agent + layout.AGENT_READY, time + latency);
        return AGAIN;
      }
      began = firstTry(agent, time);
    }
    const isFirst = latency === loadF(sideAt(0) + layout.SIDE_HIT_1);
    addF(agent + (isFirst ? layout.AGENT_HITS_1 : layout.AGENT_HITS_2), 1);
    finish(agent, began, time + latency);
    return BEGUN;
  }
  if (state === layout.STATE_I && findSlot(agent, line) !== 0) return merge(agent, line, event, time);
  if (state !== layout.STATE_I && !mayPin(agent, line)) return WAITS;
  const isRead = event === layout.DO_LOAD || event === layout.DO_LOAD_UNCACHED;
  if (!hasRoom(agent, isRead)) return WAITS;
  if (state !== layout.STATE_I) setState(agent, line, rule & layout.RULE_NEXT);
  ask(index, agent, line, what, rule, isRead, time);
  return event === layout.DO_ATOMIC_NEAR && isSwap(operation) ? WAITS : BEGUN;
}

/** A compare-and-swap that was tried in the own cache began with the first try, and is tried until it succeeds. */
function failed(agent: number, time: number): void {
  addF(agent + layout.AGENT_FAILED, 1);
  if (load(agent + layout.AGENT_TRIES) !== 0) return;
  store(agent + layout.AGENT_TRIES, 1);
  storeF(agent + layout.AGENT_FIRST_TRY, time);
}

/** When an access began that goes on at `time`: tries that failed are part of it, and the wait for room after them. */
function firstTry(agent: number, time: number): number {
  if (load(agent + layout.AGENT_TRIES) === 0) return time;
  store(agent + layout.AGENT_TRIES, 0);
  addF(layout.PARTS + 8 * layout.PART_CACHE, time - loadF(agent + layout.AGENT_READY));
  return loadF(agent + layout.AGENT_FIRST_TRY);
}

/** Where one takes the line it can find the wrong word and has to begin anew: until it is done, the agent stays at it. */
function isSwap(operation: number): boolean {
  return operation === layout.ACCESS_SWAP_EVEN || operation === layout.ACCESS_SWAP_ODD;
}

function beginOnGpu(index: number, agent: number, line: number, what: number, time: number): number {
  const operation = what & layout.ACCESS_OPERATION;
  if (operation === layout.ACCESS_ACQUIRE) {
    if ((load(agent + layout.AGENT_READS) | load(agent + layout.AGENT_WRITES)) !== 0) return WAITS;
    acquire(agent);
    finish(agent, time, time);
    return BEGUN;
  }
  const event = gpuEvent(operation);
  if (findSlot(agent, line) !== 0) return merge(agent, line, event, time);
  const rule = gpuRule(gpuState(agent, line), event);
  if ((rule & layout.RULE_PERFORMS) !== 0) {
    const latency = loadF(sideAt(1) + layout.SIDE_HIT_1);
    addF(agent + layout.AGENT_HITS_1, 1);
    addF(layout.PARTS + 8 * layout.PART_CACHE, latency);
    finish(agent, time, time + latency);
    return BEGUN;
  }
  const isRead = event === layout.DO_LOAD;
  if (!hasRoom(agent, isRead)) return WAITS;
  if (!isRead) gpuDrop(agent, line);
  ask(index, agent, line, what, rule, isRead, time);
  return BEGUN;
}

function hasRoom(agent: number, isRead: boolean): boolean {
  if (isRead) return load(agent + layout.AGENT_READS) < load(agent + layout.AGENT_MAX_READS);
  return load(agent + layout.AGENT_WRITES) < load(agent + layout.AGENT_MAX_WRITES);
}

/** An access to a line that is on its way ends with what brings it, where that brings enough. */
function merge(agent: number, line: number, event: number, time: number): number {
  const slot = findSlot(agent, line);
  const state = load(slot + layout.SLOT_STATE);
  const isCore = load(agent + layout.AGENT_SIDE) === 0;
  const isRead = event === layout.DO_LOAD;
  const bringsRead = isCore
    ? state >= layout.STATE_IS_D && state <= layout.STATE_SM_AD
    : state === layout.STATE_IV_D;
  const bringsWrite = isCore && (state === layout.STATE_IM_AD || state === layout.STATE_SM_AD);
  if (isRead ? !bringsRead : event !== layout.DO_STORE || !bringsWrite) return WAITS;
  add(slot + layout.SLOT_MERGED, 1);
  addF(slot + layout.SLOT_MERGED_BEGINS, time);
  return BEGUN;
}

function ask(
  index: number,
  agent: number,
  line: number,
  what: number,
  rule: number,
  isRead: boolean,
  time: number,
): void {
  const slot = takeSlot(index, line);
  const message = ((rule >> layout.RULE_SEND_SHIFT) & layout.RULE_SEND) - 1;
  store(slot + layout.SLOT_MESSAGE, message);
  store(slot + layout.SLOT_STATE, rule & layout.RULE_NEXT);
  store(slot + layout.SLOT_WHAT, what);
  store(slot + layout.SLOT_COUNTS, 1);
  store(slot + layout.SLOT_OUTSTANDING, isRead ? 1 : 2);
  storeF(slot + layout.SLOT_BEGIN, firstTry(agent, time));
  add(agent + (isRead ? layout.AGENT_READS : layout.AGENT_WRITES), 1);
  enlist(slot);
  readAhead(agent);
  sendRequest(slot, time);
}

function sendRequest(slot: number, time: number): void {
  const line = load(slot + layout.SLOT_LINE);
  const side = load(agentAt(load(slot + layout.SLOT_AGENT)) + layout.AGENT_SIDE);
  const isWrite = load(slot + layout.SLOT_MESSAGE) === layout.MESSAGE_WRITE_UNIQUE;
  const size = isWrite ? layout.SIZE_WRITE_DATA : layout.SIZE_REQUEST;
  send(slot, time, layout.EVENT_REQUEST, side, line >>> 31, size, loadF(sideAt(side) + layout.SIDE_HOP), 0);
}

function finish(agent: number, from: number, to: number): void {
  addF(layout.DONE, 1);
  addF(agent + layout.AGENT_DONE, 1);
  addF(agent + layout.AGENT_LATENCY, to - from);
  if (to - from > loadF(agent + layout.AGENT_MAX_LATENCY))
    storeF(agent + layout.AGENT_MAX_LATENCY, to - from);
  if (to > loadF(agent + layout.AGENT_LAST_END)) storeF(agent + layout.AGENT_LAST_END, to);
}

/** EVENT_REPLY: a home has done what was asked. */
export function replyArrives(slot: number): void {
  const index = load(slot + layout.SLOT_AGENT);
  const agent = agentAt(index);
  arrived(agent);
  const side = load(agent + layout.AGENT_SIDE);
  const line = load(slot + layout.SLOT_LINE);
  const state = load(slot + layout.SLOT_STATE);
  const event = load(slot + layout.SLOT_REPLY) - layout.REPLY_LESS;
  const rule = side === 0 ? coreRule(state, event) : gpuRule(state, event);
  if ((rule & layout.RULE_IS) === 0) {
    unreachable(side, state, event);
    return;
  }
  const operation = load(slot + layout.SLOT_WHAT) & layout.ACCESS_OPERATION;
  if (isAtomicAtHome(slot) && !succeeds(operation, load(slot + layout.SLOT_FOUND))) {
    tryAgain(slot, agent, side);
    return;
  }
  const next = rule & layout.RULE_NEXT;
  if ((rule & layout.RULE_FILLS) !== 0) {
    if (side === 0) fillLine(index, line, next);
    else gpuFill(agent, line);
  } else if (state === layout.STATE_SM_AD && side === 0) setState(agent, line, next);
  if ((rule & layout.RULE_PERFORMS) !== 0) performed(slot, agent, operation);
  release(slot, index, agent, side, (rule & layout.RULE_ACKNOWLEDGES) !== 0);
}

function isAtomicAtHome(slot: number): boolean {
  return load(slot + layout.SLOT_MESSAGE) === layout.MESSAGE_ATOMIC;
}

/** A compare-and-swap that failed is asked for again as soon as the agent can. */
function tryAgain(slot: number, agent: number, side: number): void {
  addF(agent + layout.AGENT_FAILED, 1);
  const pause = loadF(sideAt(side) + layout.SIDE_ISSUE);
  addF(layout.PARTS + 8 * layout.PART_CACHE, pause);
  store(slot + layout.SLOT_HAS_DATA, 0);
  sendRequest(slot, loadF(layout.NOW) + pause);
}

function performed(slot: number, agent: number, operation: number): void {
  const now = loadF(layout.NOW);
  const began = loadF(slot + layout.SLOT_BEGIN);
  if (operation < layout.ACCESS_ADD || isAtomicAtHome(slot)) finish(agent, began, now);
  else if (!nearAtomic(load(slot + layout.SLOT_LINE), operation)) {
    // The line is here now; the agent goes on trying where it is.
    failed(agent, began);
    storeF(agent + layout.AGENT_READY, now);
  } else {
    finish(agent, began, now);
    if (isSwap(operation)) {
      store(agent + layout.AGENT_CURSOR, load(agent + layout.AGENT_CURSOR) + 1);
      storeF(agent + layout.AGENT_LAST_BEGIN, began);
    }
  }
  const merged = load(slot + layout.SLOT_MERGED);
  if (merged === 0) return;
  addF(layout.DONE, merged);
  addF(agent + layout.AGENT_DONE, merged);
  const latency = merged * now - loadF(slot + layout.SLOT_MERGED_BEGINS);
  addF(agent + layout.AGENT_LATENCY, latency);
  addF(layout.PARTS + 8 * layout.PART_MERGED, latency);
}

/** The transaction is over for the agent; its home hears of it where it waits for that. */
function release(slot: number, index: number, agent: number, side: number, acknowledges: boolean): void {
  const outstanding = load(slot + layout.SLOT_OUTSTANDING);
  if (outstanding === 1) store(agent + layout.AGENT_READS, load(agent + layout.AGENT_READS) - 1);
  if (outstanding === 2) store(agent + layout.AGENT_WRITES, load(agent + layout.AGENT_WRITES) - 1);
  delist(slot);
  const now = loadF(layout.NOW);
  const line = load(slot + layout.SLOT_LINE);
  const hop = loadF(sideAt(side) + layout.SIDE_HOP);
  store(slot + layout.SLOT_COUNTS, 0);
  if (!acknowledges) freeSlot(slot);
  else if (side === line >>> 31) {
    acknowledge(line, now + hop);
    freeSlot(slot);
  } else send(slot, now, layout.EVENT_ACKNOWLEDGE, side, line >>> 31, layout.SIZE_RESPONSE, hop, 0);
  if (load(agent + layout.AGENT_WAITS) !== 0) issue(index);
}
