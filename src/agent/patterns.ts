/** All patterns, by name. */
import type { Pattern } from './pattern.ts';
import { CHASE_PATTERNS } from './patterns/chase.ts';
import { COPY_PATTERNS } from './patterns/copies.ts';
import { LINE_STATE_PATTERNS } from './patterns/line-states.ts';
import { LOADED_LATENCY } from './patterns/loaded-latency.ts';
import { MESSAGE_PATTERNS } from './patterns/messages.ts';
import { MIX_PATTERNS } from './patterns/mixes.ts';
import { STREAM_PATTERNS } from './patterns/streams.ts';
import { TURN_PATTERNS } from './patterns/turns.ts';

export const PATTERNS: readonly Pattern[] = [
  ...STREAM_PATTERNS,
  ...CHASE_PATTERNS,
  ...TURN_PATTERNS,
  ...MESSAGE_PATTERNS,
  ...MIX_PATTERNS,
  ...COPY_PATTERNS,
  ...LINE_STATE_PATTERNS,
  LOADED_LATENCY,
];

/** Before the name of a pattern, in the names of workloads. */
export const AGENTS_PREFIX = 'agents/';

/** The pattern of a workload. */
export function findPattern(workload: string): Pattern {
  const found = PATTERNS.find(({ name }) => AGENTS_PREFIX + name === workload);
  if (!found) throw new RangeError(`${workload}: no such pattern of agents`);
  return found;
}
