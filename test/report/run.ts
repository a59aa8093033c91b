/** A made-up run of many workloads: plausible figures, seeded noise, nothing measured. */
import { Random } from '../../src/random.ts';
import type { Params, SampleSeries, SamplesDocument } from '../../src/results/samples.ts';

const KIB = 1024;
const RUNTIME = 'node 26.10.0';
const BUILD = '0.1.0';

/** Nanoseconds per operation of wasm, ts and noop; bytes per operation where they mean something. */
interface Entry {
  workload: string;
  params: Params;
  ns: [wasm: number, ts: number, noop: number];
  payloadBytesPerOp?: number;
}

const config = { mix: 'header', policy: 'strict' };
const aligned = { srcOffsetBytes: 0, dstOffsetBytes: 0 };
const sparse = { footprintBytes: 128 * 2 ** 30, touch: 'later' };

const ENTRIES: Entry[] = [
  { workload: 'config-read/call', params: { widthBytes: 4, ...config }, ns: [10.4, 2.6, 0.52] },
  { workload: 'config-read/batch', params: { widthBytes: 4, ...config }, ns: [1.42, 1.8, 0.31] },
  { workload: 'config-read/batch', params: { widthBytes: 1, ...config }, ns: [1.61, 1.612, 0.31] },
  {
    workload: 'config-write/batch',
    params: { widthBytes: 4, ...config, policy: 'nvgrace' },
    ns: [2.4, 3.1, 0.31],
  },
  {
    workload: 'region-read/batch',
    params: { sizeBytes: 4 * KIB, ...aligned },
    ns: [88, 97, 2.1],
    payloadBytesPerOp: 4 * KIB,
  },
  {
    workload: 'region-copy',
    params: { sizeBytes: 64, ...aligned },
    ns: [9.1, 31, 2.1],
    payloadBytesPerOp: 64,
  },
  {
    workload: 'region-copy',
    params: { sizeBytes: 4 * KIB, ...aligned },
    ns: [82, 94, 2.1],
    payloadBytesPerOp: 4 * KIB,
  },
  {
    workload: 'region-copy',
    params: { sizeBytes: 4 * KIB, srcOffsetBytes: 0, dstOffsetBytes: 16 },
    ns: [1480, 152, 2.1],
    payloadBytesPerOp: 4 * KIB,
  },
  {
    workload: 'region-direct',
    params: { operation: 'read', sizeBytes: 4 * KIB, ...aligned },
    ns: [80, 79, 2],
    payloadBytesPerOp: 4 * KIB,
  },
  {
    workload: 'region-direct',
    params: { operation: 'copy', sizeBytes: 64, ...aligned },
    ns: [5.2, 22, 2],
    payloadBytesPerOp: 64,
  },
  {
    workload: 'region-direct',
    params: { operation: 'copy', sizeBytes: 4 * KIB, ...aligned },
    ns: [78, 90, 2],
    payloadBytesPerOp: 4 * KIB,
  },
  {
    workload: 'region-sparse',
    params: { backing: 'flat', sizeBytes: 64, ...sparse },
    ns: [12, 14, 2],
    payloadBytesPerOp: 64,
  },
  {
    workload: 'region-sparse',
    params: { backing: 'sparse', sizeBytes: 64, ...sparse },
    ns: [16, 21, 2],
    payloadBytesPerOp: 64,
  },
  { workload: 'noop/batch', params: {}, ns: [0.4, 0.35, 0.31] },
];

const ROUNDS = 30;

interface Example {
  /** Without, a machine that lacks a C compiler; with it, native takes 0.8 of wasm's time. */
  native?: boolean;
  /** Processes; each has a level of its own, and arms differ a little from one to the next. */
  forks?: number;
}

