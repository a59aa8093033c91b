import { expect, test } from 'vitest';
import { recordCostNs } from '../../src/measure/record-cost.ts';

test('counting latencies takes a time that can be told', () => {
  const ns = recordCostNs();
  expect(ns).toBeGreaterThan(0);
  expect(Number.isFinite(ns)).toBe(true);
});
