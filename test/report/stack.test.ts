import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../src/random.ts';
import { TimesCollector } from '../../src/report/arm-times.ts';
import { stackLines } from '../../src/report/cost-lines.ts';
import { STACK_PARTS, stackRows } from '../../src/report/stack.ts';
import { summarize } from '../../src/report/summary.ts';
import type { Layer } from '../../src/results/layers.ts';
import { parseSamples } from '../../src/results/parse-samples.ts';
import type { SampleSeries, SamplesDocument } from '../../src/results/samples.ts';
import { samplesDocument, series } from '../results/document.ts';

const ROUNDS = 20;
const FORKS = 3;

/** What each part takes, in nanoseconds: of one access, one call, one operation. */
interface Costs {
  walk: number;
  call: number;
  copy: number;
  bounds: number;
  decode: number;
}

const COSTS: Costs = { walk: 0.5, call: 40, copy: 30, bounds: 2, decode: 5 };

interface Noise {
  /** Relative noise of each round; drift is shared by the arms of a round. */
  share: number;
  drift: number;
}

/** A row with its layers, each made of `costs`; `planted` adds to what single arms took. */
function measured(
  changes: Partial<SampleSeries> & Pick<SampleSeries, 'accessesPerOp' | 'callsPerOp'>,
  costs: Costs,
  { noise = { share: 0, drift: 0 } as Noise, without = [] as (Layer | 'row')[] } = {},
): SampleSeries[] {
  const random = new Random(5);
  const row = { payloadBytesPerOp: 4096, ...changes } as Partial<SampleSeries>;
  const { accessesPerOp: accesses = 0, callsPerOp: calls = 0 } = changes;
  const isCall = changes.workload?.endsWith('/call') ?? false;
  const total = accesses * costs.walk + calls * costs.call + costs.copy + costs.bounds + costs.decode;
  const shared = { params: {}, payloadBytesPerOp: null };
  const batch = { ...shared, workload: 'batch' };
  const callee = { ...shared, workload: changes.workload ?? '' };
  const walkCalls = 1 / 4096;
  const directCalls = 1 / 1024;
  const arms: [Layer | 'row', Partial<SampleSeries>, number][] = [
    ['row', row, total],
    ['unchecked', row, total - costs.bounds],
    [
      'copy',
      { ...row, accessesPerOp: accesses, callsPerOp: directCalls },
      accesses * costs.walk + directCalls * costs.call + costs.copy,
    ],
    ['harness', { ...batch, accessesPerOp: 1, callsPerOp: walkCalls }, costs.walk + walkCalls * costs.call],
    ['boundary', { ...batch, accessesPerOp: 0, callsPerOp: 1 }, costs.call],
    ...(isCall
      ? ([
          ['harness', callee, costs.walk],
          ['boundary', callee, costs.walk + costs.call],
        ] as [Layer, Partial<SampleSeries>, number][])
      : []),
  ];
  return Array.from({ length: FORKS }, (_, fork) => fork).flatMap((fork) => {
    const drift = Array.from({ length: ROUNDS }, () => 1 + noise.drift * random.float());
    return arms
      .filter(([layer]) => !without.includes(layer))
      .map(([layer, own, ns]) =>
        series({
          ...own,
          ...(layer !== 'row' && { layer }),
          fork,
          round: drift.map((_, round) => round),
          durationNs: drift.map((slower) => 1000 * ns * slower * (1 + noise.share * (random.float() - 0.5))),
          operations: drift.map(() => 1000),
        }),
      );
  });
}

const BATCH = { workload: 'region-io', accessesPerOp: 2, callsPerOp: 1 / 512 };
const CALL = { workload: 'region-read/call', accessesPerOp: 1, callsPerOp: 1 };

function documentOf(list: SampleSeries[]): SamplesDocument {
  return samplesDocument({ series: list, unavailable: [] });
}

function shares(list: SampleSeries[]): Record<string, number | null> {
  const [row] = stackRows(documentOf(list));
  return Object.fromEntries(STACK_PARTS.map((part) => [part, row!.stack[part]?.share ?? null]));
}

