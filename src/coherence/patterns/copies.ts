/**
 * Copies between the memory of one agent and that of others, under the names of NVIDIA's nvbandwidth: `read` is done by
 * whose memory is copied to, `write` by whose memory is copied from. All agents write their memory first, and meet.
 */
import * as layout from '../../../assembly/coherence/layout.ts';
import { firstLine, linesOf } from './lines.ts';
import { type ModelledPattern, type PatternOptions, partsOf, sideOf } from './pattern.ts';
import { countOf, flagMemory, meeting, NO_FLAGS, type Segment, segment, stepOf } from './segments.ts';
import { storeOf } from './streams.ts';

/** In units of which every agent's memory is a whole number, one agent's behind the other's. */
interface Copy {
  readonly by: number;
  readonly from: number;
  readonly to: number;
  readonly units: number;
}

interface Ownership {
  /** Units of each agent's memory. */
  readonly owned: readonly number[];
  readonly copies: readonly Copy[];
}

/** Before it is copied, all of it is written: more would take minutes. */
const MOST_LINES = 2 ** 20;

function copy(name: string, of: (agents: number) => Ownership): ModelledPattern {
  return {
    name,
    isShared: true,
    run: (options) => {
      const memory = flagMemory(options);
      if (memory === null) return NO_FLAGS;
      if (linesOf(options) > MOST_LINES) return 'expected a footprint of at most 64 MiB here';
      const { owned, copies } = of(options.agents);
      const lines = Math.floor(linesOf(options) / owned.reduce((sum, units) => sum + units, 0));
      const parts = partsOf(options, (agent) => {
        const first = owned.slice(0, agent).reduce((sum, units) => sum + units, 0);
        const own = copies.filter(({ by }) => by === agent).map((one) => copying(options, one, lines));
        const preparing = [
          writing(options, first * lines, owned[agent]! * lines),
          ...meeting(options, memory, agent, 0),
        ];
        const before = countOf(preparing);
        const step = stepOf([...preparing, ...own]);
        return { side: sideOf(options, agent), before, whole: before + countOf(own), step };
      });
      return { parts, operations: lines * copies.reduce((sum, { units }) => sum + units, 0) };
    },
  };
}

function writing(options: PatternOptions, from: number, lines: number): Segment {
  const what = storeOf(options, lines);
  return segment(lines, (i) => ({ line: firstLine(options) + from + i, what }));
}

/** Each line is read and then written. */
function copying(options: PatternOptions, { from, to, units }: Copy, lines: number): Segment {
  const first = firstLine(options);
  const store = storeOf(options, 2 * units * lines);
  return segment(2 * units * lines, (i) => {
    const at = Math.floor(i / 2);
    if (i % 2 === 1) return { line: first + to * lines + at, what: store };
    // The first one begins when the meeting has ended.
    return {
      line: first + from * lines + at,
      what: layout.ACCESS_LOAD | (i === 0 ? layout.ACCESS_DEPENDS : 0),
    };
  });
}

const others = (agents: number) => Array.from({ length: agents - 1 }, (_, i) => i + 1);
/** Agent 0 has as much as all others together. */
const gathered = (agents: number) => [agents - 1, ...others(agents).map(() => 1)];
/** Every agent has what is copied from it, and what is copied to it. */
const paired = (agents: number) => Array.from({ length: agents }, () => 2);

export const COPY_MODELS: readonly ModelledPattern[] = [
  copy('one-to-all-read', (agents) => ({
    owned: Array.from({ length: agents }, () => 1),
    copies: others(agents).map((by) => ({ by, from: 0, to: by, units: 1 })),
  })),
  copy('one-to-all-write', (agents) => ({
    owned: gathered(agents),
    copies: [{ by: 0, from: 0, to: agents - 1, units: agents - 1 }],
  })),
  copy('all-to-one-read', (agents) => ({
    owned: gathered(agents),
    copies: [{ by: 0, from: agents - 1, to: 0, units: agents - 1 }],
  })),
  copy('all-to-one-write', (agents) => ({
    owned: gathered(agents),
    copies: others(agents).map((by) => ({ by, from: agents - 2 + by, to: by - 1, units: 1 })),
  })),
  copy('bidirectional-read', (agents) => ({
    owned: paired(agents),
    copies: paired(agents).map((_, by) => ({ by, from: 2 * (by ^ 1), to: 2 * by + 1, units: 1 })),
  })),
  copy('bidirectional-write', (agents) => ({
    owned: paired(agents),
    copies: paired(agents).map((_, by) => ({ by, from: 2 * by, to: 2 * (by ^ 1) + 1, units: 1 })),
  })),
];
