// An agent: it begins accesses in order, has some of them on their way at the same time, and counts what has ended.

import { readAhead } from './ahead';
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
} from './core';
import { acquire, gpuDrop, gpuEvent, gpuFill, gpuRule, gpuState } from './gpu';
import { acknowledge, succeeds } from './home';
import * as layout from './layout';
import { arrived, send, sideAt } from './link';
import { add, addF } from './memory';
import { isEmpty, mayMeet, push } from './queue';
import { agentAt, delist, enlist, findSlot, freeSlot, takeSlot } from './slots';
import { unreachable } from './stop';
import { mixTrace } from './trace';

/** How the begin of an access came out. */
const BEGUN: u32 = 0;
const WAITS: u32 = 1;
const AGAIN: u32 = 2;

/** Begins as many accesses as may begin before anything can happen to the agent. EVENT_ISSUE, and when an access has ended. */
export function issue(index: u32): void {
  const agent = agentAt(index);
  const side = sideAt(load<u32>(agent, layout.AGENT_SIDE));
  store<u32>(agent, 0, layout.AGENT_WAITS);
  for (;;) {
    const cursor = load<u32>(agent, layout.AGENT_CURSOR);
    if (cursor == load<u32>(agent, layout.AGENT_ACCESS_COUNT)) {
      runOut(index, agent);
      return;
    }
    const access = load<u32>(agent, layout.AGENT_ACCESSES_AT) + layout.ACCESS_BYTES * cursor;
    const what = load<u32>(access, layout.ACCESS_WHAT);
    const depends = (what & layout.ACCESS_DEPENDS) != 0;
    if (depends && (load<u32>(agent, layout.AGENT_READS) | load<u32>(agent, layout.AGENT_WRITES)) != 0) {
      store<u32>(agent, 1, layout.AGENT_WAITS);
      return;
    }
    const time = mayBegin(agent, what, depends);
    if (mayMeet(time, load<f64>(agent, layout.AGENT_NEXT_ARRIVAL), load<f64>(side, layout.SIDE_HOP))) {
      push(time, layout.EVENT_ISSUE, index, index);
      return;
    }
    store<f64>(layout.NOW, time);
    const outcome = begin(index, agent, load<u32>(access, layout.ACCESS_LINE), what, time);
    if (outcome == WAITS) {
      store<u32>(agent, 1, layout.AGENT_WAITS);
      return;
    }
    if (outcome == AGAIN) {
      if (!isEmpty()) continue;
      store<u32>(layout.STOP, layout.STOP_STUCK);
      return;
    }
    store<u32>(agent, cursor + 1, layout.AGENT_CURSOR);
    store<f64>(agent, time, layout.AGENT_LAST_BEGIN);
    const isStream = (what & layout.ACCESS_OPERATION) == layout.ACCESS_STREAM;
    const pause = isStream ? load<f64>(side, layout.SIDE_STREAM_ISSUE) : load<f64>(side, layout.SIDE_ISSUE);
    const ready = time + pause;
    if (ready > load<f64>(agent, layout.AGENT_READY)) store<f64>(agent, ready, layout.AGENT_READY);
  }
}

/** It goes on at once when there are more. */
function runOut(index: u32, agent: usize): void {
  if (load<u32>(agent, layout.AGENT_REFILLS) == 0) return;
  store<u32>(layout.STOP, layout.STOP_REFILL);
  store<u32>(layout.STOPPED_AGENT, index);
  push(load<f64>(layout.NOW), layout.EVENT_ISSUE, index, index);
}

function mayBegin(agent: usize, what: u32, depends: bool): f64 {
  let time = load<f64>(agent, layout.AGENT_READY);
  const now = load<f64>(layout.NOW);
  if (now > time) time = now;
  const gap = what >> layout.ACCESS_GAP_SHIFT;
  if (gap != 0) {
    const earliest = load<f64>(agent, layout.AGENT_LAST_BEGIN) + gap;
    if (earliest > time) time = earliest;
  }
  if (depends && load<f64>(agent, layout.AGENT_LAST_END) > time)
    time = load<f64>(agent, layout.AGENT_LAST_END);
  return time;
}

