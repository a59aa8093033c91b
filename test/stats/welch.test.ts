import { tTestTwoSample } from 'simple-statistics';
import { expect, test } from 'vitest';
import { studentTail } from '../../src/stats/student-t.ts';
import { welchPValue } from '../../src/stats/welch.ts';

const summary = (values: readonly number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, sem: Math.sqrt(variance / values.length), df: values.length - 1 };
};

test('the example of R: t.test(extra ~ group, data = sleep) has p = 0.07939', () => {
  const first = summary([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]);
  const second = summary([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]);
  expect(welchPValue(first, second)).toBeCloseTo(0.07939, 5);
  expect(welchPValue(second, first)).toBe(welchPValue(first, second));
});

test('of equal spreads and sizes it is the pooled test: simple-statistics', () => {
  const [a, b] = [
    [1, 2, 3, 4, 5],
    [2, 3, 4, 5, 6],
  ] as const;
  const t = Math.abs(tTestTwoSample([...a], [...b])!);
  expect(welchPValue(summary(a), summary(b))).toBeCloseTo(2 * studentTail(t, 8), 12);
});

test('without any spread, equal means are equal and others are not', () => {
  const at = (mean: number) => ({ mean, sem: 0, df: 3 });
  expect(welchPValue(at(1), at(1))).toBe(1);
  expect(welchPValue(at(1), at(2))).toBe(0);
});
