/** Events one after the other. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { issue, replyArrives } from './agent.ts';
import { snoopArrives } from './core.ts';
import { acknowledgementArrives, answerArrives, lineOpens, requestArrives } from './home.ts';
import { enterLink } from './link.ts';
import { load, loadF, store } from './memory.ts';
import { isEmpty, kindOf, pop, popped, push } from './queue.ts';
import { slotAt } from './slots.ts';
import { mixTrace } from './trace.ts';

/** Goes on until something stops it, or for so many events. Returns why it stopped, STOP_. */
export function run(maxEvents: number): number {
  store(layout.STOP, layout.STOP_DONE);
  const fewSlots = load(layout.EVENT_SLOTS);
  for (let events = 0; !isEmpty(); events++) {
    if (events === maxEvents) return layout.STOP_EVENTS;
    if (2 * load(layout.DIRECTORY_USED) > load(layout.DIRECTORY_MASK)) return layout.STOP_DIRECTORY;
    if (load(layout.FREE_COUNT) < fewSlots) return layout.STOP_SLOTS;
    pop();
    happen(kindOf(popped.key), popped.slot);
    if (load(layout.STOP) !== layout.STOP_DONE) return load(layout.STOP);
  }
  return layout.STOP_DONE;
}

function happen(kind: number, index: number): void {
  if (kind === layout.EVENT_ISSUE) {
    issue(index);
    return;
  }
  const slot = slotAt(index);
  mixTrace(layout.TRACE_HASH, loadF(layout.NOW), load(slot + layout.SLOT_LINE), kind);
  if (kind === layout.EVENT_LINK) enterLink(slot);
  else if (kind === layout.EVENT_REQUEST) requestArrives(slot);
  else if (kind === layout.EVENT_REPLY) replyArrives(slot);
  else if (kind === layout.EVENT_OPEN) lineOpens(slot);
  else if (kind === layout.EVENT_SNOOP) snoopArrives(slot);
  else if (kind === layout.EVENT_ANSWER) answerArrives(slot);
  else acknowledgementArrives(slot);
}

/** Every agent may begin at once, in the order of their numbers. */
export function start(): void {
  const agents = load(layout.AGENT_COUNT);
  for (let agent = 0; agent < agents; agent++) push(0, layout.EVENT_ISSUE, agent, agent);
}
