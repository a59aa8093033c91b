/** Pairs of agents: one writes a payload and raises a flag, the other reads it and acknowledges. */
import * as layout from '../../../assembly/coherence/layout.ts';
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
import { awaited, countOf, raised, type Segment, segment, stepOf } from './segments.ts';
import { atomicsMissing } from './turns.ts';

const MESSAGES = 128;

function messages(payloadBytes: number): ModelledPattern {
  const payload = payloadBytes / LINE_BYTES;
  return {
    name: `messages-${payloadBytes}`,
    isShared: true,
    note: 'flags are raised and awaited by compare-and-swap',
    run: (options) => {
      const missing = atomicsMissing(options);
      if (missing !== null) return missing;
      const parts = partsOf(options, (agent) => {
        // A page and a line for each pair, so that pairs do not all begin at the same slice.
        const first = firstLine(options) + Math.floor(agent / 2) * (payload + 65);
        const message = messageOf(options, agent, { flag: first, answer: first + 1, payload, at: first + 2 });
        return rounds(sideOf(options, agent), MESSAGES * countOf(message), stepOf(message));
      });
      return { parts, operations: (options.agents / 2) * MESSAGES };
    },
  };
}

interface Lines {
  readonly flag: number;
  readonly answer: number;
  /** Lines of it, and the first. */
  readonly payload: number;
  readonly at: number;
}

/** What an agent does for one: those with even numbers send. */
function messageOf(options: PatternOptions, agent: number, { flag, answer, payload, at }: Lines): Segment[] {
  const side = sideOf(options, agent);
  const isSender = agent % 2 === 0;
  const operation = isSender ? layout.ACCESS_STORE : layout.ACCESS_LOAD;
  const lines = segment(payload, (i) => ({
    line: at + i,
    what: operation | (i === 0 ? layout.ACCESS_DEPENDS : 0),
  }));
  return isSender
    ? [lines, raised(flag), ...awaited(side, answer)]
    : [...awaited(side, flag), lines, raised(answer)];
}

export const MESSAGE_MODELS: readonly (ModelledPattern | AbsentPattern)[] = [
  messages(64),
  messages(4096),
  {
    name: 'ring',
    reason: 'no agent of the model works for others: what emulates the device is code, not memory',
  },
];
