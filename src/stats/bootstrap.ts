/**
 * The percentile bootstrap of a median: B. Efron, "Bootstrap methods: another look at the jackknife",
 * The Annals of Statistics 7(1), 1979. It assumes no shape of the distribution, which timings do not have.
 */
import type { Random } from '../random.ts';
import { quantileOfSorted, sortedCopy } from './median.ts';

/** A figure and the interval in which it lies with the chosen confidence. */
export interface Estimate {
  estimate: number;
  low: number;
  high: number;
}

export interface BootstrapOptions {
  /** Where the resamples are drawn from; equal streams give equal intervals, bit for bit. */
  readonly random: Random;
  /** Number of resamples; 2000 unless given. */
  readonly resamples?: number;
  /** Share of intervals that are to hold the true value; 0.95 unless given. */
  readonly confidence?: number;
}

export const DEFAULT_RESAMPLES = 2000;
export const DEFAULT_CONFIDENCE = 0.95;

/**
 * Medians of `resamples` resamples of `sorted`, each drawn with replacement and as long as it is.
 *
 * It is ranks that are drawn and counted: walking the counts up to the middle gives a resample's median
 * in linear time, with nothing sorted and nothing allocated per resample.
 */
export function bootstrapMedians(sorted: ArrayLike<number>, options: BootstrapOptions): Float64Array {
  const { random, resamples = DEFAULT_RESAMPLES } = options;
  const count = sorted.length;
  const drawnByRank = new Uint32Array(count);
  const medians = new Float64Array(resamples);
  for (let b = 0; b < resamples; b++) {
    drawnByRank.fill(0);
    for (let i = 0; i < count; i++) drawnByRank[random.below(count)]!++;
    medians[b] = medianOfCounts(sorted, drawnByRank);
  }
  return medians;
}

/** The median of a resample that holds `sorted[rank]` as often as `drawnByRank[rank]` says. */
function medianOfCounts(sorted: ArrayLike<number>, drawnByRank: Uint32Array): number {
  const middle = (sorted.length + 1) >> 1;
  let rank = 0;
  let drawn = drawnByRank[0]!;
  while (drawn < middle) drawn += drawnByRank[++rank]!;
  const lower = sorted[rank]!;
  if (sorted.length % 2 === 1 || drawn > middle) return lower;
  do rank++;
  while (drawnByRank[rank] === 0);
  const upper = sorted[rank]!;
  return lower === upper ? lower : (lower + upper) / 2;
}

/** The interval between the percentiles that leave out an equal share of `replicates` on both sides. */
export function percentileInterval(
  replicates: ArrayLike<number>,
  confidence: number = DEFAULT_CONFIDENCE,
): { low: number; high: number } {
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`confidence ${confidence}: expected a share between 0 and 1`);
  const sorted = sortedCopy(replicates);
  const tail = (1 - confidence) / 2;
  return { low: quantileOfSorted(sorted, tail), high: quantileOfSorted(sorted, 1 - tail) };
}

/**
 * The median of `values` with its bootstrap interval. A single value has an interval of width 0: nothing is
 * known about its spread. Throws RangeError when there is no value.
 */
export function medianEstimate(values: ArrayLike<number>, options: BootstrapOptions): Estimate {
  const sorted = sortedCopy(values);
  const estimate = quantileOfSorted(sorted, 0.5);
  return { estimate, ...percentileInterval(bootstrapMedians(sorted, options), options.confidence) };
}
