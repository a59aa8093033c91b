/** Words that all agents share, drawn at random: read-mostly, zipfian, and GUPS. */
import * as layout from '../../../assembly/coherence/layout.ts';
import type { Random } from '../../random.ts';
import type { Step } from '../predict/scenario.ts';
import { firstLine, isHeld, linesOf } from './lines.ts';
import { type ModelledPattern, type PatternOptions, partsOf, ROUNDS, rounds, sideOf } from './pattern.ts';
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
        const table = tableOf(options, draw, agent, entries);
        return rounds(sideOf(options, agent), entries, (i) => mixStep(options, table[i % table.length]!));
      });
      return { parts, operations: options.agents * entries };
    },
  };
}

/** Entries of all rounds: twice the line, and one more where it is added to. */
function tableOf(options: PatternOptions, draw: Draw, agent: number, entries: number): Uint32Array {
  return Uint32Array.from({ length: drawnRounds(options) * entries }, () => {
    const { line, isAddition } = draw(agent, options.random);
    return 2 * line + Number(isAddition);
  });
}

function mixStep(options: PatternOptions, entry: number): Step {
  const what = entry % 2 === 1 ? layout.ACCESS_ADD : layout.ACCESS_LOAD;
  return { line: firstLine(options) + Math.floor(entry / 2), what };
}

function entriesFor(lines: number): number {
  return Math.min(MOST_ENTRIES, Math.max(LEAST_ENTRIES, ENTRIES_PER_LINE * lines));
}

/**
 * One round's entries for all of them where the home's cache holds the footprint. Beyond that, others each round: one round
 * comes to fewer lines than that cache has, and gone through again would find all of them there.
 */
function drawnRounds(options: PatternOptions): number {
  return isHeld(options) ? 1 : ROUNDS;
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
      const length = drawnRounds(options) * updates;
      const order = Uint32Array.from({ length }, () => options.random.below(lines));
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
