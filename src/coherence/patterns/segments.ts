/** Accesses of one agent as one piece after the other, and flags by which agents wait for each other between them. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { arrayAt, type Memory, type Side, type Step } from '../predict/scenario.ts';
import { atomicsReach } from '../predict/sharing.ts';
import { type PatternOptions, partsOf, sideOf } from './pattern.ts';

export interface Segment {
  readonly count: number;
  readonly step: (i: number) => Step;
}

export function segment(count: number, step: Segment['step']): Segment {
  return { count, step };
}

export function countOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { count }) => sum + count, 0);
}

/** The i-th access of all of them, again from the begin behind the last. */
export function stepOf(segments: readonly Segment[]): Segment['step'] {
  const all = countOf(segments);
  return (i) => {
    let left = i % all;
    for (const { count, step } of segments) {
      if (left < count) return step(left);
      left -= count;
    }
    throw new RangeError(`access ${i} of ${all}`);
  };
}

/** Far from what patterns work on. */
const FLAGS = 64;

/** The memory that flags of all agents can be in; null where there is none. */
export function flagMemory(options: PatternOptions): Memory | null {
  const sides = new Set(partsOf(options, (agent) => sideOf(options, agent)));
  const reached = (['lpddr', 'hbm'] as const).filter((memory) =>
    [...sides].every((side) => atomicsReach(options.values, side, memory)),
  );
  return reached.find((memory) => memory === options.placement) ?? reached[0] ?? null;
}

export const NO_FLAGS =
  'no memory of this profile is reached by atomics of both sides, by which they wait for each other';

/** Line of flag number `index`: words of different lines. */
function flagLine(memory: Memory, index: number): number {
  return arrayAt(memory, FLAGS) + index;
}

/** Raises a flag when all accesses before have ended. */
export function raised(line: number): Segment {
  return segment(1, () => ({ line, what: layout.ACCESS_SWAP_EVEN | layout.ACCESS_DEPENDS }));
}

/** Waits until a flag is raised, and takes it down. What a GPU agent read before it reads anew. */
export function awaited(side: Side, line: number): Segment[] {
  const taken = segment(1, () => ({ line, what: layout.ACCESS_SWAP_ODD | layout.ACCESS_DEPENDS }));
  if (side === 'grace') return [taken];
  return [taken, segment(1, () => ({ line, what: layout.ACCESS_ACQUIRE | layout.ACCESS_DEPENDS }))];
}

/** All agents meet: each raises a flag for each other one. @param index of the meeting, from 0 */
export function meeting(options: PatternOptions, memory: Memory, agent: number, index: number): Segment[] {
  const { agents } = options;
  const flag = (from: number, to: number) => flagLine(memory, (index * agents + from) * agents + to);
  const others = partsOf(options, (other) => other).filter((other) => other !== agent);
  return [
    ...others.map((other) => raised(flag(agent, other))),
    ...others.flatMap((other) => awaited(sideOf(options, agent), flag(other, agent))),
  ];
}
