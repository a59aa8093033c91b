import { expect, test } from 'vitest';
import { predictReport, predictText } from '../../../src/coherence/predict/report.ts';

const FIGURES: Readonly<Record<string, number>> = {
  'chase.grace.lpddr': 170,
  'pingpong.lpddr.grace-hopper': 700,
  'copy.grace.lpddr-hbm': 300.25,
};
const PARTS = { fabric: 38, 'link queue': 0.01, memory: 131.99 };

const report = predictReport('some', (id) => {
  const figure = FIGURES[id];
  return figure === undefined ? null : { figure, partsNs: PARTS };
});

test('every row is modelled; ping-pong has one way and round trip, null where there is none', () => {
  expect(report.latencies).toEqual([
    { evidence: 'modelled', quantity: 'chase.grace.lpddr', ns: 170, partsNs: PARTS },
  ]);
  expect(report.pingPong).toHaveLength(8);
  expect(report.pingPong.slice(0, 2)).toEqual([
    { evidence: 'modelled', quantity: 'pingpong.lpddr.grace-grace', oneWayNs: null, roundTripNs: null },
    { evidence: 'modelled', quantity: 'pingpong.lpddr.grace-hopper', oneWayNs: 350, roundTripNs: 700 },
  ]);
  expect(report.bandwidths).toEqual([
    { evidence: 'modelled', quantity: 'copy.grace.lpddr-hbm', gbPerSec: 300.25 },
  ]);
});

test('as text, with the parts that one decimal shows', () => {
  const lines = predictText(report).split('\n');
  expect(lines.slice(0, 5)).toEqual([
    'Profile some, modelled.',
    '',
    'Latency of a dependent load, ns, and what it is the sum of',
    '                      ns  fabric  memory',
    'chase.grace.lpddr  170.0    38.0   132.0',
  ]);
  const matrix = lines.slice(lines.indexOf('Ping-pong by compare-and-swap, ns: one way | round trip') + 1);
  expect(matrix.slice(0, 6)).toEqual([
    '                       with grace    with hopper',
    'pingpong.lpddr.grace            –  350.0 | 700.0',
    'pingpong.lpddr.hopper           –              –',
    'pingpong.hbm.grace              –              –',
    'pingpong.hbm.hopper             –              –',
    '',
  ]);
  expect(lines).toContain('copy.grace.lpddr-hbm  300.3');
});
