import { expect, test } from 'vitest';
import { z } from 'zod';
import { toBmf } from '../../../src/report/export/bmf.ts';
import { abDocument, hostileDocument, reportsOf } from './results.ts';

/** https://bencher.dev/bmf.json, and the lengths that the reference of the format names. */
const bmf = z.record(
  z
    .string()
    .min(1)
    .refine((name) => Buffer.byteLength(name) <= 1024),
  z.record(
    z.string().min(1).max(64),
    z.object({ value: z.number(), lower_value: z.number().optional(), upper_value: z.number().optional() }),
  ),
);

test('each row has a latency in ns and a throughput, the estimate within its limits', () => {
  const reports = reportsOf(abDocument());
  const found = bmf.parse(JSON.parse(toBmf(reports)));
  expect(Object.keys(found)).toEqual([
    'config-read/batch widthBytes=4 mix=header policy=strict wasm A barometer 0.1.0 aaaa',
    'config-read/batch widthBytes=4 mix=header policy=strict wasm B barometer 0.1.0 bbbb',
    'region-copy sizeBytes=4096 dstOffsetBytes=16 wasm A barometer 0.1.0 aaaa',
    'region-copy sizeBytes=4096 dstOffsetBytes=16 wasm B barometer 0.1.0 bbbb',
  ]);
  for (const [i, { latency, throughput }] of Object.values(found).entries()) {
    const { nsPerOp, opsPerSec } = reports[0]!.summary.workloads[i]!;
    expect(latency).toEqual({
      value: nsPerOp!.estimate,
      lower_value: nsPerOp!.low,
      upper_value: nsPerOp!.high,
    });
    expect(throughput!.value).toBe(opsPerSec);
    expect(throughput!.lower_value).toBeLessThanOrEqual(throughput!.value);
    expect(throughput!.upper_value).toBeGreaterThanOrEqual(throughput!.value);
  }
});

test('names of strangers, however long, are names', () => {
  const document = hostileDocument();
  document.series[0]!.params = { long: 'x'.repeat(5000) };
  const found = bmf.parse(JSON.parse(toBmf(reportsOf(document))));
  expect(Object.keys(found).length).toBeGreaterThan(0);
});
