// Events one after the other.
import { issue, replyArrives } from './agent';
import { snoopArrives } from './core';
import { acknowledgementArrives, answerArrives, lineOpens, requestArrives } from './home';
import * as layout from './layout';
import { enterLink } from './link';
import { isEmpty, kindOf, pop, poppedKey, poppedSlot, push } from './queue';
import { slotAt } from './slots';
import { mixTrace } from './trace';

/** Goes on until something stops it, or for so many events. Returns why it stopped, STOP_. */
export function run(maxEvents: u32): u32 {
  store<u32>(layout.STOP, layout.STOP_DONE);
  const fewSlots = load<u32>(layout.EVENT_SLOTS);
  for (let events: u32 = 0; !isEmpty(); events++) {
    if (events == maxEvents) return layout.STOP_EVENTS;
    if (load<u32>(layout.DIRECTORY_USED) * 2 > load<u32>(layout.DIRECTORY_MASK)) return layout.STOP_DIRECTORY;
    if (load<u32>(layout.FREE_COUNT) < fewSlots) return layout.STOP_SLOTS;
    pop();
    happen(kindOf(poppedKey), poppedSlot);
    if (load<u32>(layout.STOP) != layout.STOP_DONE) return load<u32>(layout.STOP);
  }
  return layout.STOP_DONE;
}

function happen(kind: u32, index: u32): void {
  if (kind == layout.EVENT_ISSUE) {
    issue(index);
    return;
  }
  const slot = slotAt(index);
  mixTrace(layout.TRACE_HASH, load<f64>(layout.NOW), load<u32>(slot, layout.SLOT_LINE), kind);
  if (kind == layout.EVENT_LINK) enterLink(slot);
  else if (kind == layout.EVENT_REQUEST) requestArrives(slot);
  else if (kind == layout.EVENT_REPLY) replyArrives(slot);
  else if (kind == layout.EVENT_OPEN) lineOpens(slot);
  else if (kind == layout.EVENT_SNOOP) snoopArrives(slot);
  else if (kind == layout.EVENT_ANSWER) answerArrives(slot);
  else acknowledgementArrives(slot);
}

/** Every agent may begin at once, in the order of their numbers. */
export function start(): void {
  const agents = load<u32>(layout.AGENT_COUNT);
  for (let agent: u32 = 0; agent < agents; agent++) push(0, layout.EVENT_ISSUE, agent, agent);
}
