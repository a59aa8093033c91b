/** Agents that contend for a word: ping-pong, and additions to one word or to words beside each other. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { atomicsReach } from '../predict/sharing.ts';
import { LINE_BYTES } from '../simulate/lay-side.ts';
import { firstLine } from './lines.ts';
import {
  type AbsentPattern,
  type ModelledPattern,
  type PatternOptions,
  partsOf,
  rounds,
  sideOf,
} from './pattern.ts';

const TURNS = 512;
const ADDITIONS = 256;

/** Null where every agent that takes part can do atomics there. */
export function atomicsMissing(options: PatternOptions): string | null {
  const { agents, placement, values } = options;
  const sides = partsOf({ ...options, agents: Math.min(2, agents) }, (agent) => sideOf(options, agent));
  const missing = sides.find((side) => !atomicsReach(values, side, placement));
  return missing === undefined ? null : `atomics of ${missing} do not reach ${placement} in this profile`;
}

const PING_PONG: ModelledPattern = {
  name: 'ping-pong-cas',
  isShared: true,
  run: (options) =>
    atomicsMissing(options) ?? {
      parts: [layout.ACCESS_SWAP_EVEN, layout.ACCESS_SWAP_ODD].map((operation, agent) =>
        rounds(sideOf(options, agent), TURNS, () => ({
          line: firstLine(options),
          what: operation | layout.ACCESS_DEPENDS,
        })),
      ),
      operations: TURNS,
    },
};

/** @param gapBytes from the word of one agent to that of the next; 0 is one word for all */
function additions(name: string, gapBytes: number): ModelledPattern {
  return {
    name,
    isShared: true,
    run: (options) =>
      atomicsMissing(options) ?? {
        parts: partsOf(options, (agent) => {
          const line = firstLine(options) + Math.floor((agent * gapBytes) / LINE_BYTES);
          const step = { line, what: layout.ACCESS_ADD | layout.ACCESS_DEPENDS };
          return rounds(sideOf(options, agent), ADDITIONS, () => step);
        }),
        operations: options.agents * ADDITIONS,
      },
  };
}

export const TURN_MODELS: readonly (ModelledPattern | AbsentPattern)[] = [
  PING_PONG,
  {
    name: 'ping-pong-add',
    reason: 'agents of the model wait for a word by compare-and-swap alone; see ping-pong-cas',
  },
  additions('contended-add', 0),
  {
    name: 'contended-cas',
    reason:
      'a compare-and-swap of the model looks whether a word is even or odd: it does not fail because others were faster',
  },
  ...[4, 8, 16, 32, 64, 128].map((gap) => additions(`sharing-${gap}`, gap)),
];
