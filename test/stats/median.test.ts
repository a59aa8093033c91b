import fc from 'fast-check';
import * as oracle from 'simple-statistics';
import { describe, expect, test } from 'vitest';
import { median, quantile, quantileOfSorted, sortedCopy } from '../../src/stats/median.ts';

const values = fc.array(fc.double({ min: -1e12, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 60 });

describe('median', () => {
  test('agrees with simple-statistics', () => {
    fc.assert(
      fc.property(values, (list) => {
        const expected = oracle.median(list);
        return Math.abs(median(list) - expected) <= 1e-12 * Math.max(1, Math.abs(expected));
      }),
      { seed: 1 },
    );
  });

  test('leaves its input as it was', () => {
    const list = [3, 1, 2];
    expect(median(list)).toBe(2);
    expect(list).toEqual([3, 1, 2]);
  });

  test('of equal values is that value, bit for bit', () => {
    expect(median([0.1, 0.1, 0.1, 0.1])).toBe(0.1);
  });
});

describe('quantile', () => {
  // R 4: quantile(c(1, 2, 4, 8, 16, 32, 64, 128), c(.1, .25, .333, .9), type = 7)
  test.each([
    [0.1, 1.7],
    [0.25, 3.5],
    [0.333, 5.324],
    [0.9, 83.2],
  ])('of definition 7 at %f', (p, expected) => {
    expect(quantile([128, 1, 64, 2, 32, 4, 16, 8], p)).toBeCloseTo(expected, 10);
  });

  test('has the extremes at its ends, as simple-statistics has', () => {
    fc.assert(
      fc.property(
        values,
        (list) => quantile(list, 0) === oracle.min(list) && quantile(list, 1) === oracle.max(list),
      ),
      { seed: 1 },
    );
  });

  test('never falls as p grows', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(values, share, share, (list, p, q) => {
        const sorted = sortedCopy(list);
        return quantileOfSorted(sorted, Math.min(p, q)) <= quantileOfSorted(sorted, Math.max(p, q)) + 1e-3;
      }),
      { seed: 1 },
    );
  });

  test('refuses no values, shares outside 0 to 1, and values that are not finite', () => {
    expect(() => median([])).toThrow(RangeError);
    for (const p of [-0.1, 1.1, Number.NaN]) expect(() => quantile([1], p)).toThrow(RangeError);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(() => median([1, bad, 2])).toThrow(RangeError);
    }
  });
});