function begin(index: u32, agent: usize, line: u32, what: u32, time: f64): u32 {
  mixTrace(agent + layout.AGENT_TRACE, time, line, what);
  if (load<u32>(agent, layout.AGENT_SIDE) == 0) return beginOnCore(index, agent, line, what, time);
  return beginOnGpu(index, agent, line, what, time);
}

function beginOnCore(index: u32, agent: usize, line: u32, what: u32, time: f64): u32 {
  const operation = what & layout.ACCESS_OPERATION;
  const event = coreEvent(operation, line);
  const set = coherentSet(agent, line);
  const way = coherentWay(set, line);
  const state = stateAt(agent, set, way);
  const rule = coreRule(state, event);
  if ((rule & layout.RULE_IS) == 0) return merge(agent, line, event, time);
  if ((rule & layout.RULE_PERFORMS) != 0) {
    const latency = useLine(agent, line, set, way, rule & layout.RULE_NEXT);
    addF(layout.PARTS + 8 * layout.PART_CACHE, latency);
    let began = time;
    if (operation >= <u32>layout.ACCESS_ADD) {
      if (!nearAtomic(line, operation)) {
        failed(agent, time);
        store<f64>(agent, time + latency, layout.AGENT_READY);
        return AGAIN;
      }
      began = firstTry(agent, time);
    }
    const isFirst = latency == load<f64>(sideAt(0), layout.SIDE_HIT_1);
    addF(agent + (isFirst ? layout.AGENT_HITS_1 : layout.AGENT_HITS_2), 1);
    finish(agent, began, time + latency);
    return BEGUN;
  }
  if (state == layout.STATE_I && findSlot(agent, line) != 0) return merge(agent, line, event, time);
  if (state != layout.STATE_I && !mayPin(agent, line)) return WAITS;
  const isRead = event == layout.DO_LOAD || event == layout.DO_LOAD_UNCACHED;
  if (!hasRoom(agent, isRead)) return WAITS;
  if (state != layout.STATE_I) setState(agent, line, rule & layout.RULE_NEXT);
  ask(index, agent, line, what, rule, isRead, time);
  return event == layout.DO_ATOMIC_NEAR && isSwap(operation) ? WAITS : BEGUN;
}

/** A compare-and-swap that was tried in the own cache began with the first try, and is tried until it succeeds. */
function failed(agent: usize, time: f64): void {
  addF(agent + layout.AGENT_FAILED, 1);
  if (load<u32>(agent, layout.AGENT_TRIES) != 0) return;
  store<u32>(agent, 1, layout.AGENT_TRIES);
  store<f64>(agent, time, layout.AGENT_FIRST_TRY);
}

/** When an access began that goes on at `time`: tries that failed are part of it, and the wait for room after them. */
function firstTry(agent: usize, time: f64): f64 {
  if (load<u32>(agent, layout.AGENT_TRIES) == 0) return time;
  store<u32>(agent, 0, layout.AGENT_TRIES);
  addF(layout.PARTS + 8 * layout.PART_CACHE, time - load<f64>(agent, layout.AGENT_READY));
  return load<f64>(agent, layout.AGENT_FIRST_TRY);
}

/** Where one takes the line it can find the wrong word and has to begin anew: until it is done, the agent stays at it. */
function isSwap(operation: u32): bool {
  return operation == layout.ACCESS_SWAP_EVEN || operation == layout.ACCESS_SWAP_ODD;
}

function beginOnGpu(index: u32, agent: usize, line: u32, what: u32, time: f64): u32 {
  const operation = what & layout.ACCESS_OPERATION;
  if (operation == layout.ACCESS_ACQUIRE) {
    if ((load<u32>(agent, layout.AGENT_READS) | load<u32>(agent, layout.AGENT_WRITES)) != 0) return WAITS;
    acquire(agent);
    finish(agent, time, time);
    return BEGUN;
  }
  const event = gpuEvent(operation);
  if (findSlot(agent, line) != 0) return merge(agent, line, event, time);
  const rule = gpuRule(gpuState(agent, line), event);
  if ((rule & layout.RULE_PERFORMS) != 0) {
    const latency = load<f64>(sideAt(1), layout.SIDE_HIT_1);
    addF(agent + layout.AGENT_HITS_1, 1);
    addF(layout.PARTS + 8 * layout.PART_CACHE, latency);
    finish(agent, time, time + latency);
    return BEGUN;
  }
  const isRead = event == layout.DO_LOAD;
  if (!hasRoom(agent, isRead)) return WAITS;
  if (!isRead) gpuDrop(agent, line);
  ask(index, agent, line, what, rule, isRead, time);
  return BEGUN;
}

