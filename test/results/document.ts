import type { Arm, SampleSeries, SamplesDocument } from '../../src/results/samples.ts';

export const arm: Arm = {
  workload: 'config-read/batch',
  params: { widthBytes: 4, mix: 'header', policy: 'strict' },
  implementation: 'wasm',
  runtime: 'node 26.10.0',
  build: 'b1',
};

/** A series of two rounds, with `changes` applied. */
export function series(changes: Partial<SampleSeries> = {}): SampleSeries {
  return {
    ...arm,
    evidence: 'measured',
    fork: 0,
    block: 0,
    phase: 'steady',
    tier: 'turbofan',
    checksum: '0badcafe',
    payloadBytesPerOp: null,
    trafficBytesPerOp: null,
    round: [0, 1],
    durationNs: [1500, 1600],
    operations: [1000, 1000],
    ...changes,
  };
}

export function samplesDocument(changes: Partial<SamplesDocument> = {}): SamplesDocument {
  return {
    schema: 'barometer/samples/1',
    createdAt: '2026-11-22T15:30:12.000Z',
    settings: { seed: 1, device: 'gh200-120gb', policy: 'strict', suite: 'default', budgetMs: 60_000 },
    fingerprint: { cpuModel: 'Example CPU', cpuCores: 2, governor: null },
    series: [series(), series({ implementation: 'ts', durationNs: [1800, 1700.5] })],
    unavailable: [{ ...arm, implementation: 'native', reason: 'no C compiler was found' }],
    ...changes,
  };
}
