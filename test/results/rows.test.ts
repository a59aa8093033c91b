import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type SampleRow, toSeries } from '../../src/results/rows.ts';
import type { SampleSeries } from '../../src/results/samples.ts';
import { formatSamples } from '../../src/results/store.ts';
import { arm, samplesDocument, series } from './document.ts';

/** One flat row per round. */
function toRows({ round, durationNs, operations, ...facts }: SampleSeries): SampleRow[] {
  return round.map((number, i) => {
    return { ...facts, round: number, durationNs: durationNs[i]!, operations: operations[i]! };
  });
}

test('a change of tier within a block starts a series of its own', () => {
  const rows = toRows(series({ round: [0, 1, 2], durationNs: [3, 2, 1], operations: [1, 1, 1] }));
  rows[0]!.tier = 'liftoff';
  const [first, second, ...rest] = toSeries(rows);
  expect(first).toMatchObject({ tier: 'liftoff', round: [0], durationNs: [3] });
  expect(second).toMatchObject({ tier: 'turbofan', round: [1, 2], durationNs: [2, 1] });
  expect(rest).toEqual([]);
});

test('rows of arms that were measured in turn come back, none lost and none changed', () => {
  const row: fc.Arbitrary<SampleRow> = fc
    .record({
      implementation: fc.constantFrom('wasm', 'ts', 'native', 'noop'),
      params: fc.constantFrom(arm.params, { sizeBytes: 4096 }),
      block: fc.nat(2),
      tier: fc.constantFrom('turbofan' as const, 'liftoff' as const),
      payloadBytesPerOp: fc.constantFrom(null, 4096),
      round: fc.nat(1000),
      durationNs: fc.integer({ min: 1 }),
      operations: fc.integer({ min: 1 }),
    })
    .map((changes) => ({ ...toRows(series())[0]!, ...changes }));
  const sorted = (rows: SampleRow[]) => rows.map((one) => JSON.stringify(Object.entries(one).sort())).sort();
  fc.assert(
    fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
      expect(sorted(toSeries(rows).flatMap(toRows))).toEqual(sorted(rows));
    }),
    { seed: 1 },
  );
});

test('25 workloads of 3 arms and 100 rounds stay far below a megabyte', () => {
  const hundred = (value: number) => Array.from({ length: 100 }, (_, i) => value + i);
  const big = Array.from({ length: 75 }, (_, block) =>
    series({ block, round: hundred(0), durationNs: hundred(1_234_567), operations: hundred(100_000) }),
  );
  expect(formatSamples(samplesDocument({ series: big })).length).toBeLessThan(250_000);
});
