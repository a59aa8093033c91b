import fc from 'fast-check';
import * as oracle from 'simple-statistics';
import { describe, expect, test } from 'vitest';
import { Random } from '../../src/random.ts';
import { difference, intervalOf, levelBeyond, locateForks } from '../../src/stats/fork-bootstrap.ts';
import { studentQuantile } from '../../src/stats/student-t.ts';
import { forkAt, gauss } from './noise.ts';

const options = () => ({ random: new Random(1), resamples: 500 });
const value = fc.double({ min: -1, max: 1, noNaN: true });
/** Sums of these are exact, so that equal medians stay equal when moved. */
const dyadic = fc.integer({ min: -4096, max: 4096 }).map((n) => n / 4096);
const forkLists = fc.array(fc.array(dyadic, { minLength: 1, maxLength: 9 }), { minLength: 2, maxLength: 12 });
const location = fc.record({
  estimate: value,
  spread: fc.double({ min: 1e-6, max: 1, noNaN: true }),
  degreesOfFreedom: fc.integer({ min: 1, max: 29 }),
});

describe('locateForks', () => {
  test('of forks without noise of their own is the textbook: mean, standard error, Student’s t', () => {
    const levels = [0.1, -0.3, 0.25, 0.4];
    const { estimate, spread, degreesOfFreedom } = locateForks(
      levels.map((level) => [level, level, level]),
      { random: new Random(1), resamples: 200_000 },
    );
    expect(estimate).toBeCloseTo(oracle.mean(levels), 12);
    expect(spread / (oracle.sampleStandardDeviation(levels) / 2)).toBeCloseTo(1, 2);
    expect(degreesOfFreedom).toBe(3);
  });

  test('counts the noise inside forks once', () => {
    const random = new Random(2);
    const forks = Array.from({ length: 200 }, () => forkAt(0, 1, random, 31));
    const medians = forks.map((fork) => oracle.median(fork));
    const { spread } = locateForks(forks, options());
    // The middle 60 % of 200 values know their mean nearly as well as all of them do.
    const expected = oracle.sampleStandardDeviation(medians) / Math.sqrt(200);
    expect(spread / expected).toBeGreaterThan(0.9);
    expect(spread / expected).toBeLessThan(1.2);
  });

  test('counts a fork once, however many rounds it has', () => {
    const forks = [[0], [0.1], new Array<number>(500).fill(0.8)];
    expect(locateForks(forks, options()).estimate).toBeCloseTo(0.3, 12);
  });

  test('is untouched by the few forks that are far off', () => {
    const random = new Random(3);
    const forks = Array.from({ length: 10 }, () => [gauss(random) / 100]);
    const spoiled = [...forks.slice(0, 9), [50]];
    const [clean, dirty] = [forks, spoiled].map((list) => locateForks(list, options()));
    expect(Math.abs(dirty!.estimate - clean!.estimate)).toBeLessThan(0.01);
  });

  test('is the same for the same seed, bit for bit, in whatever order forks and rounds come', () => {
    fc.assert(
      fc.property(forkLists, fc.integer({ min: 0 }), (forks, seed) => {
        const medians = forks.map((fork) => oracle.median(fork));
        fc.pre(new Set(medians).size === medians.length);
        const first = locateForks(forks, { random: new Random(seed), resamples: 50 });
        const again = forks.map((fork) => fork.toReversed()).reverse();
        expect(locateForks(again, { random: new Random(seed), resamples: 50 })).toEqual(first);
      }),
      { seed: 1 },
    );
  });

  test('moves and stretches with its values', () => {
    fc.assert(
      fc.property(forkLists, dyadic, (forks, shift) => {
        const moved = forks.map((fork) => fork.map((x) => 2 * x + shift));
        const [before, after] = [forks, moved].map((list) => locateForks(list, options()));
        expect(after!.estimate).toBeCloseTo(2 * before!.estimate + shift, 9);
        expect(after!.spread).toBeCloseTo(2 * before!.spread, 9);
      }),
      { seed: 1 },
    );
  });

  test('of equal values is that value, and without any spread', () => {
    const equal = new Array<number[]>(7).fill([0.1, 0.1, 0.1]);
    expect(locateForks(equal, options())).toEqual({ estimate: 0.1, spread: 0, degreesOfFreedom: 6 });
  });

  test('refuses one fork, empty ones, and values that are not finite', () => {
    expect(() => locateForks([[1, 2]], options())).toThrow(/1 forks: expected at least 2/);
    expect(() => locateForks([[1], []], options())).toThrow(RangeError);
    expect(() => locateForks([[1], [Number.NaN]], options())).toThrow(RangeError);
  });
});

describe('intervalOf', () => {
  test('reaches as far as Student’s t says, down to the smallest levels', () => {
    const { low, high } = intervalOf({ estimate: 2, spread: 0.5, degreesOfFreedom: 4 }, 1e-6);
    expect(high).toBeCloseTo(2 + studentQuantile(5e-7, 4) / 2, 12);
    expect(low).toBeCloseTo(2 - studentQuantile(5e-7, 4) / 2, 12);
  });

  test('is nested: a smaller level gives a wider interval around the same estimate', () => {
    fc.assert(
      fc.property(location, (at) => {
        const widths = [0.5, 0.05, 1e-3, 1e-6, 1e-9].map((level) => intervalOf(at, level).high);
        return widths.every((high, i) => i === 0 || high > widths[i - 1]!);
      }),
      { seed: 1 },
    );
  });
});

describe('levelBeyond', () => {
  test('is the level at which the interval ends at the bound', () => {
    fc.assert(
      fc.property(location, fc.double({ min: 0, max: 0.5, noNaN: true }), (at, bound) => {
        const level = levelBeyond(at, bound);
        if (Math.abs(at.estimate) <= bound) return level === 1;
        fc.pre(level > 1e-12 && level < 1);
        const { low, high } = intervalOf(at, level);
        return Math.abs((at.estimate > 0 ? low : -high) - bound) < 1e-9;
      }),
      { seed: 1 },
    );
  });

  test('without any spread is certain', () => {
    expect(levelBeyond({ estimate: 0.02, spread: 0, degreesOfFreedom: 3 }, 0.01)).toBe(0);
    expect(levelBeyond({ estimate: 0.01, spread: 0, degreesOfFreedom: 3 }, 0.01)).toBe(1);
  });
});

describe('difference', () => {
  // B. L. Welch's formula by hand: variances 0.04 and 0.01 of the means, 4 and 9 degrees of freedom.
  test('adds variances, and degrees of freedom as Welch does', () => {
    const result = difference(
      { estimate: 3, spread: 0.2, degreesOfFreedom: 4 },
      { estimate: 1, spread: 0.1, degreesOfFreedom: 9 },
    );
    expect(result.estimate).toBe(2);
    expect(result.spread).toBeCloseTo(Math.sqrt(0.05), 12);
    expect(result.degreesOfFreedom).toBeCloseTo(0.0025 / (0.0016 / 4 + 0.0001 / 9), 9);
  });

  test('of two without spread has none', () => {
    const exact = { estimate: 1, spread: 0, degreesOfFreedom: 3 };
    expect(difference(exact, { ...exact, degreesOfFreedom: 5 })).toEqual({ ...exact, estimate: 0 });
  });
});
