import { HistogramLogReader, initWebAssembly } from 'hdr-histogram-js';
import { expect, test } from 'vitest';
import { toHdrLogs } from '../../../src/report/export/hdr.ts';
import { abDocument, HOSTILE, reportsOf } from './results.ts';

test('each row with latencies is a log that HdrHistogram reads, all forks in it', async () => {
  await initWebAssembly();
  const files = toHdrLogs(reportsOf(abDocument()));
  expect([...files.keys()]).toEqual([
    'region-copy-sizeBytes-4096-dstOffsetBytes-16-wasm-A-barometer-0.1.0-aaaa.hlog',
    'region-copy-sizeBytes-4096-dstOffsetBytes-16-wasm-B-barometer-0.1.0-bbbb.hlog',
  ]);
  const histogram = new HistogramLogReader([...files.values()][1]!).nextIntervalHistogram();
  expect(histogram?.totalCount).toBe(5);
  expect(histogram?.getValueAtPercentile(0)).toBe(80);
  expect(histogram?.maxValue).toBeGreaterThanOrEqual(2000);
});

test('names of strangers make files in the folder alone', () => {
  const document = abDocument();
  document.latencies = HOSTILE.map((workload) => ({ ...document.latencies![0]!, workload }));
  document.series = HOSTILE.map((workload) => ({
    ...document.series.at(-1)!,
    workload,
    build: document.latencies![0]!.build,
  }));
  const names = [...toHdrLogs(reportsOf(document)).keys()];
  expect(names).toHaveLength(HOSTILE.length);
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(HOSTILE.length);
  for (const name of names) expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9.-]*\.hlog$/);
});
