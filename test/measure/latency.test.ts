import { describe, expect, test } from 'vitest';
import { specFromFlags } from '../../src/device/device-flags.ts';
import { Histogram } from '../../src/histogram/histogram.ts';
import {
  isTimeable,
  recordLatencies,
  type SingleOperations,
  singleOperations,
} from '../../src/measure/latency.ts';
import { prepareWorkload } from '../../src/workload/prepare.ts';
import { loadWorkloads } from '../../src/workload/scenario.ts';
import { ANSWERING } from '../implementations.ts';

test('operations are timed one by one from ten readings of the clock on', () => {
  expect(isTimeable(599, 60)).toBe(false);
  expect(isTimeable(600, 60)).toBe(true);
});

describe('recordLatencies', () => {
  /** Operations that take `opNs` on a clock that nothing else moves. */
  function onFakeClock(operations: number, opNs: (operationIdx: number) => number) {
    let now = 0;
    const calls: string[] = [];
    const work: SingleOperations = {
      operations,
      run: (idx, checksum) => {
        calls.push(`${idx}`);
        now += opNs(idx);
        return checksum * 10 + idx;
      },
      beforePass: () => {
        calls.push('before');
        now += 1_000_000; // outside the timed windows, so in no latency
      },
    };
    return { work, calls, clockNs: () => now };
  }

  test('counts every operation of whole passes, and nothing but the operation', () => {
    const { work, calls, clockNs } = onFakeClock(3, (idx) => 1000 * (idx + 1));
    const histogram = Histogram.create();
    const checksum = recordLatencies(work, histogram, { budgetNs: 50_000_000, maxCount: 10, clockNs });
    expect(histogram.count).toBe(12);
    expect([histogram.min, histogram.max]).toEqual([1000, 3000]);
    expect([33, 60].map((percent) => histogram.percentile(percent))).toEqual([1003, 2007]);
    expect(checksum).toBe(12);
    expect(calls.slice(0, 8)).toEqual(['before', '0', '1', '2', 'before', '0', '1', '2']);
  });

  test('ends with the budget, a tenth of which goes unrecorded', () => {
    const { work, calls, clockNs } = onFakeClock(1, () => 1_000_000);
    const histogram = Histogram.create();
    recordLatencies(work, histogram, { budgetNs: 200_000_000, maxCount: 1e9, clockNs });
    // A pass takes 2 ms, its set-up included: 10 of 100 are to warm up.
    expect(calls.filter((call) => call === '0')).toHaveLength(100);
    expect(histogram.count).toBe(90);
  });

  test('counts one pass even where the budget is shorter, and adds to what was there', () => {
    const { work, clockNs } = onFakeClock(2, () => 500);
    const histogram = Histogram.create();
    histogram.record(7);
    recordLatencies(work, histogram, { budgetNs: 1, maxCount: 1, clockNs });
    expect([histogram.count, histogram.min]).toEqual([3, 7]);
  });
});

describe('a batch taken apart', () => {
  const spec = specFromFlags({ device: 'gh200-120gb' });
  const workloads = loadWorkloads();
  const oneOf = (name: string) => workloads.find((workload) => workload.name === name)!;
  const names = [...new Set(workloads.map(({ name }) => name))].filter((name) => !/call|noop/.test(name));

  test.each(names)('%s: its operations one by one give the checksum of the batch', (name) => {
    for (const implementation of ANSWERING) {
      const prepared = prepareWorkload(oneOf(name), spec, implementation);
      const { device, accesses, accessCount, bufferAddress, beforePass, operations } = prepared;
      const single = singleOperations(prepared)!;
      const histogram = Histogram.create();
      const checksum = recordLatencies(single, histogram, { budgetNs: 1, maxCount: 1 });
      beforePass?.();
      expect(checksum).toBe(device.model.runBatch(accesses, accessCount, bufferAddress, 0) >>> 0);
      expect(histogram.count).toBe(operations);
    }
  });

  test.each(['config-read/call', 'noop/call'])('%s is none', (name) => {
    expect(singleOperations(prepareWorkload(oneOf(name), spec, 'ts'))).toBeNull();
  });
});
