import { expect, test } from 'vitest';
import { fairnessOf } from '../../src/agent/fairness.ts';

const part = (operations: number, endNs = 10) => ({ operations, stretches: [{ startNs: 0, endNs }] });

test('equal rates are fair, whatever the stretches', () => {
  expect(fairnessOf([part(100), part(200, 20), part(50, 5)])).toEqual({ jain: 1, leastShare: 1 });
});

test('one that has everything leaves 1/n, and nothing', () => {
  expect(fairnessOf([part(100), part(0), part(0), part(0)])).toEqual({ jain: 0.25, leastShare: 0 });
});

test('of rates 1 and 3', () => {
  expect(fairnessOf([part(10), part(30)])).toEqual({ jain: 16 / 20, leastShare: 1 / 3 });
});
