import { expect, test } from 'vitest';
import { busyNs, overlapOf, spanNs, startSkewNs } from '../../src/agent/overlap.ts';

const at = (startNs: number, endNs: number) => ({ stretches: [{ startNs, endNs }] });

const parts = [at(100, 200), at(110, 190), at(104, 220)];

test('agents are together from the last start to the first end, of the span from the first to the last', () => {
  expect(spanNs(parts)).toBe(120);
  expect(overlapOf(parts)).toBeCloseTo(80 / 120);
  expect(startSkewNs(parts)).toBe(10);
});

test('agents that never met were not together, and one alone always is', () => {
  expect(overlapOf([parts[0]!, at(300, 400)])).toBe(0);
  expect(overlapOf([parts[0]!])).toBe(1);
});

test('of several passes each counts for its time', () => {
  const both = [parts[0]!, parts[1]!].map(({ stretches }) => ({
    stretches: [...stretches, { startNs: 300, endNs: 400 }],
  }));
  expect(spanNs(both)).toBe(200);
  expect(overlapOf(both)).toBeCloseTo(180 / 200);
  expect(startSkewNs(both)).toBe(5);
  expect(both.map(busyNs)).toEqual([200, 180]);
});
