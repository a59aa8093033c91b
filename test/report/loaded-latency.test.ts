import { expect, test } from 'vitest';
import { layGrid } from '../../src/report/grid.ts';
import { loadedLatencyGrid } from '../../src/report/loaded-latency.ts';
import { agentSummary } from './agents.ts';

const row = (loadIntervalNs: number, bytesPerSec: number, ns: number) => ({
  name: 'loaded-latency',
  params: { agents: 2, footprintBytes: 2 ** 28, path: 'direct', loadIntervalNs },
  ns,
  changes: {
    loadBytesPerSec: bytesPerSec,
    ...(loadIntervalNs === 0 ? {} : { loadOfferedBytesPerSec: 4096e9 / loadIntervalNs }),
  },
});

test('each load has a line: what it was to read, what it has read, and the latency beside it', () => {
  const summary = agentSummary([row(1000, 4.0e9, 90), row(0, 2.0e10, 300)]);
  expect(summary.workloads[0]!.sharing!.load).toEqual({ offeredBytesPerSec: 4.096e9, bytesPerSec: 4.0e9 });
  expect(summary.workloads[1]!.sharing!.load!.offeredBytesPerSec).toBe(null);
  const lines = layGrid(
    loadedLatencyGrid(summary, 100),
    { width: 100, flexible: 'first' },
    ({ text }) => text,
  );
  expect(lines.map((line) => line.trim().split(/\s{2,}/))).toEqual([
    ['agents loaded-latency 2 agents, 256 MiB, direct, wasm'],
    ['others are to read', 'and read', 'p50', 'p90', 'p99', 'p99.9', 'max'],
    ['4.10 GB/s', '4.00 GB/s', 'mean 90.1 ns'],
    ['all they can', '20.0 GB/s', 'mean 300 ns'],
  ]);
});

test('rows without a load make none', () => {
  const { changes: _, ...bare } = row(0, 1, 1);
  expect(loadedLatencyGrid(agentSummary([bare]), 100)).toEqual([]);
});
