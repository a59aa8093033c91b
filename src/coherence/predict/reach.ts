/**
 * Which parameters a scenario has to do with: a core that reads CPU memory meets neither the GPU nor the link. What this
 * says of a parameter that it does not know is that everything hangs on it.
 */
import * as layout from '../../../assembly/coherence/layout.ts';
import { PARAMETERS, type ParameterName } from '../profiles/parameters.ts';
import type { Memory, Scenario, Side } from './scenario.ts';

export interface Reach {
  readonly sides: ReadonlySet<Side>;
  readonly memories: ReadonlySet<Memory>;
}

/** As many as the longest body of a loop has: a load goes through the same memories over and over. */
const STEPS = 4;

export function reachOf({ loads }: Scenario): Reach {
  const lines = loads.flatMap(({ step }) => Array.from({ length: STEPS }, (_, i) => step(i).line));
  return {
    sides: new Set(loads.map(({ side }) => side)),
    memories: new Set(lines.map((line) => (line < 2 ** layout.GPU_LINE_SHIFT ? 'lpddr' : 'hbm'))),
  };
}

/** In the order of the table. */
export function parametersReached(reach: Reach): ParameterName[] {
  return PARAMETERS.map(({ name }) => name).filter((name) => isReached(name, reach));
}

/** First match decides. */
const OWNERS: readonly (readonly [RegExp, (reach: Reach) => boolean])[] = [
  [/^cpu-(cores|issue|stream-issue|l1-|l2-|outstanding-)/, ({ sides }) => sides.has('grace')],
  [/^gpu-(sms|issue|l1-|outstanding-)/, ({ sides }) => sides.has('hopper')],
  [/^(l3|lpddr|cpu-home|cpu-atomic)-/, ({ memories }) => memories.has('lpddr')],
  [/^(l2|hbm|gpu-home|gpu-atomic)-/, ({ memories }) => memories.has('hbm')],
  [/^cpu-fabric-/, (reach) => isMet(reach, 'grace', 'lpddr')],
  [/^gpu-fabric-/, (reach) => isMet(reach, 'hopper', 'hbm')],
  [/^(link|far-lpddr)-/, (reach) => isMet(reach, 'grace', 'lpddr') && isMet(reach, 'hopper', 'hbm')],
];

function isMet({ sides, memories }: Reach, side: Side, memory: Memory): boolean {
  return sides.has(side) || memories.has(memory);
}

function isReached(name: ParameterName, reach: Reach): boolean {
  const owner = OWNERS.find(([names]) => names.test(name));
  return owner === undefined || owner[1](reach);
}
