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
 * Not value by value: the ranks of a resample are the integer parts of as many uniform numbers, scaled, so its median
 * is where the middle one of those falls, and that one is drawn as a whole. So a resample takes the same time
 * however many values there are.
 */
export function bootstrapMedians(sorted: ArrayLike<number>, options: BootstrapOptions): Float64Array {
  const { random, resamples = DEFAULT_RESAMPLES } = options;
  const medians = new Float64Array(resamples);
  const middle = sorted.length >> 1;
  for (let b = 0; b < resamples; b++) {
    medians[b] =
      sorted.length % 2 === 1
        ? valueAt(sorted, middleUniform(middle + 1, random))
        : meanAt(sorted, middleUniforms(middle, random));
  }
  return medians;
}

/**
 * The middle one of 2k - 1 uniform numbers: a Beta(k, k) variate, by G. Ulrich, "Computer Generation of
 * Distributions on the m-Sphere", Applied Statistics 33(2), 1984, as in L. Devroye, "Non-Uniform Random Variate
 * Generation", 1986, IX.4.5.
 */
function middleUniform(k: number, random: Random): number {
  const radius = Math.sqrt(1 - random.float() ** (2 / (2 * k - 1)));
  return (1 + radius * Math.cos(2 * Math.PI * random.float())) / 2;
}

/**
 * The two middle ones of 2k uniform numbers. One number more than 2k - 1 lies above or below their middle one, and on
 * that side, the nearest of k numbers is the other one of the two.
 */
function middleUniforms(k: number, random: Random): [number, number] {
  const middle = middleUniform(k, random);
  const nearness = random.float() ** (1 / k);
  return random.float() < middle ? [middle * nearness, middle] : [middle, 1 - (1 - middle) * nearness];
}

function valueAt(sorted: ArrayLike<number>, uniform: number): number {
  return sorted[Math.min(Math.floor(uniform * sorted.length), sorted.length - 1)]!;
}

/** Equal values are returned as they are: a mean could round. */
function meanAt(sorted: ArrayLike<number>, [lower, upper]: [number, number]): number {
  const [a, b] = [valueAt(sorted, lower), valueAt(sorted, upper)];
  return a === b ? a : (a + b) / 2;
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
