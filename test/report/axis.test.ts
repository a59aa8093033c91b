import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { axisOf } from '../../src/report/axis.ts';

const COLUMNS = 60;
const values = fc.array(fc.double({ min: 0.01, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 20 });

describe('an axis', () => {
  test('has a column for every value, in their order, from one end to the other', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 8, max: 200 }), (list, columns) => {
        const { columnOf } = axisOf(list, columns);
        const places = list.toSorted((a, b) => a - b).map(columnOf);
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        for (const place of places) expect(place >= 0 && place < columns).toBe(true);
        if (new Set(list).size > 1) expect([places[0], places.at(-1)]).toEqual([0, columns - 1]);
      }),
    );
  });

  test('has ticks within it, ascending, no more than there is room for', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 8, max: 200 }), (list, columns) => {
        const { ticks, columnOf } = axisOf(list, columns);
        expect(ticks.length).toBeLessThanOrEqual(Math.max(2, columns / 12));
        const places = ticks.map(({ ns }) => columnOf(ns));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        for (const place of places) expect(place >= 0 && place < columns).toBe(true);
      }),
      { examples: [[[999999999999.9951, 999999999999.9952], 8]] },
    );
  });

  test.each([
    [
      [82, 97],
      [85, 90, 95],
    ],
    [
      [1.4, 50],
      [2, 5, 10, 20, 50],
    ],
    [
      [0.5, 2e6],
      [1, 1e2, 1e4, 1e6],
    ],
  ])('of %j has its ticks at %j', (ends, ticks) => {
    expect(axisOf(ends, COLUMNS).ticks.map(({ ns }) => ns)).toEqual(ticks);
  });

  test('is logarithmic from a factor of four on', () => {
    const middle = (high: number) => axisOf([1, high], 101).columnOf(Math.sqrt(high));
    expect(middle(4)).toBe(50);
    expect(middle(3.9)).toBeLessThan(50);
  });

  test('of one value has it in the middle', () => {
    expect(axisOf([7, 7], 101).columnOf(7)).toBe(50);
  });
});
