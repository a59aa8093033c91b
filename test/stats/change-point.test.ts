import { describe, expect, test } from 'vitest';
import { Random } from '../../src/random.ts';
import { changePoints } from '../../src/stats/change-point.ts';
import { NOISES, type NoiseName } from './noise.ts';

const NAMES = Object.keys(NOISES) as NoiseName[];

/** A history whose levels are those of `steps`, one entry each per value, in units of the noise. */
function history(steps: readonly number[], name: NoiseName, random: Random): number[] {
  return steps.map((step) => 100 * (1 + 0.01 * (step + NOISES[name](random))));
}

const levels = (...parts: [count: number, level: number][]): number[] =>
  parts.flatMap(([count, level]) => new Array<number>(count).fill(level));

const find = (values: readonly number[], level?: number) =>
  changePoints(values, { random: new Random(1), ...(level === undefined ? {} : { level }) });

describe('changePoints', () => {
  test.each(NAMES)('finds none in steady %s noise beyond its level', (name) => {
    const random = new Random(5).fork(name);
    const trials = 300;
    let found = 0;
    for (let trial = 0; trial < trials; trial++) {
      const values = history(levels([10 + random.below(30), 0]), name, random);
      found += Number(changePoints(values, { random, level: 0.05 }).length > 0);
    }
    // 5 %, and three standard deviations of a count of 300.
    expect(found / trials).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / trials));
  });

  test.each([
    [20, 20],
    [30, 6],
    [6, 30],
    [8, 8],
  ])('finds a step of 5 sigma after %i of them, with %i behind it, within one index', (before, after) => {
    const random = new Random(11).fork(`${before} ${after}`);
    for (let trial = 0; trial < 40; trial++) {
      const points = changePoints(history(levels([before, 0], [after, 5]), 'normal', random), { random });
      expect(points.some(({ index }) => Math.abs(index - before) <= 1)).toBe(true);
      const { ratio } = points.find(({ index }) => Math.abs(index - before) <= 1)!;
      expect(ratio).toBeGreaterThan(1.02);
      expect(ratio).toBeLessThan(1.08);
    }
  });

  test.each([
    [0, 6, -4],
    [0, 5, 0],
    [0, 5, 10],
  ])('finds the steps from %i to %i to %i, and what lies between them', (...steps) => {
    const random = new Random(3).fork(steps.join());
    const trials = 50;
    let exact = 0;
    for (let trial = 0; trial < trials; trial++) {
      const values = history(levels(...steps.map((step): [number, number] => [20, step])), 'normal', random);
      const points = changePoints(values, { random });
      if (points.map(({ index }) => index).join() !== '20,40') continue;
      exact++;
      points.forEach(({ ratio }, i) => {
        expect(ratio).toBeCloseTo((100 + steps[i + 1]!) / (100 + steps[i]!), 1);
      });
    }
    // Now and then a neighbour is mistaken for the other side, or chance adds a point: 1 % a segment.
    expect(exact / trials).toBeGreaterThan(0.8);
  });

  test('is not taken in by single wild values', () => {
    const values = history(levels([30, 0]), 'normal', new Random(4));
    values[7] = 500;
    values[22] = 1;
    expect(find(values)).toEqual([]);
  });

  test('does not mind units, nor which way a scale bends', () => {
    const values = history(levels([15, 0], [15, 4]), 'heavyTailed', new Random(6));
    const points = find(values);
    expect(points).toHaveLength(1);
    const scaled = find(values.map((value) => 4 * value));
    expect(scaled).toEqual(points);
    const bent = find(values.map((value) => Math.exp(value / 10)));
    expect(bent.map(({ index }) => index)).toEqual(points.map(({ index }) => index));
  });

  test('finds the mirror image in a history that runs backwards', () => {
    const values = history(levels([15, 0], [20, 6]), 'normal', new Random(8));
    const [forward] = find(values);
    const [backward] = find(values.toReversed());
    expect(backward!.index).toBe(values.length - forward!.index);
    expect(backward!.ratio).toBeCloseTo(1 / forward!.ratio, 12);
  });

  test('is the same for the same seed', () => {
    const values = history(levels([12, 0], [12, 2]), 'normal', new Random(9));
    expect(find(values)).toEqual(find(values));
  });

  test('has nothing to say of a few values, nor of equal ones', () => {
    for (const count of [0, 1, 2, 5]) expect(find(levels([count, 1]))).toEqual([]);
    expect(find([1, 1, 9, 9])).toEqual([]);
    expect(find(levels([50, 3]))).toEqual([]);
  });

  test('refuses what is no figure', () => {
    for (const bad of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => find([1, bad])).toThrow(/expected a finite number above 0/);
    expect(() => find([1, 2], 0)).toThrow(RangeError);
  });
});
