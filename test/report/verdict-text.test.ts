import { describe, expect, test } from 'vitest';
import {
  formatMargin,
  formatRatio,
  formatRatioInterval,
  signLegend,
  verdictCell,
  verdictCounts,
  verdictSign,
} from '../../src/report/verdict-text.ts';
import type { Verdict } from '../../src/stats/verdict.ts';

const VERDICTS: Verdict[] = ['slower', 'faster', 'same', 'inconclusive'];

describe('a verdict', () => {
  test('has a colour and a sign of its own', () => {
    expect(VERDICTS.map((verdict) => verdictCell(verdict).style)).toEqual(['red', 'green', 'dim', 'yellow']);
    expect(new Set(VERDICTS.map(verdictSign)).size).toBe(VERDICTS.length);
  });

  test('that is not there is blank', () => {
    expect(verdictCell(null)).toEqual({ text: '', align: 'left' });
    expect(verdictSign(null)).toBe(' ');
  });
});

test('counts say what there is, the worst first', () => {
  const cells = verdictCounts(['same', 'inconclusive', null, 'slower', 'same']);
  expect(cells.map(({ text }) => text)).toEqual(['1 slower', '2 same', '1 inconclusive']);
  expect(verdictCounts([])).toEqual([]);
});

test('the legend explains the signs that occur, and no other', () => {
  expect(signLegend(['same', 'faster', null], 0.01)).toBe('< faster, = same within ±1%');
});

test.each([
  [1.0049, '1.005×'],
  [0.25, '0.250×'],
  [18.13, '18.1×'],
  [0.0512, '0.051×'],
])('the ratio %f reads %s', (ratio, text) => {
  expect(formatRatio(ratio)).toBe(text);
});

test('an interval of ratios names both ends', () => {
  expect(formatRatioInterval({ estimate: 1, low: 0.9807, high: 12.04 })).toBe('0.981 to 12.0');
});

test.each([
  [0.01, '±1%'],
  [0.005, '±0.5%'],
  [0.07, '±7%'],
])('the margin %f reads %s', (margin, text) => {
  expect(formatMargin(margin)).toBe(text);
});
