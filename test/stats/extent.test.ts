import { expect, test } from 'vitest';
import { extentOf, mostOf } from '../../src/stats/extent.ts';

test('the extent of values is their least and their most', () => {
  expect(extentOf([3, -1, 2])).toEqual([-1, 3]);
  expect(extentOf([])).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  expect(mostOf([3, -1, 2])).toBe(3);
  expect(mostOf([], 0)).toBe(0);
});

test('more values than a call takes arguments have one too', () => {
  expect(extentOf(Array.from({ length: 1_000_000 }, (_, i) => i))).toEqual([0, 999_999]);
});
