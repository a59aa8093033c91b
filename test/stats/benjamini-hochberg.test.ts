import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../src/random.ts';
import { benjaminiHochberg } from '../../src/stats/benjamini-hochberg.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const shares = fc.array(share, { maxLength: 30 });

/** Y. Benjamini and Y. Hochberg 1995, section 4.1: outcomes of a trial of thrombolysis. */
const TRIAL = [
  0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
  0.759, 1,
];

describe('benjaminiHochberg', () => {
  test('finds the four of the worked example', () => {
    expect(benjaminiHochberg(TRIAL, 0.05)).toEqual(TRIAL.map((p) => p <= 0.0095));
  });

  test('does not mind the order', () => {
    const mixed = new Random(1).shuffle([...TRIAL]);
    expect(benjaminiHochberg(mixed, 0.05)).toEqual(mixed.map((p) => p <= 0.0095));
  });

  test('lets a larger p-value in with smaller ones: it steps up', () => {
    expect(benjaminiHochberg([0.04, 0.045], 0.05)).toEqual([true, true]);
    expect(benjaminiHochberg([0.04, 0.06], 0.05)).toEqual([false, false]);
  });

  test('lies between Bonferroni and no correction, and grows with the rate', () => {
    fc.assert(
      fc.property(shares, share, share, (pValues, a, b) => {
        const [low, high] = [
          benjaminiHochberg(pValues, Math.min(a, b)),
          benjaminiHochberg(pValues, Math.max(a, b)),
        ];
        const rate = Math.min(a, b);
        return pValues.every(
          (p, i) =>
            (!(p <= rate / pValues.length) || low[i]) && (!low[i] || p <= rate) && (!low[i] || high[i]),
        );
      }),
      { seed: 1 },
    );
  });

  test('where nothing is to be found finds something in at most a share of the rate', () => {
    const random = new Random(7);
    let wrong = 0;
    for (let trial = 0; trial < 2000; trial++) {
      wrong += Number(
        benjaminiHochberg(
          Array.from({ length: 40 }, () => random.float()),
          0.05,
        ).includes(true),
      );
    }
    expect(wrong / 2000).toBeLessThan(0.065);
    expect(wrong / 2000).toBeGreaterThan(0.035);
  });

  test('refuses what is no share', () => {
    for (const bad of [-0.1, 1.1, Number.NaN])
      expect(() => benjaminiHochberg([bad], 0.05)).toThrow(RangeError);
  });
});
