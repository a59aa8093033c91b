import { expect, test } from 'vitest';
import {
  callCosts,
  exceedsHarness,
  exceedsRecord,
  harnessLine,
  recordLine,
} from '../../src/report/harness.ts';
import type { Share } from '../../src/report/shares.ts';
import type { StackRow } from '../../src/report/stack.ts';
import { arm } from '../results/document.ts';

const NONE: Share = { share: 0, low: 0, high: 0 };

/** A row whose calls take `share` of it. */
function row(workload: string, share: number | null, implementation = 'wasm'): StackRow {
  const boundary = share === null ? null : { share, low: share * 0.9, high: share * 1.1 };
  const stack = { harness: NONE, boundary, copy: NONE, bounds: null, decode: NONE };
  return { ...arm, workload, implementation, nsPerOp: 1, stack, pairedRounds: 20 };
}

const SETTINGS = { policy: 'strict' };

test('the dearest calls are those of the batch whose work is least', () => {
  const rows = [
    row('config-read/batch', 0.004),
    row('region-io', 0.007, 'native'),
    row('region-copy', 0.001),
  ];
  const costs = callCosts(rows);
  expect(costs.map(({ share }) => share.share)).toEqual([0.007, 0.004, 0.001]);
  expect(harnessLine(costs, SETTINGS)).toBe(
    'calls of batches take at most 0.70% (region-io 4 B, header, native; 0.63% to 0.77%) of 3 rows; promised is 1.00%',
  );
  expect(exceedsHarness(costs)).toBe(false);
  expect(exceedsHarness(callCosts([...rows, row('bar-size/linux', 0.011)]))).toBe(true);
});

test('calls that are the work itself, that V8 inlines, or that were not measured are no harness', () => {
  const none = [row('config-read/call', 0.9), row('config-read/batch', 0, 'ts'), row('region-fill', null)];
  expect(callCosts(none)).toEqual([]);
  expect(harnessLine([], SETTINGS)).toBe('calls of batches: not measured');
  expect(exceedsHarness([])).toBe(false);
});

test('counting a latency is held to half a reading of the clock', () => {
  const cost = { recordNs: 8.21, readingNs: 58 };
  expect(recordLine(cost)).toBe(
    'counting a latency takes 8.21 ns, a reading of the clock 58.0 ns; promised is half of that',
  );
  expect(exceedsRecord(cost)).toBe(false);
  expect(exceedsRecord({ recordNs: 30, readingNs: 58 })).toBe(true);
});
