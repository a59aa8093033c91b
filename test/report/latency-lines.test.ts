import { describe, expect, test } from 'vitest';
import { encodeHdr } from '../../src/histogram/hdr.ts';
import { Histogram } from '../../src/histogram/histogram.ts';
import { gridWidth, layGrid } from '../../src/report/grid.ts';
import { latencyTable } from '../../src/report/latency-lines.ts';
import { summarize } from '../../src/report/summary.ts';
import type { Arm, SamplesDocument } from '../../src/results/samples.ts';
import { arm, samplesDocument, series } from '../results/document.ts';

/** A run in which each of `arms` took `ns` of its own, and twice that once in a hundred times. */
function timed(arms: readonly (Partial<Arm> & { ns: number; count?: number })[]): SamplesDocument {
  const latencies = arms.map(({ ns, count = 100, ...changes }) => {
    const histogram = Histogram.create();
    for (let i = 0; i < count; i++) histogram.record(i === 0 ? 2 * ns : ns);
    return { ...arm, ...changes, fork: 0, count, histogram: encodeHdr(histogram) };
  });
  const list = arms.map(({ ns: _, count: __, ...changes }, block) => series({ ...changes, block }));
  return samplesDocument({ series: list, latencies, unavailable: [] });
}

function lines(samples: SamplesDocument, width: number): string[] {
  const { grid, notes } = latencyTable(summarize(samples), width);
  return [...layGrid(grid, { width, flexible: 'first' }, ({ text }) => text), ...notes];
}

describe('the block of latencies', () => {
  test('is not there where no operation was timed alone', () => {
    expect(latencyTable(summarize(samplesDocument()), 80)).toEqual({ grid: [], notes: [] });
  });

  test('has a line a row, and names a workload once', () => {
    const text = lines(timed([{ ns: 1000 }, { ns: 3000, implementation: 'ts' }]), 100);
    expect(text.slice(2)).toEqual([
      '  config-read batch 4 B, header  wasm  1.00 µs  1.00 µs  1.00 µs      –  2.01 µs',
      '                                 ts    3.01 µs  3.01 µs  3.01 µs      –  6.01 µs',
    ]);
    expect(text[1]).toMatch(/p50 +p90 +p99 +p99\.9 +max$/);
  });

  test('gives up percentiles before labels, and the median and the largest never', () => {
    const samples = timed([{ ns: 1000 }, { ns: 3000, implementation: 'ts' }]);
    const titles = (width: number) => lines(samples, width)[1]!.trim().split(/ +/);
    expect(titles(74)).toEqual(['p50', 'p99', 'p99.9', 'max']);
    expect(titles(52)).toEqual(['p50', 'p99', 'max']);
    expect(titles(40)).toEqual(['p50', 'max']);
    expect(gridWidth(latencyTable(summarize(samples), 66).grid)).toBeLessThanOrEqual(66);
  });

  test('of many rows shows the longest operation of each family, sizings and copies first, and counts the rest', () => {
    const implementations = ['wasm', 'ts', 'native'];
    const sizes = [4096, 65536, 1048576];
    const families = [
      'region-fill',
      'region-read/batch',
      'region-write/batch',
      'region-copy',
      'bar-size/linux',
    ];
    const arms = families.flatMap((workload) =>
      sizes.flatMap((sizeBytes) =>
        implementations.map((implementation) => ({
          workload,
          params: { sizeBytes },
          implementation,
          ns: sizeBytes,
        })),
      ),
    );
    const text = lines(timed(arms), 120);
    const labels = text.map((line) => /^ {2}(\S+(?: \S+)* 1 MiB)/.exec(line)?.[1]).filter(Boolean);
    expect(labels).toEqual([
      'bar-size linux 1 MiB',
      'region-copy 1 MiB',
      'region-fill 1 MiB',
      'region-read batch 1 MiB',
    ]);
    expect(text.at(-1)).toBe('Latencies of 33 more rows are in the file and with --json.');
  });

  test('of many rows prefers operations of which there are enough for every percentile', () => {
    const arms = [4096, 65536].flatMap((sizeBytes) =>
      Array.from({ length: 7 }, (_, i) => ({
        ...{ workload: 'region-copy', params: { sizeBytes }, implementation: `i${i}`, ns: sizeBytes },
        count: sizeBytes === 4096 ? 1000 : 10,
      })),
    );
    expect(lines(timed(arms), 120)[2]).toMatch(/^ {2}region-copy 4 KiB +i0( +\d\.\d\d µs){5}$/);
  });

  test('names builds by their letters', () => {
    const text = lines(
      timed([
        { ns: 1000, build: 'A m.ts 1' },
        { ns: 1000, build: 'B m.ts 2' },
      ]),
      100,
    );
    expect(text.slice(2).map((line) => line.slice(0, 36).trim().split(/ {2,}/).at(-1)?.[0])).toEqual([
      'A',
      'B',
    ]);
  });
});
