import { expect, test } from 'vitest';
import { overlapOf, spanNs, startSkewNs } from '../../src/agent/overlap.ts';

const parts = [
  { startNs: 100, endNs: 200 },
  { startNs: 110, endNs: 190 },
  { startNs: 104, endNs: 220 },
];

test('agents are together from the last start to the first end, of the span from the first to the last', () => {
  expect(spanNs(parts)).toBe(120);
  expect(overlapOf(parts)).toBeCloseTo(80 / 120);
  expect(startSkewNs(parts)).toBe(10);
});

test('agents that never met were not together, and one alone always is', () => {
  expect(overlapOf([parts[0]!, { startNs: 300, endNs: 400 }])).toBe(0);
  expect(overlapOf([parts[0]!])).toBe(1);
});
