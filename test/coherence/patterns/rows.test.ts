import { expect, test } from 'vitest';
import { type PatternParams, patternRow, patternText } from '../../../src/coherence/patterns/rows.ts';

const PARAMS: PatternParams = { agents: 2, footprintBytes: 4096, placement: 'hbm', sides: 'grace-hopper' };
const PING_PONG = {
  ...{ name: 'agents/ping-pong-cas', operation: 'a round trip', isRoundTrip: true, bytesPerOp: null },
};
const READ = {
  ...{ name: 'agents/read', operation: 'a line', note: 'a note', isRoundTrip: false },
  bytesPerOp: { payload: 64, traffic: 128 },
};
const FIGURES = { nsPerOp: 800, accessNs: 810, partsNs: { fabric: 800, memory: 10 }, loadBytesPerSec: null };

test('a row has the names and units of the measured mode, and is modelled', () => {
  expect(patternRow(READ, PARAMS, FIGURES)).toEqual({
    ...{ evidence: 'modelled', name: 'agents/read', params: PARAMS, note: 'a note' },
    ...{ available: true, reason: null, nsPerOp: 800, opsPerSec: 1.25e6, oneWayNs: null },
    bytesPerSec: { payload: 8e7, traffic: 1.6e8 },
    ...{ accessNs: 810, partsNs: { fabric: 800, memory: 10 }, loadBytesPerSec: null },
  });
  expect(patternRow(PING_PONG, PARAMS, FIGURES)).toMatchObject({ oneWayNs: 400, bytesPerSec: null });
  expect(patternRow(READ, PARAMS, 'none')).toMatchObject({ available: false, reason: 'none', nsPerOp: null });
});

test('as text: each pattern is a table, and what has no figure says why', () => {
  const rows = [
    patternRow(PING_PONG, PARAMS, FIGURES),
    patternRow(PING_PONG, { ...PARAMS, sides: 'grace' }, 'no atomics'),
    patternRow(READ, PARAMS, 'no such thing'),
  ];
  expect(patternText('some', [PING_PONG, READ], rows).split('\n')).toEqual([
    'Profile some, modelled.',
    '',
    'agents/ping-pong-cas, modelled: one operation is a round trip',
    'agents  footprint  placement  sides         ns one way | round trip      op/s  ns/access  fabric  memory',
    '2       4 KiB      hbm        grace-hopper            400.0 | 800.0  1.25 M/s      810.0   800.0    10.0',
    'hbm grace – no atomics',
    '',
    'agents/read, modelled: one operation is a line; a note',
    '– no such thing',
    '',
  ]);
});

test('what has no figure is named by agents where the pattern has rows of several', () => {
  const many = { ...PARAMS, agents: 200 };
  const rows = [patternRow(READ, PARAMS, FIGURES), patternRow(READ, many, 'no such cores')];
  expect(patternText('some', [READ], rows)).toContain('\n200 agents, hbm grace-hopper – no such cores\n');
});