describe('the stack of a row', () => {
  test('has what each part took, of a batch and of calls', () => {
    for (const [row, walks, calls] of [
      [BATCH, 2, 1 / 512],
      [CALL, 1, 1],
    ] as const) {
      const total = walks * 0.5 + calls * 40 + 37;
      const found = shares(measured(row, COSTS));
      expect(found.harness).toBeCloseTo((walks * 0.5) / total, 9);
      expect(found.boundary).toBeCloseTo((calls * 40) / total, 9);
      expect(found.copy).toBeCloseTo(30 / total, 9);
      expect(found.bounds).toBeCloseTo(2 / total, 9);
      expect(found.decode).toBeCloseTo(5 / total, 9);
    }
  });

  test('shows a cost that was planted in its own part', () => {
    const parts = {
      walk: 'harness',
      call: 'boundary',
      copy: 'copy',
      bounds: 'bounds',
      decode: 'decode',
    } as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(parts) as (keyof Costs)[])),
        fc.constantFrom(BATCH, CALL),
        fc.double({ min: 0.1, max: 50, noNaN: true }),
        (cost, row, addedNs) => {
          const times = (costs: Costs) => {
            const [found] = stackRows(documentOf(measured(row, costs)));
            return STACK_PARTS.map((part) => found!.stack[part]!.share * found!.nsPerOp);
          };
          const before = times(COSTS);
          const after = times({ ...COSTS, [cost]: COSTS[cost] + addedNs });
          const perOp = cost === 'walk' ? row.accessesPerOp : cost === 'call' ? row.callsPerOp : 1;
          for (const [i, part] of STACK_PARTS.entries()) {
            expect(after[i]! - before[i]!).toBeCloseTo(part === parts[cost] ? perOp * addedNs : 0, 6);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('sums to 1, whatever the noise, and each interval holds its share and the truth', () => {
    const [row] = stackRows(documentOf(measured(BATCH, COSTS, { noise: { share: 0.05, drift: 0.5 } })));
    const parts = STACK_PARTS.map((part) => row!.stack[part]!);
    expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    for (const { share, low, high } of parts) {
      expect(low).toBeLessThanOrEqual(share);
      expect(high).toBeGreaterThanOrEqual(share);
      expect(high - low).toBeGreaterThan(0);
    }
    const total = 1 + 40 / 512 + 37;
    expect(row!.stack.copy!.low).toBeLessThan(30 / total);
    expect(row!.stack.copy!.high).toBeGreaterThan(30 / total);
    expect(row!.pairedRounds).toBe(FORKS * ROUNDS);
  });

  test('keeps a remainder below 0: layers that overlap take less together than apart', () => {
    const [row] = stackRows(documentOf(measured(BATCH, { ...COSTS, decode: -5 })));
    expect(row!.stack.decode!.share).toBeLessThan(-0.1);
    expect(STACK_PARTS.reduce((sum, part) => sum + row!.stack[part]!.share, 0)).toBeCloseTo(1, 12);
  });

  test('leaves what was not measured apart in what is left, and says so', () => {
    const list = measured(BATCH, COSTS, { without: ['unchecked', 'copy'] });
    const total = 1 + 40 / 512 + 37;
    const found = shares(list);
    expect(found).toMatchObject({ copy: null, bounds: null });
    expect(found.decode).toBeCloseTo(37 / total, 9);
    expect(stackLines(stackRows(documentOf(list)), documentOf(list).settings)[0]).toMatch(
      /: decode with copy and bounds 97% · harness 3% · boundary 0\.2%$/,
    );
  });

  test('knows what is none by rule', () => {
    const config = { ...BATCH, workload: 'config-read/batch', payloadBytesPerOp: null };
    expect(shares(measured(config, { ...COSTS, copy: 0 }, { without: ['copy'] })).copy).toBe(0);
    const ts = { ...BATCH, implementation: 'ts', callsPerOp: 0 };
    const script = measured(ts, COSTS, { without: ['unchecked', 'boundary'] }).map((each) =>
      each.layer === 'harness' || each.layer === 'copy'
        ? { ...each, implementation: 'ts', callsPerOp: 0 }
        : each,
    );
    expect(shares(script)).toMatchObject({ boundary: 0, bounds: null });
  });

  test('takes a direct row of the same moves for the copy, and gives that row one itself', () => {
    const params = { sizeBytes: 4096, srcOffsetBytes: 0, dstOffsetBytes: 0 };
    const list = measured({ ...BATCH, workload: 'region-copy', params }, COSTS).map(({ layer, ...each }) =>
      layer === 'copy'
        ? { ...each, workload: 'region-direct', params: { ...params, operation: 'copy' } }
        : { ...each, ...(layer && { layer }) },
    );
    const [row, direct] = stackRows(documentOf(list));
    expect(row!.stack.copy!.share * row!.nsPerOp).toBeCloseTo(30, 9);
    expect(direct).toMatchObject({
      workload: 'region-direct',
      stack: { decode: { share: 0 }, bounds: { share: 0 } },
    });
    expect(direct!.stack.copy!.share * direct!.nsPerOp).toBeCloseTo(30, 9);
  });

  test('knows the length of each walk: groups differ in it', () => {
    const far = measured({ ...BATCH, params: { sizeBytes: 64 } }, COSTS).map((each) => ({
      ...each,
      block: 1,
    }));
    const longer = far.map((each) =>
      each.layer === 'harness'
        ? {
            ...each,
            callsPerOp: 1 / 64,
            durationNs: each.durationNs.map((ns) => ns + 1000 * (40 / 64 - 40 / 4096)),
          }
        : each,
    );
    const [first, second] = stackRows(documentOf([...measured(BATCH, COSTS), ...longer]));
    for (const part of STACK_PARTS) {
      expect(second!.stack[part]!.share).toBeCloseTo(first!.stack[part]!.share, 9);
    }
  });

  test('is missing where the loop was not measured, or in other rounds', () => {
    expect(stackRows(documentOf(measured(BATCH, COSTS, { without: ['harness'] })))).toEqual([]);
    expect(stackRows(documentOf(measured(BATCH, COSTS, { without: ['boundary'] })))).toEqual([]);
    const apart = measured(BATCH, COSTS).map((each) => (each.layer ? { ...each, block: 9 } : each));
    expect(stackRows(documentOf(apart))).toEqual([]);
    const elsewhere = measured(BATCH, COSTS).map((each) =>
      each.layer ? { ...each, build: 'another' } : each,
    );
    expect(stackRows(documentOf(elsewhere))).toEqual([]);
    expect(stackRows(samplesDocument())).toEqual([]);
  });

  test('is the same each time, bit for bit', () => {
    const list = measured(BATCH, COSTS, { noise: { share: 0.05, drift: 0.5 } });
    expect(stackRows(documentOf(list))).toEqual(stackRows(documentOf(list)));
    expect(stackRows(documentOf(list.toReversed()))).toEqual(stackRows(documentOf(list)));
  });
});

describe('a line', () => {
  test('says so where an interval cannot tell a share from none', () => {
    const list = measured(BATCH, { ...COSTS, bounds: 0 }, { noise: { share: 0.05, drift: 0 } });
    expect(stackLines(stackRows(documentOf(list)), documentOf(list).settings)).toEqual([
      expect.stringMatching(
        /^region-io \S.* {2}wasm {2}36\.\d ns: copy 8\d% · decode 1\d% · harness 3% · .*bounds ≈0/,
      ),
    ]);
  });
});

describe('layer arms', () => {
  test('are valid samples, and no rows of the summary', () => {
    const list = measured(BATCH, COSTS);
    const document = documentOf(list);
    expect(parseSamples(JSON.parse(JSON.stringify(document)), 'layers')).toEqual(document);
    const rows = summarize(document).workloads;
    expect(rows.map(({ name }) => name)).toEqual(['region-io']);
    expect(rows[0]!.roundCount).toBe(FORKS * ROUNDS);
  });

  test('are no arms of comparisons of files and of a history', () => {
    const collector = new TimesCollector();
    for (const one of measured(BATCH, COSTS)) collector.add(one);
    expect(collector.arms(new Set([undefined])).map(({ workload }) => workload)).toEqual(['region-io']);
  });
});
