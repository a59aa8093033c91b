import { expect, test } from 'vitest';
import { partVerdict } from '../../src/results/profile.ts';

const wide = (low: number, high: number) => ({ share: (low + high) / 2, low, high });

test.each([
  ['agrees', 0.4, 0.65, wide(0.5, 0.52), true],
  ['cannot tell', 0.4, 0.66, wide(0.5, 0.52), true],
  ['cannot tell', 0, 1, wide(0.5, 0.52), true],
  ['cannot tell', 0.5, 0.51, wide(0.3, 0.6), true],
  ['differs', 0.4, 0.8, wide(0.1, 0.2), false],
  [null, 0.4, 0.5, null, null],
])('%s: %f to %f beside %j', (verdict, low, high, stack, agrees) => {
  expect(partVerdict({ low, high, stack, agrees })).toBe(verdict);
});
