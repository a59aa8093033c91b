/** Words that all agents share, drawn at random: read-mostly, zipfian, and GUPS. */
import * as layout from '../../../assembly/coherence/layout.ts';
import type { Random } from '../../random.ts';
import type { Step } from '../predict/scenario.ts';
import { firstLine, linesOf } from './lines.ts';
import { type ModelledPattern, type PatternOptions, partsOf, rounds, sideOf } from './pattern.ts';
import { atomicsMissing } from './turns.ts';

/** As in the measured mode: skew of YCSB, and one access in twenty. */
const THETA = 0.99;
const ZIPFIAN_INCREMENTS = 0.05;
const LEAST_ENTRIES = 4096;
const MOST_ENTRIES = 2 ** 16;
const ENTRIES_PER_LINE = 4;
/** HPC Challenge lets a process look 1024 updates ahead, and its code makes 128 at a time. */
const UPDATES_AHEAD = 128;

type Draw = (agent: number, random: Random) => { readonly line: number; readonly isAddition: boolean };

function mix(name: string, drawFrom: (lines: number) => Draw): ModelledPattern {
  return {
    name,
    isShared: true,
    note: 'GPU agents read what their L1 has, however old',
    run: (options) => {
      const missing = atomicsMissing(options);
      if (missing !== null) return missing;
      const lines = linesOf(options);
      const draw = drawFrom(lines);
      const entries = entriesFor(lines);
      const parts = partsOf(options, (agent) => {
        const steps = Array.from({ length: entries }, () => drawn(options, draw, agent));
        return rounds(sideOf(options, agent), entries, (i) => steps[i % entries]!);
      });
      return { parts, operations: options.agents * entries };
    },
  };
}

function drawn(options: PatternOptions, draw: Draw, agent: number): Step {
  const { line, isAddition } = draw(agent, options.random);
  return { line: firstLine(options) + line, what: isAddition ? layout.ACCESS_ADD : layout.ACCESS_LOAD };
}

function entriesFor(lines: number): number {
  return Math.min(MOST_ENTRIES, Math.max(LEAST_ENTRIES, ENTRIES_PER_LINE * lines));
}

function readMostly(lines: number): Draw {
  return (agent, random) => ({ line: random.below(lines), isAddition: agent === 0 });
}

/** Rank k in proportion to 1 / k^theta; ranks are scattered over the lines by a step that is coprime to their number. */
function zipfian(lines: number): Draw {
  let sum = 0;
  const sums = Float64Array.from({ length: lines }, (_, k) => {
    sum += 1 / (k + 1) ** THETA;
    return sum;
  });
  let step = Math.max(1, Math.round(lines * 0.6180339887498949));
  while (greatestCommonDivisor(step, lines) !== 1) step++;
  return (_agent, random) => {
    const line = (firstAbove(sums, random.float() * sum) * step) % lines;
    return { line, isAddition: random.float() < ZIPFIAN_INCREMENTS };
  };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function firstAbove(sums: Float64Array, value: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sums[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

const GUPS: ModelledPattern = {
  name: 'gups',
  isShared: true,
  note: `updates by ${UPDATES_AHEAD}: all of them are read, then all written`,
  run: (options) => {
    const lines = linesOf(options);
    const updates = UPDATES_AHEAD * Math.ceil(entriesFor(lines) / 2 / UPDATES_AHEAD);
    const parts = partsOf(options, (agent) => {
      const order = Uint32Array.from({ length: updates }, () => options.random.below(lines));
      return rounds(sideOf(options, agent), 2 * updates, (i) => updateStep(options, order, i));
    });
    return { parts, operations: options.agents * updates };
  },
};

function updateStep(options: PatternOptions, order: Uint32Array, i: number): Step {
  const [batch, within] = [Math.floor(i / (2 * UPDATES_AHEAD)), i % (2 * UPDATES_AHEAD)];
  const update = batch * UPDATES_AHEAD + (within % UPDATES_AHEAD);
  const what = within < UPDATES_AHEAD ? layout.ACCESS_LOAD : layout.ACCESS_STORE;
  return { line: firstLine(options) + order[update % order.length]!, what };
}

export const MIX_MODELS: readonly ModelledPattern[] = [
  mix('read-mostly', readMostly),
  mix('zipfian', zipfian),
  GUPS,
];
