import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FEWEST_FORKS_TO_DECIDE, levelAt, planLooks } from '../../src/stats/looks.ts';

const forks = fc.integer({ min: 1, max: 60 });
const looks = fc.uniqueArray(forks, { minLength: 1, maxLength: 8 }).map((list) => list.sort((a, b) => a - b));

describe('planLooks', () => {
  test.each([
    [1, [1]],
    [3, [3]],
    [5, [4, 5]],
    [8, [4, 6, 8]],
    [12, [4, 6, 9, 12]],
    [30, [10, 15, 23, 30]],
  ])('of %i forks are %j', (mostForks, expected) => {
    expect(planLooks(mostForks)).toEqual(expected);
  });

  test('ascend, and end with the last fork', () => {
    fc.assert(
      fc.property(forks, (mostForks) => {
        const plan = planLooks(mostForks);
        expect(plan.at(-1)).toBe(mostForks);
        expect(plan).toEqual([...new Set(plan)].sort((a, b) => a - b));
        expect(plan[0]).toBeGreaterThanOrEqual(Math.min(FEWEST_FORKS_TO_DECIDE, mostForks));
      }),
      { seed: 1 },
    );
  });

  test.each([0, -1, 1.5, Number.NaN])('refuse %f forks', (count) => {
    expect(() => planLooks(count)).toThrow(RangeError);
  });
});

describe('levelAt', () => {
  test('gives a single look all of alpha', () => {
    expect(levelAt([12], 12, 0.05)).toBe(0.05);
  });

  test('gives early looks less than late ones', () => {
    const plan = planLooks(12);
    const levels = plan.map((look) => levelAt(plan, look, 0.05));
    expect(levels.map((level) => Number(level.toFixed(4)))).toEqual([0.0096, 0.0081, 0.0148, 0.0175]);
  });

  test('adds up to alpha, however often a run is read: at its looks, and once where it ended before the next', () => {
    fc.assert(
      fc.property(looks, forks, (plan, end) => {
        const reached = plan.filter((look) => look < end && look < plan.at(-1)!);
        const levels = [...reached, Math.min(end, plan.at(-1)!)].map((count) => levelAt(plan, count, 0.05));
        expect(levels.reduce((sum, level) => sum + level, 0)).toBeLessThanOrEqual(0.05 + 1e-12);
        for (const level of levels) expect(level).toBeGreaterThan(0);
        const all = plan.map((look) => levelAt(plan, look, 0.05));
        expect(all.reduce((sum, level) => sum + level, 0)).toBeCloseTo(0.05, 12);
      }),
      { seed: 1 },
    );
  });

  test('between looks is that of the next one, and after the last one that of the last', () => {
    expect(levelAt([4, 8], 5, 0.05)).toBe(levelAt([4, 8], 8, 0.05));
    expect(levelAt([4, 8], 2, 0.05)).toBe(levelAt([4, 8], 4, 0.05));
    expect(levelAt([4, 8], 20, 0.05)).toBe(levelAt([4, 8], 8, 0.05));
  });

  test.each([[[]], [[4, 4]], [[6, 4]], [[0, 4]], [[1.5]]])('refuses looks %j', (plan) => {
    expect(() => levelAt(plan, 4, 0.05)).toThrow(/expected ascending numbers of forks/);
  });
});
