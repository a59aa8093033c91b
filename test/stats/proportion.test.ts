import { describe, expect, test } from 'vitest';
import { lowerBound, shareInterval, upperBound } from '../../src/stats/proportion.ts';

describe('exact bounds of a share', () => {
  test('none of n: the rule of three, and its closed form', () => {
    expect(upperBound(0, 1000)).toBeCloseTo(1 - 0.05 ** (1 / 1000), 12);
    expect(upperBound(0, 1000)).toBeCloseTo(3 / 1000, 4);
    expect(lowerBound(0, 1000)).toBe(0);
  });

  test('all of n mirrors none of it', () => {
    expect(upperBound(12, 12)).toBe(1);
    expect(lowerBound(12, 12)).toBeCloseTo(0.05 ** (1 / 12), 12);
  });

  test.each([
    // Standard tables of the 95 % Clopper–Pearson interval; R: binom.test(found, total)$conf.int.
    [4, 20, 0.05733, 0.43661],
    [5, 10, 0.18709, 0.81291],
    [10, 100, 0.049, 0.17622],
  ])('%i of %i', (found, total, low, high) => {
    const interval = shareInterval(found, total);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  test('counts that cannot be are refused', () => {
    expect(() => upperBound(2, 1)).toThrow('2 of 1: expected whole numbers, at least one in all');
    expect(() => upperBound(0, 0)).toThrow(RangeError);
    expect(() => upperBound(0.5, 2)).toThrow(RangeError);
  });
});
