import fc from 'fast-check';
import * as oracle from 'simple-statistics';
import { describe, expect, test } from 'vitest';
import { logGamma, studentQuantile, studentTail } from '../../src/stats/student-t.ts';

describe('studentQuantile', () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2: critical values of Student's t distribution.
  test.each([
    [1, [3.078, 6.314, 12.706, 31.821, 63.657, 318.313]],
    [2, [1.886, 2.92, 4.303, 6.965, 9.925, 22.327]],
    [3, [1.638, 2.353, 3.182, 4.541, 5.841, 10.215]],
    [4, [1.533, 2.132, 2.776, 3.747, 4.604, 7.173]],
    [9, [1.383, 1.833, 2.262, 2.821, 3.25, 4.297]],
    [10, [1.372, 1.812, 2.228, 2.764, 3.169, 4.144]],
    [29, [1.311, 1.699, 2.045, 2.462, 2.756, 3.396]],
    [100, [1.29, 1.66, 1.984, 2.364, 2.626, 3.174]],
  ])('with %i degrees of freedom is as in the tables', (degreesOfFreedom, values) => {
    const tails = [0.1, 0.05, 0.025, 0.01, 0.005, 0.001];
    tails.forEach((tail, i) => {
      expect(Math.abs(studentQuantile(tail, degreesOfFreedom) - values[i]!)).toBeLessThan(6e-4 * values[i]!);
    });
  });

  test('undoes studentTail, far into the tail', () => {
    const tail = fc.double({ min: -99, max: -0.302, noNaN: true }).map((exponent) => 10 ** exponent);
    fc.assert(
      fc.property(tail, fc.double({ min: 1, max: 60, noNaN: true }), (share, degreesOfFreedom) => {
        const back = studentTail(studentQuantile(share, degreesOfFreedom), degreesOfFreedom);
        return Math.abs(back / share - 1) < 1e-9;
      }),
      { seed: 1 },
    );
  });

  test('is odd about the middle', () => {
    expect(studentQuantile(0.9, 5)).toBe(-studentQuantile(1 - 0.9, 5));
    expect(studentQuantile(0.5, 5)).toBeCloseTo(0, 12);
  });

  test.each([0, 1, -0.1, Number.NaN])('refuses a tail of %f', (tail) => {
    expect(() => studentQuantile(tail, 3)).toThrow(RangeError);
  });
});

describe('studentTail', () => {
  const t = fc.double({ min: -1e6, max: 1e6, noNaN: true });

  test('has its closed forms: Cauchy for 1 degree of freedom, algebraic ones for 2 and 4', () => {
    fc.assert(
      fc.property(t, (x) => {
        const four = 3 * x * (2 * x * x + 12);
        const expected = [
          0.5 - Math.atan(x) / Math.PI,
          0.5 - x / (2 * Math.sqrt(2 + x * x)),
          0.5 - four / (12 * (4 + x * x) ** 1.5),
        ];
        return [1, 2, 4].every((degrees, i) => Math.abs(studentTail(x, degrees) - expected[i]!) < 1e-12);
      }),
      { seed: 1 },
    );
  });

  test('approaches the normal distribution, as simple-statistics tabulates it', () => {
    for (const z of [0, 0.5, 1, 1.96, 3]) {
      expect(studentTail(z, 1e7)).toBeCloseTo(1 - oracle.cumulativeStdNormalProbability(z), 3);
    }
  });

  test('is 0 where nothing is left', () => {
    expect(studentTail(Number.POSITIVE_INFINITY, 3)).toBe(0);
    expect(studentTail(1e200, 1)).toBe(0);
    expect(studentTail(Number.NEGATIVE_INFINITY, 3)).toBe(1);
  });

  test('refuses no degrees of freedom', () => {
    expect(() => studentTail(1, 0)).toThrow(RangeError);
  });
});

test('logGamma agrees with simple-statistics', () => {
  for (const z of [0.5, 1, 1.5, 2, 5.5, 30, 171.5]) {
    expect(logGamma(z)).toBeCloseTo(oracle.gammaln(z), 8);
  }
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12);
});
