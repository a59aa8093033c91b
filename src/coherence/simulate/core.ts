/** The caches of a CPU core: what an access finds there, what snoops and replies do to it. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { addToWord, makeKnown, recordOf, wordOf } from './directory.ts';
import { succeeds } from './home.ts';
import { arrived, send, sideAt } from './link.ts';
import { load, loadByte, loadF, store, storeByte } from './memory.ts';
import { agentAt, enlist, findSlot, takeSlot } from './slots.ts';
import { unreachable } from './stop.ts';
import { bothToFront, insert, remove, setOf, toFront, wayOf } from './tags.ts';

/** Of the second-level cache, which holds all lines that the core has. */
export function coherentSet(agent: number, line: number): number {
  const side = sideAt(0);
  return setOf(
    load(agent + layout.AGENT_TAGS_2_AT),
    load(side + layout.SIDE_SETS_2),
    load(side + layout.SIDE_WAYS_2),
    line,
  );
}

/** A byte of state for each way, beside the tags of a set. */
function statesOf(agent: number, set: number): number {
  return load(agent + layout.AGENT_STATES_AT) + ((set - load(agent + layout.AGENT_TAGS_2_AT)) >> 2);
}

export function coreRule(state: number, event: number): number {
  return load(load(layout.CPU_RULES_AT) + 4 * (state * layout.DO_COUNT + event));
}

/** What the protocol calls an access to `line`. */
export function coreEvent(operation: number, line: number): number {
  const able = load(layout.ABLE);
  const caches = line >>> 31 === 0 || (able & layout.ABLE_CPU_CACHES_DEVICE) !== 0;
  if (operation === layout.ACCESS_LOAD) return caches ? layout.DO_LOAD : layout.DO_LOAD_UNCACHED;
  if (operation === layout.ACCESS_STORE) return caches ? layout.DO_STORE : layout.DO_STREAM;
  if (operation === layout.ACCESS_STREAM) return layout.DO_STREAM;
  const isNear = caches && (able & layout.ABLE_CPU_ATOMICS_FAR) === 0;
  return isNear ? layout.DO_ATOMIC_NEAR : layout.DO_ATOMIC_FAR;
}

/** Where in its set a line is, or -1. */
export function coherentWay(set: number, line: number): number {
  return wayOf(set, load(sideAt(0) + layout.SIDE_WAYS_2), line);
}

/** State of a line where it was found, I where it was not, whatever is on its way. */
export function stateAt(agent: number, set: number, way: number): number {
  return way < 0 ? layout.STATE_I : loadByte(statesOf(agent, set) + way);
}

/** Uses a line that is there, leaves it in `state`, and returns the time that takes. */
export function useLine(agent: number, line: number, set: number, way: number, state: number): number {
  const states = statesOf(agent, set);
  bothToFront(set, states, way);
  storeByte(states, state);
  const side = sideAt(0);
  return isInFirst(agent, line) ? loadF(side + layout.SIDE_HIT_1) : loadF(side + layout.SIDE_HIT_2);
}

/** Whether the first-level cache had the line, which it has from now on. It is there for its time alone. */
function isInFirst(agent: number, line: number): boolean {
  const side = sideAt(0);
  const ways = load(side + layout.SIDE_WAYS_1);
  const set = setOf(load(agent + layout.AGENT_TAGS_1_AT), load(side + layout.SIDE_SETS_1), ways, line);
  const way = wayOf(set, ways, line);
  if (way >= 0) toFront(set, way);
  else insert(set, ways, line);
  return way >= 0;
}

/** An atomic on a line that only this core has. Returns whether it changed the word. */
export function nearAtomic(line: number, operation: number): boolean {
  const record = recordOf(line);
  makeKnown(record, line);
  if (!succeeds(operation, wordOf(record))) return false;
  addToWord(record);
  return true;
}

/** Sets the state of a line that is in the cache; I takes it out. */
export function setState(agent: number, line: number, state: number): void {
  const ways = load(sideAt(0) + layout.SIDE_WAYS_2);
  const set = coherentSet(agent, line);
  const way = wayOf(set, ways, line);
  const states = statesOf(agent, set);
  if (staysCached(state)) {
    storeByte(states + way, state);
    return;
  }
  remove(set, ways, way);
  for (let at = way; at < ways - 1; at++) storeByte(states + at, loadByte(states + at + 1));
  storeByte(states + ways - 1, layout.STATE_I);
}

