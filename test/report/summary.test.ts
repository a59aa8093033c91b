import { describe, expect, test } from 'vitest';
import { summarize } from '../../src/report/summary.ts';
import { parseSamples } from '../../src/results/parse-samples.ts';
import { samplesDocument, series } from '../results/document.ts';
import { exampleRun } from './run.ts';

describe('summarize', () => {
  const run = exampleRun();
  const summary = summarize(run);

  test('starts from samples that are valid', () => {
    expect(parseSamples(run, 'example')).toEqual(run);
  });

  test('gives each arm a row of the published form', () => {
    const { workloads, ...head } = summarize(samplesDocument());
    expect(head).toMatchObject({ schema: 'barometer/summary/1', settings: { seed: 1 }, confidence: 0.95 });
    expect(workloads[0]).toEqual({
      name: 'config-read/batch',
      params: { widthBytes: 4, mix: 'header', policy: 'strict' },
      implementation: 'wasm',
      runtime: 'node 26.10.0',
      build: 'b1',
      evidence: 'measured',
      available: true,
      reason: null,
      checksum: '0badcafe',
      tier: 'turbofan',
      nsPerOp: { estimate: 1.55, low: 1.5, high: 1.6 },
      opsPerSec: 1e9 / 1.55,
      bytesPerSec: null,
      latencyNs: null,
      roundCount: 2,
      forkCount: 1,
    });
  });

  test('gives an implementation that the machine lacks a row without figures', () => {
    expect(summary.workloads.at(-1)).toMatchObject({
      implementation: 'native',
      available: false,
      reason: 'no C compiler was found',
      checksum: null,
      tier: null,
      nsPerOp: null,
      opsPerSec: null,
      bytesPerSec: null,
    });
  });

  test('is the same each time, bit for bit, and does not depend on the order of the arms', () => {
    expect(summarize(exampleRun())).toEqual(summary);
    const reversed = summarize({ ...run, series: run.series.toReversed() });
    const byArm = (rows: typeof summary.workloads) =>
      new Map(rows.map((row) => [JSON.stringify([row.name, row.params, row.implementation]), row]));
    expect(byArm(reversed.workloads)).toEqual(byArm(summary.workloads));
  });

  test('states both rates of bytes, and none for noop', () => {
    const copies = summary.workloads.filter(
      ({ name, params }) => name === 'region-copy' && params.sizeBytes === 64,
    );
    const wasm = copies.find(({ implementation }) => implementation === 'wasm')!;
    expect(wasm.bytesPerSec!.payload).toBeCloseTo(64 * wasm.opsPerSec!, 3);
    expect(wasm.bytesPerSec!.traffic).toBeCloseTo(128 * wasm.opsPerSec!, 3);
    expect(copies.find(({ implementation }) => implementation === 'noop')!.bytesPerSec).toBeNull();
  });

  test('pairs interleaved arms round by round and resamples others apart', () => {
    const byKind = Map.groupBy(summary.comparisons, ({ kind }) => kind);
    expect([...byKind.keys()]).toEqual(['implementation', 'emulation', 'sparse', 'alignment', 'call']);
    for (const { pairedRounds } of byKind.get('implementation')!) expect(pairedRounds).toBe(30);
    for (const { pairedRounds } of byKind.get('emulation')!) expect(pairedRounds).toBe(0);
  });

  test('recovers the ratios that went in, and gives no verdict', () => {
    const copy = summary.comparisons.find(
      ({ kind, candidate }) => kind === 'implementation' && candidate.workload === 'region-copy',
    )!;
    expect(copy.ratio.estimate).toBeCloseTo(9.1 / 31, 2);
    expect(copy).toMatchObject({
      candidate: { workload: 'region-copy', implementation: 'wasm', runtime: 'node 26.10.0', build: '0.1.0' },
      baseline: { workload: 'region-copy', implementation: 'ts' },
      verdict: null,
    });
    expect(Object.keys(copy.candidate)).toEqual(['workload', 'params', 'implementation', 'runtime', 'build']);
  });
});

describe('series of one arm', () => {
  const rows = (...list: ReturnType<typeof series>[]) =>
    summarize(samplesDocument({ series: list })).workloads;

  test('are joined over blocks; a tier or checksum that they do not share is not made up', () => {
    const [row] = rows(series(), series({ block: 1, tier: 'liftoff', checksum: '00000001' }));
    expect(row).toMatchObject({ tier: 'mixed', checksum: null, roundCount: 4 });
  });

  test('count in their steady phase only', () => {
    const [row, ...others] = rows(series({ phase: 'first', durationNs: [9e9, 9e9] }), series());
    expect(row).toMatchObject({ implementation: 'wasm', nsPerOp: { estimate: 1.55 }, roundCount: 2 });
    expect(others.filter(({ available }) => available)).toEqual([]);
  });
});

test('no samples give an empty summary', () => {
  expect(summarize(samplesDocument({ series: [], unavailable: [] }))).toMatchObject({
    workloads: [],
    comparisons: [],
  });
});

test('options reach the intervals', () => {
  const width = (confidence: number) => {
    const { low, high } = summarize(exampleRun(), { confidence, resamples: 200 }).workloads[0]!.nsPerOp!;
    return high - low;
  };
  expect(width(0.5)).toBeLessThan(width(0.99));
});
