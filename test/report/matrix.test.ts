import { expect, test } from 'vitest';
import { layGrid } from '../../src/report/grid.ts';
import { matrixGrid } from '../../src/report/matrix.ts';
import { agentSummary } from './agents.ts';

const params = (processors: string) => ({ agents: 2, footprintBytes: 65536, path: 'direct', processors });
const lines = (rows: Parameters<typeof agentSummary>[0]) =>
  layGrid(matrixGrid(agentSummary(rows)), { width: 100, flexible: 'first' }, ({ text }) => text).map((line) =>
    line.trim().split(/\s{2,}/),
  );

test('a ping-pong of two processors is said one way and as a round trip', () => {
  const name = 'ping-pong-cas';
  expect(
    lines([
      { name, params: params('0-3'), ns: 60 },
      { name, params: params('3-0'), ns: 64 },
    ]),
  ).toEqual([
    ['agents ping-pong-cas 64 KiB, direct, wasm', 'one way | round trip'],
    ['CPU 0', 'CPU 3'],
    ['CPU 0', '·', '30.0 | 60.1 ns'],
    ['CPU 3', '32.0 | 64.1 ns', '·'],
  ]);
});

test('a copy is said in bytes per second, and what is missing is', () => {
  const changes = { payloadBytesPerOp: 64, trafficBytesPerOp: 128 };
  const rows = [
    { name: 'one-to-all-read', params: params('0-1'), ns: 6.4, changes },
    { name: 'one-to-all-read', params: params('1-10'), ns: 64, changes },
  ];
  expect(lines(rows).slice(1)).toEqual([
    ['CPU 0', 'CPU 1', 'CPU 10'],
    ['CPU 0', '·', '9.99 GB/s', '–'],
    ['CPU 1', '–', '·', '999 MB/s'],
    ['CPU 10', '–', '–', '·'],
  ]);
});

test('rows of no pair make none', () => {
  expect(matrixGrid(agentSummary([{ name: 'chase', params: { agents: 2 }, ns: 1 }]))).toEqual([]);
});

test('names that are no pair of processors are none, and a square that nobody reads is not drawn', () => {
  const name = 'ping-pong-cas';
  const endless = Array.from({ length: 9999 }, (_, i) => i).join('-');
  for (const processors of [endless, '0', '0-1-2', 'a-b', '']) {
    expect(lines([{ name, params: params(processors), ns: 60 }])).toEqual([]);
  }
  const many = Array.from({ length: 300 }, (_, i) => ({ name, params: params(`${i}-${i + 1}`), ns: 60 }));
  expect(lines(many)).toEqual([]);
});