/** ROUNDS rounds of each entry in each fork; its arms share a block and drift together. */
export function exampleRun({ native = false, forks = 1 }: Example = {}): SamplesDocument {
  const random = new Random(20_261_122);
  const names = ['wasm', 'ts', 'noop', ...(native ? ['native'] : [])];
  const series = ENTRIES.flatMap((entry, block) =>
    Array.from({ length: forks }, (_, fork) => {
      const drift = driftOf(random);
      return names.map((implementation, i) => {
        const ns = (entry.ns[i] ?? 0.8 * entry.ns[0]) * (fork > 0 ? 1 + 0.01 * random.float() : 1);
        return exampleSeries({ entry, implementation, build: BUILD, fork, block, ns }, drift, random);
      });
    }).flat(),
  );
  const { workload, params } = ENTRIES[1]!;
  return {
    schema: 'barometer/samples/1',
    createdAt: '2026-11-22T15:30:12.000Z',
    settings: { seed: 1, device: 'gh200-120gb', policy: 'strict', suite: 'default', budgetMs: 60_000 },
    fingerprint: { cpuModel: 'Example CPU 9000', coreCount: 2, kernel: 'Linux 6.12.0', v8: '14.6' },
    series,
    unavailable: native
      ? []
      : [
          {
            workload,
            params,
            implementation: 'native',
            runtime: RUNTIME,
            build: BUILD,
            reason: 'no C compiler was found',
          },
        ],
  };
}

interface ExampleArm {
  entry: Entry;
  implementation: string;
  build: string;
  fork: number;
  block: number;
  ns: number;
}

function driftOf(random: Random): number[] {
  return Array.from({ length: ROUNDS }, () => 1 + 0.03 * random.float());
}

function exampleSeries(
  { entry, implementation, build, fork, block, ns }: ExampleArm,
  drift: readonly number[],
  random: Random,
): SampleSeries {
  const bytes = entry.payloadBytesPerOp ?? null;
  return {
    workload: entry.workload,
    params: entry.params,
    implementation,
    runtime: RUNTIME,
    build,
    evidence: 'measured',
    fork,
    block,
    phase: 'steady',
    tier: tierOf(implementation, entry),
    checksum: implementation === 'noop' ? '00000000' : '0badcafe',
    payloadBytesPerOp: bytes,
    trafficBytesPerOp: bytes === null ? null : 2 * bytes,
    round: drift.map((_, round) => round),
    durationNs: drift.map((slower) => Math.round(ns * 1e5 * slower * (1 + 0.02 * random.float()))),
    operations: drift.map(() => 100_000),
  };
}

/** How many times as long the second build takes, by the number of the entry: most the same, one a bit slower. */
const SECOND_BUILD = [1, 1, 1.03, 1, 1, 0.9, 1, 1, 1, 1.004, 1, 1, 1.012, 1];

/** Two builds of wasm and ts interleaved in eight forks, one of which was lost for the copies. */
export function exampleAb(): SamplesDocument {
  const random = new Random(7);
  const series = ENTRIES.flatMap((entry, block) =>
    Array.from({ length: 8 }, (_, fork) => {
      const drift = driftOf(random);
      return ['wasm', 'ts'].flatMap((implementation, i) =>
        ['A barometer 0.1.0 aaaaaaaaaaaa', 'B barometer 0.1.0 bbbbbbbbbbbb'].map((build, side) => {
          const factor = side === 1 && i === 0 ? SECOND_BUILD[block]! : 1;
          const ns = entry.ns[i]! * factor * (1 + 0.008 * random.float());
          return exampleSeries({ entry, implementation, build, fork, block, ns }, drift, random);
        }),
      );
    }).flat(),
  );
  const excluded = series
    .filter(({ workload, fork }) => workload === 'region-copy' && fork === 7)
    .map(({ workload, params, implementation, runtime, build, block }) => ({
      ...{ workload, params, implementation, runtime, build, block, fork: 8, rounds: 0 },
      reason: 'the process ended by SIGKILL',
    }));
  const { settings, ...run } = exampleRun();
  return { ...run, settings: { ...settings, looks: [4, 6, 8] }, series, excluded, unavailable: [] };
}

function tierOf(implementation: string, { ns }: Entry): SampleSeries['tier'] {
  if (implementation === 'native') return 'native';
  return implementation === 'ts' && ns[0] === 1480 ? 'maglev' : 'turbofan';
}