function hasRoom(agent: usize, isRead: bool): bool {
  if (isRead) return load<u32>(agent, layout.AGENT_READS) < load<u32>(agent, layout.AGENT_MAX_READS);
  return load<u32>(agent, layout.AGENT_WRITES) < load<u32>(agent, layout.AGENT_MAX_WRITES);
}

/** An access to a line that is on its way ends with what brings it, where that brings enough. */
function merge(agent: usize, line: u32, event: u32, time: f64): u32 {
  const slot = findSlot(agent, line);
  const state = load<u32>(slot, layout.SLOT_STATE);
  const isCore = load<u32>(agent, layout.AGENT_SIDE) == 0;
  const isRead = event == layout.DO_LOAD;
  const bringsRead = isCore
    ? state >= <u32>layout.STATE_IS_D && state <= <u32>layout.STATE_SM_AD
    : state == layout.STATE_IV_D;
  const bringsWrite = isCore && (state == layout.STATE_IM_AD || state == layout.STATE_SM_AD);
  if (isRead ? !bringsRead : event != layout.DO_STORE || !bringsWrite) return WAITS;
  add(slot + layout.SLOT_MERGED, 1);
  addF(slot + layout.SLOT_MERGED_BEGINS, time);
  return BEGUN;
}

function ask(index: u32, agent: usize, line: u32, what: u32, rule: u32, isRead: bool, time: f64): void {
  const slot = takeSlot(index, line);
  const message = ((rule >> layout.RULE_SEND_SHIFT) & layout.RULE_SEND) - 1;
  store<u32>(slot, message, layout.SLOT_MESSAGE);
  store<u32>(slot, rule & layout.RULE_NEXT, layout.SLOT_STATE);
  store<u32>(slot, what, layout.SLOT_WHAT);
  store<u32>(slot, 1, layout.SLOT_COUNTS);
  store<u32>(slot, isRead ? 1 : 2, layout.SLOT_OUTSTANDING);
  store<f64>(slot, firstTry(agent, time), layout.SLOT_BEGIN);
  add(agent + (isRead ? layout.AGENT_READS : layout.AGENT_WRITES), 1);
  enlist(slot);
  readAhead(agent);
  sendRequest(slot, time);
}

function sendRequest(slot: usize, time: f64): void {
  const line = load<u32>(slot, layout.SLOT_LINE);
  const side = load<u32>(agentAt(load<u32>(slot, layout.SLOT_AGENT)), layout.AGENT_SIDE);
  const isWrite = load<u32>(slot, layout.SLOT_MESSAGE) == layout.MESSAGE_WRITE_UNIQUE;
  const size = isWrite ? layout.SIZE_WRITE_DATA : layout.SIZE_REQUEST;
  send(slot, time, layout.EVENT_REQUEST, side, line >> 31, size, load<f64>(sideAt(side), layout.SIDE_HOP), 0);
}

function finish(agent: usize, from: f64, to: f64): void {
  addF(layout.DONE, 1);
  addF(agent + layout.AGENT_DONE, 1);
  addF(agent + layout.AGENT_LATENCY, to - from);
  if (to - from > load<f64>(agent, layout.AGENT_MAX_LATENCY))
    store<f64>(agent, to - from, layout.AGENT_MAX_LATENCY);
  if (to > load<f64>(agent, layout.AGENT_LAST_END)) store<f64>(agent, to, layout.AGENT_LAST_END);
}