function staysCached(state: number): boolean {
  return (
    (state >= layout.STATE_S && state <= layout.STATE_M) ||
    state === layout.STATE_SM_AD ||
    state === layout.STATE_S_A
  );
}

/** Whether an upgrade may begin: another line of its set has to be free to go, for what comes meanwhile. */
export function mayPin(agent: number, line: number): boolean {
  const ways = load(sideAt(0) + layout.SIDE_WAYS_2);
  const states = statesOf(agent, coherentSet(agent, line));
  let pinned = 0;
  for (let way = 0; way < ways; way++) if (loadByte(states + way) > layout.STATE_M) pinned++;
  return pinned + 1 < ways;
}

/** Puts a line that came into the cache. What has to go is given back. */
export function fillLine(index: number, line: number, state: number): void {
  const agent = agentAt(index);
  const ways = load(sideAt(0) + layout.SIDE_WAYS_2);
  const set = coherentSet(agent, line);
  const states = statesOf(agent, set);
  let way = ways - 1;
  // Lines in the middle of an upgrade stay.
  while (load(set + 4 * way) !== 0 && loadByte(states + way) > layout.STATE_M) way--;
  const victim = load(set + 4 * way);
  const victimState = loadByte(states + way);
  store(set + 4 * way, (line + 1) >>> 0);
  storeByte(states + way, state);
  bothToFront(set, states, way);
  isInFirst(agent, line);
  if (victim !== 0) giveBack(index, (victim - 1) >>> 0, victimState);
}

function giveBack(index: number, line: number, state: number): void {
  const rule = coreRule(state, layout.DO_EVICT);
  if ((rule & layout.RULE_IS) === 0) {
    unreachable(0, state, layout.DO_EVICT);
    return;
  }
  const slot = takeSlot(index, line);
  const message = ((rule >> layout.RULE_SEND_SHIFT) & layout.RULE_SEND) - 1;
  store(slot + layout.SLOT_MESSAGE, message);
  store(slot + layout.SLOT_STATE, rule & layout.RULE_NEXT);
  enlist(slot);
  const size = message === layout.MESSAGE_WRITE_BACK ? layout.SIZE_WRITE_DATA : layout.SIZE_REQUEST;
  send(
    slot,
    loadF(layout.NOW),
    layout.EVENT_REQUEST,
    0,
    line >>> 31,
    size,
    loadF(sideAt(0) + layout.SIDE_HOP),
    0,
  );
}

/** EVENT_SNOOP: a home asks for the copy of a line. */
export function snoopArrives(snoop: number): void {
  const line = load(snoop + layout.SLOT_LINE);
  const agent = agentAt(load(snoop + layout.SLOT_AGENT));
  arrived(agent);
  const event = load(snoop + layout.SLOT_MESSAGE);
  const pending = findSlot(agent, line);
  const set = coherentSet(agent, line);
  const cached = stateAt(agent, set, coherentWay(set, line));
  const state = cached !== layout.STATE_I || pending === 0 ? cached : load(pending + layout.SLOT_STATE);
  const rule = coreRule(state, event);
  if ((rule & layout.RULE_IS) === 0) {
    unreachable(0, state, event);
    return;
  }
  const next = rule & layout.RULE_NEXT;
  if (cached !== layout.STATE_I) setState(agent, line, next);
  if (pending !== 0) store(pending + layout.SLOT_STATE, next);
  const message = ((rule >> layout.RULE_SEND_SHIFT) & layout.RULE_SEND) - 1;
  const hasData = message === layout.MESSAGE_SNP_RESP_DATA;
  store(snoop + layout.SLOT_HAS_DATA, hasData ? 1 : 0);
  const side = sideAt(0);
  const time = loadF(layout.NOW) + loadF(side + layout.SIDE_HIT_2);
  const size = hasData ? layout.SIZE_READ_DATA : layout.SIZE_RESPONSE;
  send(snoop, time, layout.EVENT_ANSWER, 0, line >>> 31, size, loadF(side + layout.SIDE_HOP), 0);
}
