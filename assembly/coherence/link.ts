// How a message gets from one place to another: over the fabric of its side, and over the link where it has to change sides.
import {
  AGENT_ARRIVALS,
  AGENT_NEXT_ARRIVAL,
  EVENT_LINK,
  EVENT_REPLY,
  EVENT_SNOOP,
  NOW,
  PART_FABRIC,
  PART_LINK_BYTES,
  PART_LINK_DISTANCE,
  PART_LINK_QUEUE,
  PARTS,
  SIDE_BYTES,
  SIDE_LINK_BYTES,
  SIDE_LINK_DISTANCE,
  SIDE_LINK_FREE,
  SIDE_LINK_SIZES,
  SIDE_LINK_TIMES,
  SIDES,
  SLOT_AGENT,
  SLOT_COUNTS,
  SLOT_EVENT,
  SLOT_FROM,
  SLOT_HOP_AFTER,
  SLOT_SIZE,
} from './layout';
import { add, addF } from './memory';
import { push } from './queue';
import { agentAt, indexOf } from './slots';

export function sideAt(side: u32): usize {
  return SIDES + SIDE_BYTES * side;
}

/** Adds to a part of the time of accesses, where the slot is of one. */
export function spend(slot: usize, part: u32, time: f64): void {
  if (load<u32>(slot, SLOT_COUNTS) != 0) addF(PARTS + 8 * part, time);
}

/**
 * Sends what is in `slot` at `time`, from a side to a side, with hops on the fabrics before and after. `event` happens
 * where it arrives.
 */
export function send(
  slot: usize,
  time: f64,
  event: u32,
  from: u32,
  to: u32,
  size: u32,
  hopBefore: f64,
  hopAfter: f64,
): void {
  spend(slot, PART_FABRIC, hopBefore + hopAfter);
  if (from == to) {
    arriveAt(time + hopBefore + hopAfter, event, slot);
    return;
  }
  store<u32>(slot, event, SLOT_EVENT);
  store<u32>(slot, from, SLOT_FROM);
  store<u32>(slot, size, SLOT_SIZE);
  store<u32>(slot, <u32>(<i64>hopAfter), SLOT_HOP_AFTER);
  // Messages take the link in the order in which they come to it.
  if (time + hopBefore == load<f64>(NOW)) enterLink(slot);
  else push(time + hopBefore, EVENT_LINK, load<u32>(slot, SLOT_AGENT), indexOf(slot));
}

export function enterLink(slot: usize): void {
  const now = load<f64>(NOW);
  const side = sideAt(load<u32>(slot, SLOT_FROM));
  const size = load<u32>(slot, SLOT_SIZE);
  const free = load<f64>(side, SIDE_LINK_FREE);
  const start = free > now ? free : now;
  const left = start + load<f64>(side + 8 * size, SIDE_LINK_TIMES);
  const distance = load<f64>(side, SIDE_LINK_DISTANCE);
  store<f64>(side, left, SIDE_LINK_FREE);
  addF(side + SIDE_LINK_BYTES, load<u32>(side + 4 * size, SIDE_LINK_SIZES));
  spend(slot, PART_LINK_QUEUE, start - now);
  spend(slot, PART_LINK_BYTES, left - start);
  spend(slot, PART_LINK_DISTANCE, distance);
  const arrival = left + distance + load<u32>(slot, SLOT_HOP_AFTER);
  arriveAt(arrival, load<u32>(slot, SLOT_EVENT), slot);
}

/** An agent knows from when on replies and snoops come to it, so that until then it need not look. */
function arriveAt(time: f64, event: u32, slot: usize): void {
  const agent = load<u32>(slot, SLOT_AGENT);
  if (event == EVENT_REPLY || event == EVENT_SNOOP) {
    const at = agentAt(agent);
    add(at + AGENT_ARRIVALS, 1);
    if (time < load<f64>(at, AGENT_NEXT_ARRIVAL)) store<f64>(at, time, AGENT_NEXT_ARRIVAL);
  }
  push(time, event, agent, indexOf(slot));
}

/** One of those has arrived now. When the others do is not known any more, but not before. */
export function arrived(agent: usize): void {
  const left = load<u32>(agent, AGENT_ARRIVALS) - 1;
  store<u32>(agent, left, AGENT_ARRIVALS);
  store<f64>(agent, left == 0 ? Infinity : load<f64>(NOW), AGENT_NEXT_ARRIVAL);
}
