import * as oracle from 'simple-statistics';
import { describe, expect, test } from 'vitest';
import { Random } from '../../src/random.ts';
import { bootstrapMedians, medianEstimate, percentileInterval } from '../../src/stats/bootstrap.ts';
import { sortedCopy } from '../../src/stats/median.ts';

/** Durations as they come: a floor, a log-normal spread above it, and now and then an interruption. */
function timings(random: Random, count: number): number[] {
  return Array.from({ length: count }, () => {
    const gauss = Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
    return 100 + Math.exp(gauss) + (random.below(50) === 0 ? 500 : 0);
  });
}

/** The median that `timings` draws from: that of the log-normal part, moved by the 2 % of interruptions. */
const TRUE_MEDIAN = 100 + Math.exp(0.02558);

describe('bootstrapMedians', () => {
  const DRAWN = 20_000;

  /** Share of medians up to each of the values. */
  const shares = (medians: ArrayLike<number>, values: ArrayLike<number>) =>
    Array.from(values, (value) => Array.from(medians).filter((one) => one <= value).length / medians.length);

  test.each([1, 2, 3, 4, 9, 10, 51])(
    'gives medians of resamples of %i values, distributed as drawing and sorting them does',
    (count) => {
      const sorted = sortedCopy(timings(new Random(count), count));
      const replay = new Random(3);
      const expected = Array.from({ length: DRAWN }, () =>
        oracle.median(Array.from(sorted, () => sorted[replay.below(count)]!)),
      );
      const medians = bootstrapMedians(sorted, { random: new Random(4), resamples: DRAWN });
      expect(medians).toHaveLength(DRAWN);
      // Kolmogorov-Smirnov: two samples of 20,000 differ by 0.02 with a probability of 0.0007.
      const others = shares(expected, sorted);
      shares(medians, sorted).forEach((share, i) => {
        expect(Math.abs(share - others[i]!), `value ${i}`).toBeLessThan(0.02);
      });
    },
  );

  test('are medians that a resample can have: values, or means of two', () => {
    const possible = new Set([1, 1.5, 2, 3, 4, 2.5, 3.5]);
    for (const sorted of [[1], [1, 2], [1, 2, 4]]) {
      const medians = bootstrapMedians(sorted, { random: new Random(1), resamples: 1000 });
      expect([...medians].filter((value) => !possible.has(value))).toEqual([]);
      expect(new Set(medians).size).toBe(sorted.length === 1 ? 1 : 3);
    }
  });
});

describe('medianEstimate', () => {
  test.each([0.9, 0.95])('holds the true median as often as its confidence of %f says', (confidence) => {
    const random = new Random(20_261_122);
    const trials = 400;
    let held = 0;
    for (let trial = 0; trial < trials; trial++) {
      const values = timings(random, 60);
      const { low, high } = medianEstimate(values, { random, resamples: 500, confidence });
      if (low <= TRUE_MEDIAN && TRUE_MEDIAN <= high) held++;
    }
    expect(held / trials).toBeGreaterThan(confidence - 0.05);
    expect(held / trials).toBeLessThan(confidence + 0.04);
  });

  test('is the same for the same seed, bit for bit, and in whatever order the values come', () => {
    const values = timings(new Random(1), 101);
    const first = medianEstimate(values, { random: new Random(2) });
    expect(medianEstimate(values.toReversed(), { random: new Random(2) })).toEqual(first);
    expect(medianEstimate(values, { random: new Random(3) })).not.toEqual(first);
  });

  test('narrows with more values and widens with more confidence', () => {
    const width = (count: number, confidence: number) => {
      const { low, high } = medianEstimate(timings(new Random(1), count), {
        random: new Random(2),
        confidence,
      });
      return high - low;
    };
    expect(width(1000, 0.95)).toBeLessThan(width(50, 0.95));
    expect(width(50, 0.99)).toBeGreaterThan(width(50, 0.8));
  });

  test('surrounds its estimate', () => {
    for (let count = 1; count < 40; count++) {
      const { estimate, low, high } = medianEstimate(timings(new Random(count), count), {
        random: new Random(1),
      });
      expect(low).toBeLessThanOrEqual(estimate);
      expect(high).toBeGreaterThanOrEqual(estimate);
    }
  });

  test('has no width for one value, nor for equal ones', () => {
    expect(medianEstimate([0.1], { random: new Random(1) })).toEqual({ estimate: 0.1, low: 0.1, high: 0.1 });
    const equal = new Array<number>(40).fill(0.1);
    expect(medianEstimate(equal, { random: new Random(1) })).toEqual({ estimate: 0.1, low: 0.1, high: 0.1 });
  });

  test('refuses no values', () => {
    expect(() => medianEstimate([], { random: new Random(1) })).toThrow(RangeError);
  });
});

test('percentileInterval leaves out equal tails', () => {
  const replicates = Array.from({ length: 101 }, (_, i) => i);
  const { low, high } = percentileInterval(replicates, 0.9);
  expect(low).toBeCloseTo(5, 9);
  expect(high).toBeCloseTo(95, 9);
  for (const confidence of [0, 1, 95, Number.NaN]) {
    expect(() => percentileInterval(replicates, confidence)).toThrow(RangeError);
  }
});
