/** What happened, in words. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { Violation } from '../explore/violation.ts';
import { CPU_STATES, EVENTS, GPU_STATES, MESSAGES, REQUESTS, VIEWS } from '../protocol/names.ts';
import type { SimulationView } from '../simulate/view.ts';
import type { Shadow } from './shadow.ts';
import type { SlotFields } from './slot-fields.ts';

/** @param kind EVENT_ Null of what is only on its way. */
export function happened(
  shadow: Shadow,
  kind: number,
  { agent, message, reply, hasData }: SlotFields,
): string | null {
  const who = shadow.nameOf(agent);
  if (kind === layout.EVENT_REQUEST) return `home: ${MESSAGES[message]} of ${who} comes`;
  if (kind === layout.EVENT_OPEN) return 'home: the line is open again';
  if (kind === layout.EVENT_SNOOP) return `${who}: ${MESSAGES[message]} comes`;
  if (kind === layout.EVENT_ANSWER)
    return `home: answer of ${who} comes, ${hasData ? 'with' : 'without'} data`;
  if (kind === layout.EVENT_REPLY) return `${who}: ${MESSAGES[reply]} comes`;
  return kind === layout.EVENT_ACKNOWLEDGE ? `home: CompAck of ${who} comes` : null;
}

/** The pair that the run stopped at, which the tables do not have. */
export function unreachablePair(view: SimulationView): Violation {
  const at = view.word(layout.STOPPED_AT);
  const [who, state, event] = [at >> 16, (at >> 8) & 255, at & 255];
  const names = [
    `core: ${EVENTS[event]} in ${CPU_STATES[state]}`,
    `GPU agent: ${EVENTS[event]} in ${GPU_STATES[state]}`,
    `home: ${REQUESTS[state]} in ${VIEWS[event]}`,
  ];
  return new Violation('unreachable pair', names[who]!);
}
