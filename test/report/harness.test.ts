import { expect, test } from 'vitest';
import { exceedsHarness, harnessLine, harnessShares } from '../../src/report/harness.ts';
import type { SampleSeries } from '../../src/results/samples.ts';
import { series } from '../results/document.ts';

/** A row of 1000 operations a round, at so many nanoseconds each. */
function row(workload: string, ns: number, changes: Partial<SampleSeries> = {}): SampleSeries {
  return series({
    workload,
    params: {},
    callsPerOp: 1 / 1000,
    durationNs: [1000 * ns, 1000 * ns],
    ...changes,
  });
}

const EMPTY = row('noop/call', 2, { implementation: 'noop', callsPerOp: 1 });
const SETTINGS = { policy: 'strict' };

test('the loop weighs most where a batch is least work', () => {
  const rows = [
    EMPTY,
    row('config-read/batch', 0.5),
    row('bar-size/linux', 0.25, { implementation: 'native' }),
  ];
  const shares = harnessShares({ series: rows });
  expect(shares.map(({ workload, share }) => [workload, share])).toEqual([
    ['bar-size/linux', 0.008],
    ['config-read/batch', 0.004],
  ]);
  expect(harnessLine(shares, SETTINGS)).toBe(
    'loop around batches: at most 0.80% (bar-size linux, native) of 2 rows; promised is 1.00%',
  );
  expect(exceedsHarness(shares)).toBe(false);
  expect(exceedsHarness(harnessShares({ series: [...rows, row('region-io', 0.1)] }))).toBe(true);
});

test('calls that are the work itself, and code that V8 puts into the loop, are left out', () => {
  const rows = [
    row('config-read/call', 3, { callsPerOp: 1 }),
    row('config-read/batch', 1, { callsPerOp: 0 }),
  ];
  expect(harnessShares({ series: [EMPTY, ...rows] })).toEqual([]);
});

test('without noop/call on noop nothing is known', () => {
  expect(harnessShares({ series: [row('config-read/batch', 0.5)] })).toEqual([]);
  expect(harnessLine([], SETTINGS)).toMatch(/^loop around batches: not measured/);
  expect(exceedsHarness([])).toBe(false);
});
