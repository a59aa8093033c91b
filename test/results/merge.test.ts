import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { mergeSamples } from '../../src/results/merge.ts';
import { parseSamples } from '../../src/results/parse-samples.ts';
import type { SamplesDocument } from '../../src/results/samples.ts';
import { formatSamples, loadSamples, saveSamples } from '../../src/results/store.ts';
import { arbitraryOldSamples, arbitrarySamples } from './arbitrary-samples.ts';
import { arm, samplesDocument, series } from './document.ts';

const joined = (...documents: SamplesDocument[]) =>
  mergeSamples(documents.map((samples, i) => ({ samples, source: `${i}.json` })));
const text = (...documents: SamplesDocument[]) => formatSamples(joined(...documents));

const any = fc.oneof(arbitrarySamples, arbitraryOldSamples);
const SEED = { seed: 1, numRuns: 200 };

describe('merge', () => {
  test('keeps the blocks of a run in their order, in whatever order their processes ran', () => {
    const rows = [
      { workload: 'bar-size/linux', block: 0, fork: 2 },
      { workload: 'config-read/batch', block: 1, fork: 0 },
      { workload: 'config-read/batch', block: 1, fork: 3 },
      { workload: 'region-copy', block: 2, fork: 1 },
    ];
    const { series: merged } = joined(samplesDocument({ series: rows.map((row) => series(row)) }));
    expect(merged.map(({ workload, block, fork }) => ({ workload, block, fork }))).toEqual(rows);
  });

  test('is commutative, to the byte', () => {
    fc.assert(
      fc.property(any, any, (a, b) => {
        expect(text(a, b)).toBe(text(b, a));
      }),
      SEED,
    );
  });

  test('is associative, and may be done at once', () => {
    fc.assert(
      fc.property(any, any, any, (a, b, c) => {
        const once = text(a, b, c);
        expect(text(joined(a, b), c)).toBe(once);
        expect(text(a, joined(b, c))).toBe(once);
      }),
      SEED,
    );
  });

  test('is idempotent: the same document again, or a merge that holds it, changes nothing', () => {
    fc.assert(
      fc.property(any, any, (a, b) => {
        expect(text(a, a)).toBe(text(a));
        expect(text(joined(a, b), a)).toBe(text(a, b));
        expect(text(joined(a, b))).toBe(text(a, b));
      }),
      SEED,
    );
  });

  test('loses no record and makes none up, and gives a valid document', () => {
    const records = ({ series: list }: SamplesDocument) =>
      new Set(
        list.map(({ run, fork, block, durationNs, round, params, implementation }) =>
          JSON.stringify([run, fork, block, durationNs, round, params.sizeBytes, implementation]),
        ),
      );
    fc.assert(
      fc.property(arbitrarySamples, arbitrarySamples, (a, b) => {
        const merged = joined(a, b);
        expect(records(merged)).toEqual(new Set([...records(a), ...records(b)]));
        expect(merged.series).toHaveLength(records(merged).size);
        expect(parseSamples(JSON.parse(JSON.stringify(merged)), 'merged')).toEqual(merged);
      }),
      SEED,
    );
  });

  test('obeys the same laws through files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'barometer-merge-'));
    const path = (name: string) => join(folder, name);
    const mergeFiles = (out: string, ...names: string[]) => {
      saveSamples(
        path(out),
        mergeSamples(names.map((name) => ({ samples: loadSamples(path(name)), source: name }))),
      );
      return readFileSync(path(out), 'utf8');
    };
    try {
      fc.assert(
        fc.property(any, any, any, (...documents) => {
          documents.forEach((document, i) => {
            saveSamples(path(`${i}`), document);
          });
          const once = mergeFiles('all', '0', '1', '2');
          mergeFiles('left', '0', '1');
          mergeFiles('right', '1', '2');
          expect(mergeFiles('out', 'left', '2')).toBe(once);
          expect(mergeFiles('out', 'right', '0')).toBe(once);
          expect(mergeFiles('out', 'left', 'right', 'all')).toBe(once);
        }),
        { seed: 1, numRuns: 20 },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('gives a run an id where its file has none, the same for a file saved half-way', () => {
    const whole = samplesDocument();
    const half = samplesDocument({ series: whole.series.slice(0, 1), unavailable: [] });
    const merged = joined(half, whole);
    expect(merged.runs).toHaveLength(1);
    expect(merged.series).toHaveLength(2);
    expect(new Set(merged.series.map(({ run }) => run))).toEqual(new Set([merged.runs![0]!.id]));
    const other = samplesDocument({ createdAt: '2026-11-22T15:30:13.000Z' });
    expect(joined(whole, other).runs).toHaveLength(2);
  });

  test('puts runs in the order of their start, and stands for the first one', () => {
    const late = samplesDocument({ createdAt: '2026-11-23T00:00:00Z', fingerprint: { cpuModel: 'late' } });
    const merged = joined(late, samplesDocument());
    expect(merged.runs!.map(({ createdAt }) => createdAt)).toEqual([
      '2026-11-22T15:30:12.000Z',
      '2026-11-23T00:00:00Z',
    ]);
    expect(merged.fingerprint).toEqual(samplesDocument().fingerprint);
  });

  test('keeps fields that it does not know: those of the document go with its run', () => {
    const annotated = { ...samplesDocument(), note: 'on a train' } as SamplesDocument;
    expect(joined(annotated, samplesDocument()).runs).toMatchObject([{ note: 'on a train' }]);
    const record = samplesDocument({ series: [{ ...series(), gcCount: 3 } as never] });
    expect(joined(record).series).toMatchObject([{ gcCount: 3 }]);
  });

  test('keeps parameters in the order in which they were written, which is that of tables', () => {
    expect(Object.keys(joined(samplesDocument()).series[0]!.params)).toEqual(Object.keys(arm.params));
  });
});

describe('contradictions are refused, and name both files', () => {
  const latency = { ...arm, fork: 0, count: 1, histogram: 'HISTFAAA' };
  const work = { ...arm, operations: 8, counts: { wasmLoads: 9 } };
  test.each<[string, Partial<SamplesDocument>, Partial<SamplesDocument>, string]>([
    [
      'a round that took another time',
      {},
      { series: [series({ round: [1, 2] })] },
      'round 1 of fork 0, block 0 of config-read/batch (wasm), run "',
    ],
    [
      'counts of work',
      { work: [work] },
      { work: [{ ...work, counts: { wasmLoads: 10 } }] },
      '"work" of config-read/batch (wasm), run "',
    ],
    [
      'histograms',
      { latencies: [latency] },
      { latencies: [{ ...latency, count: 2 }] },
      '"latencies" of fork 0 of config-read/batch (wasm), run "',
    ],
  ])('%s', (_, a, b, message) => {
    const merge = () => joined(samplesDocument(a), samplesDocument({ series: [], ...b }));
    expect(merge).toThrow(UsageError);
    expect(merge).toThrow(message);
    expect(merge).toThrow('is in 0.json and in 1.json, and they differ');
  });

  test('a run of which two files say different things', () => {
    const [a, b] = [1, 2].map((seed) => {
      const { createdAt, settings, fingerprint } = samplesDocument();
      return samplesDocument({
        series: [],
        unavailable: [],
        runs: [{ id: 'r1', createdAt, settings: { ...settings, seed }, fingerprint }],
      });
    });
    expect(() => joined(a!, b!)).toThrow('run "r1" has one "settings" in 0.json and another in 1.json');
  });
});
