// The caches of a CPU core: what an access finds there, what snoops and replies do to it.

import { addToWord, makeKnown, recordOf, wordOf } from './directory';
import { succeeds } from './home';
import * as layout from './layout';
import { arrived, send, sideAt } from './link';
import { agentAt, enlist, findSlot, takeSlot } from './slots';
import { unreachable } from './stop';
import { bothToFront, insert, remove, setOf, toFront, wayOf } from './tags';

/** Of the second-level cache, which holds all lines that the core has. */
export function coherentSet(agent: usize, line: u32): usize {
  const side = sideAt(0);
  return setOf(
    load<u32>(agent, layout.AGENT_TAGS_2_AT),
    load<u32>(side, layout.SIDE_SETS_2),
    load<u32>(side, layout.SIDE_WAYS_2),
    line,
  );
}

/** A byte of state for each way, beside the tags of a set. */
function statesOf(agent: usize, set: usize): usize {
  return ((set - load<u32>(agent, layout.AGENT_TAGS_2_AT)) >> 2) + load<u32>(agent, layout.AGENT_STATES_AT);
}

export function coreRule(state: u32, event: u32): u32 {
  return load<u32>(load<u32>(layout.CPU_RULES_AT) + 4 * (state * layout.DO_COUNT + event));
}

/** What the protocol calls an access to `line`. */
export function coreEvent(operation: u32, line: u32): u32 {
  const able = load<u32>(layout.ABLE);
  const caches = line >> 31 == 0 || (able & layout.ABLE_CPU_CACHES_DEVICE) != 0;
  if (operation == layout.ACCESS_LOAD) return caches ? layout.DO_LOAD : layout.DO_LOAD_UNCACHED;
  if (operation == layout.ACCESS_STORE) return caches ? layout.DO_STORE : layout.DO_STREAM;
  if (operation == layout.ACCESS_STREAM) return layout.DO_STREAM;
  const isNear = caches && (able & layout.ABLE_CPU_ATOMICS_FAR) == 0;
  return isNear ? layout.DO_ATOMIC_NEAR : layout.DO_ATOMIC_FAR;
}

/** Where in its set a line is, or -1. */
export function coherentWay(set: usize, line: u32): i32 {
  return wayOf(set, load<u32>(sideAt(0), layout.SIDE_WAYS_2), line);
}

/** State of a line where it was found, I where it was not, whatever is on its way. */
export function stateAt(agent: usize, set: usize, way: i32): u32 {
  if (way < 0) return layout.STATE_I;
  return load<u8>(statesOf(agent, set) + way);
}

/** Uses a line that is there, leaves it in `state`, and returns the time that takes. */
export function useLine(agent: usize, line: u32, set: usize, way: u32, state: u32): f64 {
  const states = statesOf(agent, set);
  bothToFront(set, states, way);
  store<u8>(states, state);
  const side = sideAt(0);
  return isInFirst(agent, line) ? load<f64>(side, layout.SIDE_HIT_1) : load<f64>(side, layout.SIDE_HIT_2);
}

/** Whether the first-level cache had the line, which it has from now on. It is there for its time alone. */
function isInFirst(agent: usize, line: u32): bool {
  const side = sideAt(0);
  const ways = load<u32>(side, layout.SIDE_WAYS_1);
  const set = setOf(
    load<u32>(agent, layout.AGENT_TAGS_1_AT),
    load<u32>(side, layout.SIDE_SETS_1),
    ways,
    line,
  );
  const way = wayOf(set, ways, line);
  if (way >= 0) toFront(set, way);
  else insert(set, ways, line);
  return way >= 0;
}

/** An atomic on a line that only this core has. Returns whether it changed the word. */
export function nearAtomic(line: u32, operation: u32): bool {
  const record = recordOf(line);
  makeKnown(record, line);
  if (!succeeds(operation, wordOf(record))) return false;
  addToWord(record);
  return true;
}

/** Sets the state of a line that is in the cache; I takes it out. */
export function setState(agent: usize, line: u32, state: u32): void {
  const ways = load<u32>(sideAt(0), layout.SIDE_WAYS_2);
  const set = coherentSet(agent, line);
  const way = wayOf(set, ways, line);
  const states = statesOf(agent, set);
  if (staysCached(state)) {
    store<u8>(states + way, state);
    return;
  }
  remove(set, ways, way);
  for (let at = states + way; at < states + ways - 1; at++) store<u8>(at, load<u8>(at, 1));
  store<u8>(states + ways - 1, layout.STATE_I);
}

