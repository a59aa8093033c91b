/** How a message gets from one place to another: over the fabric of its side, and over the link where it has to change sides. */
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
} from '../../../assembly/coherence/layout.ts';
import { add, addF, load, loadF, store, storeF } from './memory.ts';
import { push } from './queue.ts';
import { agentAt, indexOf } from './slots.ts';

export function sideAt(side: number): number {
  return SIDES + SIDE_BYTES * side;
}

/** Adds to a part of the time of accesses, where the slot is of one. */
export function spend(slot: number, part: number, time: number): void {
  if (load(slot + SLOT_COUNTS) !== 0) addF(PARTS + 8 * part, time);
}

/**
 * Sends what is in `slot` at `time`, from a side to a side, with hops on the fabrics before and after. `event` happens
 * where it arrives.
 */
export function send(
  slot: number,
  time: number,
  event: number,
  from: number,
  to: number,
  size: number,
  hopBefore: number,
  hopAfter: number,
): void {
  spend(slot, PART_FABRIC, hopBefore + hopAfter);
  if (from === to) {
    arriveAt(time + hopBefore + hopAfter, event, slot);
    return;
  }
  store(slot + SLOT_EVENT, event);
  store(slot + SLOT_FROM, from);
  store(slot + SLOT_SIZE, size);
  store(slot + SLOT_HOP_AFTER, hopAfter);
  // Messages take the link in the order in which they come to it.
  if (time + hopBefore === loadF(NOW)) enterLink(slot);
  else push(time + hopBefore, EVENT_LINK, load(slot + SLOT_AGENT), indexOf(slot));
}

export function enterLink(slot: number): void {
  const now = loadF(NOW);
  const side = sideAt(load(slot + SLOT_FROM));
  const size = load(slot + SLOT_SIZE);
  const free = loadF(side + SIDE_LINK_FREE);
  const start = free > now ? free : now;
  const left = start + loadF(side + SIDE_LINK_TIMES + 8 * size);
  const distance = loadF(side + SIDE_LINK_DISTANCE);
  storeF(side + SIDE_LINK_FREE, left);
  addF(side + SIDE_LINK_BYTES, load(side + SIDE_LINK_SIZES + 4 * size));
  spend(slot, PART_LINK_QUEUE, start - now);
  spend(slot, PART_LINK_BYTES, left - start);
  spend(slot, PART_LINK_DISTANCE, distance);
  const arrival = left + distance + load(slot + SLOT_HOP_AFTER);
  arriveAt(arrival, load(slot + SLOT_EVENT), slot);
}

/** An agent knows from when on replies and snoops come to it, so that until then it need not look. */
function arriveAt(time: number, event: number, slot: number): void {
  const agent = load(slot + SLOT_AGENT);
  if (event === EVENT_REPLY || event === EVENT_SNOOP) {
    const at = agentAt(agent);
    add(at + AGENT_ARRIVALS, 1);
    if (time < loadF(at + AGENT_NEXT_ARRIVAL)) storeF(at + AGENT_NEXT_ARRIVAL, time);
  }
  push(time, event, agent, indexOf(slot));
}

/** One of those has arrived now. When the others do is not known any more, but not before. */
export function arrived(agent: number): void {
  const left = load(agent + AGENT_ARRIVALS) - 1;
  store(agent + AGENT_ARRIVALS, left);
  storeF(agent + AGENT_NEXT_ARRIVAL, left === 0 ? Number.POSITIVE_INFINITY : loadF(NOW));
}
