import { expect, test } from 'vitest';
import { tinybenchStatistics } from '../../src/measure/tinybench-statistics.ts';

test('are those of the samples that it was given', () => {
  const { mean, sem, df, moe, samplesCount, min, max } = tinybenchStatistics([4, 1, 3, 2]);
  expect([mean, df, samplesCount, min, max]).toEqual([2.5, 3, 4, 1, 4]);
  expect(sem).toBeCloseTo(Math.sqrt(5 / 3 / 4), 12);
  // Its critical value of t with 3 degrees of freedom.
  expect(moe / sem).toBeCloseTo(3.182, 2);
});

test('take two samples', () => {
  expect(() => tinybenchStatistics([1])).toThrow('1 samples: expected at least two');
});
