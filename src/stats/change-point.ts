/**
 * Change points: where a history of values left one level for another.
 *
 * After D. Daly et al., "The Use of Change Point Detection to Identify Software Performance Regressions in a
 * Continuous Integration System", ICPE 2020, and D. S. Matteson and N. A. James, JASA 109(505), 2014: split where two
 * sides differ most, ask a permutation test whether chance would do as well, go on in both halves.
 *
 * Whether there is a change is asked of ranks (A. N. Pettitt, Applied Statistics 28(2), 1979), so a single wild value
 * is one value among others. Where it is, the values say: ranks alone put a step near an end too far inside. Each
 * point counts as one: the scatter from run to run, which is what a change has to stand out from, contains the
 * uncertainty of every run.
 */
import type { Random } from '../random.ts';
import { median } from './median.ts';

export interface ChangePoint {
  /** Index of the first value of the new level: from here a window of comparable values starts anew. */
  readonly index: number;
  /** Median of the values from here to the next change point, over the median of those before, back to the last one. */
  readonly ratio: number;
}

export interface ChangePointOptions {
  /** Where permutations are drawn from; equal streams find equal change points. */
  readonly random: Random;
  /** Probability that a history without a change gets one; 0.01 unless given. */
  readonly level?: number;
}

const DEFAULT_LEVEL = 0.01;
/** Permutations for each unit of 1 / level: enough to tell levels around it apart. */
const PERMUTATIONS_PER_LEVEL = 20;

/**
 * Change points of `values`, times or other figures above 0, which stand in the order in which they were measured;
 * ascending.
 *
 * Few values cannot tell: at the default level a step shows from about five values on either side of it on.
 *
 * @throws RangeError for values that are not finite or not above 0
 */
export function changePoints(values: readonly number[], options: ChangePointOptions): ChangePoint[] {
  const { random, level = DEFAULT_LEVEL } = options;
  if (!(level > 0 && level < 1)) throw new RangeError(`level ${level}: expected a share between 0 and 1`);
  for (const value of values) {
    if (!(value > 0 && value < Number.POSITIVE_INFINITY))
      throw new RangeError(`a value is ${value}: expected a finite number above 0`);
  }
  const search = { random, level };
  const starts = settle(values, bisect(values, 0, search), search);
  const bounds = [0, ...starts, values.length];
  return starts.map((index, i) => ({
    index,
    ratio: median(values.slice(index, bounds[i + 2]!)) / median(values.slice(bounds[i]!, index)),
  }));
}

type Search = Required<ChangePointOptions>;

/** Splits as long as chance does not explain it. Rough: where there are several steps, the first cut may miss them all. */
function bisect(values: readonly number[], offset: number, search: Search): number[] {
  const ranks = centredRanks(values);
  const split = bestSplit(ranks);
  if (split === null || !isBeyondChance(ranks, split.statistic, search)) return [];
  const { index } = split;
  return [
    ...bisect(values.slice(0, index), offset, search),
    offset + index,
    ...bisect(values.slice(index), offset + index, search),
  ];
}

/** Passes until nothing moves; two or three do, and it must end. */
const MOST_PASSES = 10;

/**
 * Looks at each change again between its two neighbours, where there is one step and no other: puts it in its place, or
 * drops it. C. Inclán and G. C. Tiao, JASA 89(427), 1994, do so with variances.
 */
function settle(values: readonly number[], starts: readonly number[], search: Search): number[] {
  let settled = [...starts];
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const before = settled;
    settled = [];
    before.forEach((_, i) => {
      const from = settled.at(-1) ?? 0;
      const window = values.slice(from, before[i + 1] ?? values.length);
      const ranks = centredRanks(window);
      const split = bestSplit(ranks);
      if (split && isBeyondChance(ranks, split.statistic, search))
        settled.push(from + placeOfChange(window, split.index));
    });
    if (settled.join() === before.join()) break;
  }
  return settled;
}

/** Ranks about their mean, doubled to stay whole; equal values share the mean of theirs. */
function centredRanks(values: readonly number[]): Int32Array {
  const sorted = values.toSorted((a, b) => a - b);
  const below = new Map<number, number>();
  sorted.forEach((value, i) => {
    if (!below.has(value)) below.set(value, i);
  });
  const upTo = new Map(sorted.map((value, i) => [value, i + 1]));
  return Int32Array.from(values, (value) => below.get(value)! + upTo.get(value)! - values.length);
}

/** The split at which the ranks of both sides differ most, in units of what chance gives at that place. */
function bestSplit(ranks: Int32Array): { index: number; statistic: number } | null {
  let best: { index: number; statistic: number } | null = null;
  let sum = 0;
  for (let index = 1; index < ranks.length; index++) {
    sum += ranks[index - 1]!;
    // The variance of the sum of k ranks out of n is proportional to k (n - k).
    const statistic = (sum * sum) / (index * (ranks.length - index));
    if (statistic > (best?.statistic ?? 0)) best = { index, statistic };
  }
  return best;
}

/** Whether fewer than `level` of random orders split as well. Ends as soon as that cannot be any more. */
function isBeyondChance(ranks: Int32Array, statistic: number, { random, level }: Search): boolean {
  const permutations = Math.ceil(PERMUTATIONS_PER_LEVEL / level) - 1;
  const allowed = level * (permutations + 1) - 1;
  const order = Int32Array.from(ranks);
  let asGood = 0;
  for (let i = 0; i < permutations; i++) {
    random.shuffle(order);
    if ((bestSplit(order)?.statistic ?? 0) < statistic) continue;
    asGood++;
    if (asGood > allowed) return false;
  }
  return true;
}

/** Multiple of the noise at which a value is off so far that it says no more about the place of a step. */
const FAR_OFF = 3;

/** The index that leaves values nearest to the medians of their sides; `guess` where none is better. */
function placeOfChange(values: readonly number[], guess: number): number {
  // Neighbours differ by noise, but for the few on either side of a step.
  const noise = median(values.slice(1).map((value, i) => Math.abs(value - values[i]!)));
  const cost = (index: number) =>
    [values.slice(0, index), values.slice(index)]
      .flatMap((side) => {
        const middle = median(side);
        return side.map((value) => Math.min(Math.abs(value - middle), FAR_OFF * noise));
      })
      .reduce((sum, distance) => sum + distance, 0);
  let best = { index: guess, cost: cost(guess) };
  for (let index = 1; index < values.length; index++) {
    const candidate = { index, cost: cost(index) };
    if (candidate.cost < best.cost) best = candidate;
  }
  return best.index;
}
