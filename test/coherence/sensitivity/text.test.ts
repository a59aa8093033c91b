import { expect, test } from 'vitest';
import { elasticityText } from '../../../src/coherence/sensitivity/text.ts';

test('elasticities have signs, the largest come first, and parameters without effect are named, as are those that were not moved', () => {
  const text = elasticityText([
    { parameter: 'lpddr-latency', quantity: 'chase.grace.lpddr', up: 0.776, down: -0.776 },
    { parameter: 'lpddr-latency', quantity: 'chase.grace.l3', up: 0, down: 0.004 },
    { parameter: 'cpu-cores', quantity: 'chase.grace.lpddr', up: null, down: 0 },
    { parameter: 'l3-ways', quantity: 'chase.grace.lpddr', up: null, down: -1 },
    { parameter: 'link-rate', quantity: 'read.hopper.lpddr', up: -0.001, down: 0.87 },
    { parameter: 'far-lpddr-extra', quantity: 'chase.hopper.lpddr', up: null, down: null },
  ]);
  expect(text.split('\n')).toEqual([
    'modelled; a parameter moved by 20%                        up   down',
    'l3-ways                             chase.grace.lpddr      –  -1.00',
    'link-rate                           read.hopper.lpddr   0.00  +0.87',
    'lpddr-latency                       chase.grace.lpddr  +0.78  -0.78',
    '',
    'Without an effect on any: cpu-cores',
    '',
    'Not moved, being zero, at a bound, or too small a number: far-lpddr-extra',
    '',
  ]);
});

test('of nothing are a heading', () => {
  expect(elasticityText([])).toBe('modelled; a parameter moved by 20%    up  down\n');
});
