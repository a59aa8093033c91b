import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { encodeHdr } from '../../src/histogram/hdr.ts';
import { Histogram } from '../../src/histogram/histogram.ts';
import type { HistogramLayout } from '../../src/histogram/layout.ts';
import { latenciesByArm } from '../../src/report/latency.ts';
import { armKey, type LatencyRecord } from '../../src/results/samples.ts';
import { exactPercentile } from '../histogram/values.ts';
import { arm } from '../results/document.ts';

function record(values: readonly number[], changes: Partial<LatencyRecord> = {}, layout?: HistogramLayout) {
  const histogram = Histogram.create(layout);
  for (const value of values) histogram.record(value);
  return { ...arm, fork: 0, count: values.length, histogram: encodeHdr(histogram), ...changes };
}

describe('latenciesByArm', () => {
  test('merges the forks of an arm, and keeps arms apart', () => {
    const figures = latenciesByArm([
      record([100, 100, 100], { fork: 0 }),
      record([200], { fork: 0, implementation: 'ts' }),
      record([120, 9000], { fork: 1 }),
    ]);
    expect([...figures.keys()]).toEqual([armKey(arm), armKey({ ...arm, implementation: 'ts' })]);
    expect(figures.get(armKey(arm))).toEqual({
      p50: 100,
      p90: 9023, // the bucket of 9000 ends there
      p99: 9023,
      p999: 9023,
      max: 9023,
      count: 5,
    });
    expect(figures.get(armKey({ ...arm, implementation: 'ts' }))).toMatchObject({ p50: 200, count: 1 });
  });

  test('gives percentiles of all values, never too small and within 1 %, in whatever order forks come', () => {
    const latency = fc.integer({ min: 50, max: 5_000_000 });
    fc.assert(
      fc.property(fc.array(fc.array(latency, { minLength: 1 }), { minLength: 1, maxLength: 5 }), (forks) => {
        const records = forks.map((values, fork) => record(values, { fork }));
        const figures = latenciesByArm(records).get(armKey(arm))!;
        expect(latenciesByArm(records.toReversed()).get(armKey(arm))).toEqual(figures);
        const all = forks.flat();
        expect(figures.count).toBe(all.length);
        const { p50, p90, p99, p999, max } = figures;
        for (const [percent, found] of [
          [50, p50],
          [90, p90],
          [99, p99],
          [99.9, p999],
          [100, max],
        ] as const) {
          const exact = exactPercentile(all, percent);
          expect(found).toBeGreaterThanOrEqual(exact);
          expect(found).toBeLessThan(exact * 1.01);
        }
      }),
      { seed: 1 },
    );
  });

  test('a fork that met a value beyond the range is merged with the others', () => {
    const figures = latenciesByArm([record([100]), record([2 ** 42], { fork: 1 })]);
    expect(figures.get(armKey(arm))).toMatchObject({ p50: 100, count: 2 });
    expect(figures.get(armKey(arm))!.max).toBeGreaterThanOrEqual(2 ** 42);
  });

  test('an arm without values has no figures', () => {
    expect(latenciesByArm([record([])]).size).toBe(0);
    expect(latenciesByArm([]).size).toBe(0);
  });

  test.each<[string, LatencyRecord[], RegExp]>([
    [
      'no histogram',
      [record([1], { histogram: 'AAAA', fork: 3 })],
      /^latencies of config-read\/batch \(wasm\), fork 3: its envelope/,
    ],
    ['another count', [record([1, 2], { count: 3 })], /counts 3 and its histogram holds 2/],
    [
      'precisions that differ',
      [record([1]), record([1], { fork: 1 }, { precisionBits: 10, rangeBits: 40 })],
      /fork 1: kept to a share of 2\^-10, those of fork 0 to 2\^-7/,
    ],
  ])('refuses %s', (_, records, message) => {
    expect(() => latenciesByArm(records)).toThrow(UsageError);
    expect(() => latenciesByArm(records)).toThrow(message);
  });
});
