import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { covering, type Interval, reachOf } from '../../src/stats/reach.ts';
import { type Verdict, verdictOf } from '../../src/stats/verdict.ts';

/** The verdict of the first look that has one. */
function sequential(intervals: readonly Interval[], margin: number): Verdict {
  const verdicts = intervals.map((interval) => verdictOf(interval, margin));
  return verdicts.find((verdict) => verdict !== 'inconclusive') ?? 'inconclusive';
}

const shifted = (intervals: readonly Interval[], by: number) =>
  intervals.map(({ low, high }) => ({ low: low + by, high: high + by }));

const end = fc.double({ min: -0.1, max: 0.1, noNaN: true });
const interval = fc.tuple(end, end).map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) }));
const intervals = fc.array(interval, { minLength: 1, maxLength: 4 });

/** A shade more than `log`, so that rounding decides nothing. */
const above = (log: number) => Math.expm1(log) + 1e-9;

describe('the reach of a comparison', () => {
  test('its smallest margin makes it the same, and no smaller one does', () => {
    fc.assert(
      fc.property(intervals, (looks) => {
        const { same } = reachOf(looks);
        expect(sequential(looks, above(same))).toBe('same');
        if (same > 1e-6) expect(sequential(looks, Math.expm1(same) - 1e-9)).not.toBe('same');
      }),
    );
  });

  test('a difference beyond margin and reach is found at some look, one below at none', () => {
    fc.assert(
      fc.property(intervals, (looks) => {
        const { slower, faster } = reachOf(looks);
        const found = (by: number, verdict: Verdict) =>
          shifted(looks, by).some((one) => verdictOf(one, 0.01) === verdict);
        const bound = Math.log1p(0.01);
        expect(found(bound + slower + 1e-9, 'slower')).toBe(true);
        expect(found(bound + slower - 1e-9, 'slower')).toBe(false);
        expect(found(-bound - faster - 1e-9, 'faster')).toBe(true);
        expect(found(-bound - faster + 1e-9, 'faster')).toBe(false);
      }),
    );
  });

  test('no interval says nothing', () => {
    expect(() => reachOf([])).toThrow('expected at least one interval');
  });
});

describe('the value that covers a share', () => {
  test.each([
    [0.9, 9],
    [0.91, 10],
    [1, 10],
    [0.05, 1],
  ])('%d of ten', (share, value) => {
    expect(covering([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], share)).toBe(value);
  });

  test('of none, or a share that is none, is refused', () => {
    expect(() => covering([], 0.9)).toThrow('expected at least one');
    expect(() => covering([1], 0)).toThrow('expected above 0, at most 1');
  });
});
