import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logMargin, verdictOf } from '../../src/stats/verdict.ts';

const end = fc.double({ min: -0.1, max: 0.1, noNaN: true });
const interval = fc.tuple(end, end).map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) }));
const margin = fc.double({ min: 0, max: 0.12, noNaN: true });

/** How far a verdict is on the way that a growing margin takes it. */
const STAGES = { faster: 0, slower: 0, inconclusive: 1, same: 2 };

describe('verdictOf', () => {
  test.each([
    [0.011, 0.02, 'slower'],
    [-0.02, -0.011, 'faster'],
    [-0.009, 0.009, 'same'],
    [0.002, 0.009, 'same'],
    [-0.002, 0.011, 'inconclusive'],
    [-0.02, 0.02, 'inconclusive'],
  ])('of log ratios from %f to %f at 1 %% is %s', (low, high, verdict) => {
    expect(verdictOf({ low, high }, 0.01)).toBe(verdict);
  });

  test('a growing margin leads from faster or slower over inconclusive to same, never back', () => {
    fc.assert(
      fc.property(interval, margin, margin, (at, a, b) => {
        const [less, more] = [verdictOf(at, Math.min(a, b)), verdictOf(at, Math.max(a, b))];
        return STAGES[less] < STAGES[more] || less === more;
      }),
      { seed: 1 },
    );
  });

  test('a narrower interval never takes a verdict back', () => {
    fc.assert(
      fc.property(interval, margin, fc.double({ min: 0, max: 1, noNaN: true }), (at, m, share) => {
        const wide = verdictOf(at, m);
        const inner = {
          low: at.low,
          high: Math.max(at.low, Math.min(at.high, at.low + share * (at.high - at.low))),
        };
        return wide === 'inconclusive' || verdictOf(inner, m) === wide;
      }),
      { seed: 1 },
    );
  });

  test('swapping the sides mirrors it', () => {
    const mirrored = { faster: 'slower', slower: 'faster', same: 'same', inconclusive: 'inconclusive' };
    fc.assert(
      fc.property(
        interval,
        margin,
        ({ low, high }, m) =>
          verdictOf({ low: -high, high: -low }, m) === mirrored[verdictOf({ low, high }, m)],
      ),
      { seed: 1 },
    );
  });

  test('an end exactly on the margin is within', () => {
    fc.assert(
      fc.property(margin, (m) => {
        const bound = logMargin(m);
        expect(verdictOf({ low: -bound, high: bound }, m)).toBe('same');
        expect(verdictOf({ low: bound, high: bound }, m)).toBe('same');
        expect(verdictOf({ low: bound, high: bound + 1 }, m)).toBe('inconclusive');
        expect(verdictOf({ low: bound + 1e-9, high: bound + 1 }, m)).toBe('slower');
      }),
      { seed: 1 },
    );
  });

  test.each([-0.01, Number.NaN])('refuses a margin of %f', (m) => {
    expect(() => verdictOf({ low: 0, high: 0 }, m)).toThrow(RangeError);
  });
});