/** EVENT_REPLY: a home has done what was asked. */
export function replyArrives(slot: usize): void {
  const index = load<u32>(slot, layout.SLOT_AGENT);
  const agent = agentAt(index);
  arrived(agent);
  const side = load<u32>(agent, layout.AGENT_SIDE);
  const line = load<u32>(slot, layout.SLOT_LINE);
  const state = load<u32>(slot, layout.SLOT_STATE);
  const event = load<u32>(slot, layout.SLOT_REPLY) - layout.REPLY_LESS;
  const rule = side == 0 ? coreRule(state, event) : gpuRule(state, event);
  if ((rule & layout.RULE_IS) == 0) {
    unreachable(side, state, event);
    return;
  }
  const operation = load<u32>(slot, layout.SLOT_WHAT) & layout.ACCESS_OPERATION;
  if (isAtomicAtHome(slot) && !succeeds(operation, load<u32>(slot, layout.SLOT_FOUND))) {
    tryAgain(slot, agent, side);
    return;
  }
  const next = rule & layout.RULE_NEXT;
  if ((rule & layout.RULE_FILLS) != 0) {
    if (side == 0) fillLine(index, line, next);
    else gpuFill(agent, line);
  } else if (state == layout.STATE_SM_AD && side == 0) setState(agent, line, next);
  if ((rule & layout.RULE_PERFORMS) != 0) performed(slot, agent, operation);
  release(slot, index, agent, side, (rule & layout.RULE_ACKNOWLEDGES) != 0);
}

function isAtomicAtHome(slot: usize): bool {
  return load<u32>(slot, layout.SLOT_MESSAGE) == layout.MESSAGE_ATOMIC;
}

/** A compare-and-swap that failed is asked for again as soon as the agent can. */
function tryAgain(slot: usize, agent: usize, side: u32): void {
  addF(agent + layout.AGENT_FAILED, 1);
  const pause = load<f64>(sideAt(side), layout.SIDE_ISSUE);
  addF(layout.PARTS + 8 * layout.PART_CACHE, pause);
  store<u32>(slot, 0, layout.SLOT_HAS_DATA);
  sendRequest(slot, load<f64>(layout.NOW) + pause);
}

function performed(slot: usize, agent: usize, operation: u32): void {
  const now = load<f64>(layout.NOW);
  const began = load<f64>(slot, layout.SLOT_BEGIN);
  if (operation < <u32>layout.ACCESS_ADD || isAtomicAtHome(slot)) finish(agent, began, now);
  else if (!nearAtomic(load<u32>(slot, layout.SLOT_LINE), operation)) {
    // The line is here now; the agent goes on trying where it is.
    failed(agent, began);
    store<f64>(agent, now, layout.AGENT_READY);
  } else {
    finish(agent, began, now);
    if (isSwap(operation)) {
      store<u32>(agent, load<u32>(agent, layout.AGENT_CURSOR) + 1, layout.AGENT_CURSOR);
      store<f64>(agent, began, layout.AGENT_LAST_BEGIN);
    }
  }
  const merged = load<u32>(slot, layout.SLOT_MERGED);
  if (merged == 0) return;
  addF(layout.DONE, merged);
  addF(agent + layout.AGENT_DONE, merged);
  const latency = merged * now - load<f64>(slot, layout.SLOT_MERGED_BEGINS);
  addF(agent + layout.AGENT_LATENCY, latency);
  addF(layout.PARTS + 8 * layout.PART_MERGED, latency);
}

/** The transaction is over for the agent; its home hears of it where it waits for that. */
function release(slot: usize, index: u32, agent: usize, side: u32, acknowledges: bool): void {
  const outstanding = load<u32>(slot, layout.SLOT_OUTSTANDING);
  if (outstanding == 1) store<u32>(agent, load<u32>(agent, layout.AGENT_READS) - 1, layout.AGENT_READS);
  if (outstanding == 2) store<u32>(agent, load<u32>(agent, layout.AGENT_WRITES) - 1, layout.AGENT_WRITES);
  delist(slot);
  const now = load<f64>(layout.NOW);
  const line = load<u32>(slot, layout.SLOT_LINE);
  const hop = load<f64>(sideAt(side), layout.SIDE_HOP);
  store<u32>(slot, 0, layout.SLOT_COUNTS);
  if (!acknowledges) freeSlot(slot);
  else if (side == line >> 31) {
    acknowledge(line, now + hop);
    freeSlot(slot);
  } else send(slot, now, layout.EVENT_ACKNOWLEDGE, side, line >> 31, layout.SIZE_RESPONSE, hop, 0);
  if (load<u32>(agent, layout.AGENT_WAITS) != 0) issue(index);
}