function staysCached(state: u32): bool {
  return (
    (state >= <u32>layout.STATE_S && state <= <u32>layout.STATE_M) ||
    state == layout.STATE_SM_AD ||
    state == layout.STATE_S_A
  );
}

/** Whether an upgrade may begin: another line of its set has to be free to go, for what comes meanwhile. */
export function mayPin(agent: usize, line: u32): bool {
  const ways = load<u32>(sideAt(0), layout.SIDE_WAYS_2);
  const states = statesOf(agent, coherentSet(agent, line));
  let pinned: u32 = 0;
  for (let way: u32 = 0; way < ways; way++) if (load<u8>(states + way) > <u8>layout.STATE_M) pinned++;
  return pinned + 1 < ways;
}

/** Puts a line that came into the cache. What has to go is given back. */
export function fillLine(index: u32, line: u32, state: u32): void {
  const agent = agentAt(index);
  const ways = load<u32>(sideAt(0), layout.SIDE_WAYS_2);
  const set = coherentSet(agent, line);
  const states = statesOf(agent, set);
  let way = ways - 1;
  // Lines in the middle of an upgrade stay.
  while (load<u32>(set + 4 * way) != 0 && load<u8>(states + way) > <u8>layout.STATE_M) way--;
  const victim = load<u32>(set + 4 * way);
  const victimState = load<u8>(states + way);
  store<u32>(set + 4 * way, line + 1);
  store<u8>(states + way, state);
  bothToFront(set, states, way);
  isInFirst(agent, line);
  if (victim != 0) giveBack(index, victim - 1, victimState);
}

function giveBack(index: u32, line: u32, state: u32): void {
  const rule = coreRule(state, layout.DO_EVICT);
  if ((rule & layout.RULE_IS) == 0) {
    unreachable(0, state, layout.DO_EVICT);
    return;
  }
  const slot = takeSlot(index, line);
  const message = ((rule >> layout.RULE_SEND_SHIFT) & layout.RULE_SEND) - 1;
  store<u32>(slot, message, layout.SLOT_MESSAGE);
  store<u32>(slot, rule & layout.RULE_NEXT, layout.SLOT_STATE);
  enlist(slot);
  const size = message == layout.MESSAGE_WRITE_BACK ? layout.SIZE_WRITE_DATA : layout.SIZE_REQUEST;
  send(
    slot,
    load<f64>(layout.NOW),
    layout.EVENT_REQUEST,
    0,
    line >> 31,
    size,
    load<f64>(sideAt(0), layout.SIDE_HOP),
    0,
  );
}

/** EVENT_SNOOP: a home asks for the copy of a line. */
export function snoopArrives(snoop: usize): void {
  const line = load<u32>(snoop, layout.SLOT_LINE);
  const agent = agentAt(load<u32>(snoop, layout.SLOT_AGENT));
  arrived(agent);
  const event = load<u32>(snoop, layout.SLOT_MESSAGE);
  const pending = findSlot(agent, line);
  const set = coherentSet(agent, line);
  const cached = stateAt(agent, set, coherentWay(set, line));
  const state = cached != layout.STATE_I || pending == 0 ? cached : load<u32>(pending, layout.SLOT_STATE);
  const rule = coreRule(state, event);
  if ((rule & layout.RULE_IS) == 0) {
    unreachable(0, state, event);
    return;
  }
  const next = rule & layout.RULE_NEXT;
  if (cached != layout.STATE_I) setState(agent, line, next);
  if (pending != 0) store<u32>(pending, next, layout.SLOT_STATE);
  const message = ((rule >> layout.RULE_SEND_SHIFT) & layout.RULE_SEND) - 1;
  const hasData = message == layout.MESSAGE_SNP_RESP_DATA;
  store<u32>(snoop, hasData ? 1 : 0, layout.SLOT_HAS_DATA);
  const side = sideAt(0);
  const time = load<f64>(layout.NOW) + load<f64>(side, layout.SIDE_HIT_2);
  const size = hasData ? layout.SIZE_READ_DATA : layout.SIZE_RESPONSE;
  send(snoop, time, layout.EVENT_ANSWER, 0, line >> 31, size, load<f64>(side, layout.SIDE_HOP), 0);
}
