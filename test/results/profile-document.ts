/** A document of `profile --json`, with what a test changes. One name is hostile. */
import { PROFILE_SCHEMA, type ProfileDocument, type ProfiledFunction } from '../../src/results/profile.ts';

const HOSTILE = '</text><script>&"\u001b[31m';

export const profiledFunction = (changes: Partial<ProfiledFunction> = {}): ProfiledFunction => ({
  name: 'fast',
  file: 'assembly/access-batch.ts',
  share: 'decode',
  selfShare: 0.9,
  tier: 'turbofan',
  codeBytes: 17_664,
  deoptimisations: [],
  ...changes,
});

const none = { share: 0, low: 0, high: 0.002 };

/** 10 ms of stacks, of which `fast` has 6 and the collector 1. */
export function profileDocument(changes: Partial<ProfileDocument> = {}): ProfileDocument {
  return {
    schema: PROFILE_SCHEMA,
    fingerprint: { cpuModel: 'Example CPU', coreCount: 2, kernel: 'Linux 6.12.0', nodeVersion: '26.10.0' },
    settings: { device: 'gh200-120gb', policy: 'nvgrace', seed: 1, durationMs: 4000, intervalUs: 2000 },
    workload: 'config-read/batch',
    params: { widthBytes: 4, mix: 'header' },
    variants: 9,
    implementation: 'wasm',
    evidence: 'measured',
    interrupted: false,
    build: 'wasm 1f2e',
    tier: 'turbofan',
    seesInlined: true,
    nsPerOp: { unprofiled: 0.66, profiled: 0.665, stack: 0.68 },
    samples: 1903,
    profiledMs: 4001,
    unseenMs: 40.01,
    outsideMs: 33,
    shares: {
      boundary: none,
      decode: { share: 0.9, low: 0.886, high: 0.913 },
      copy: none,
      native: none,
      harness: { share: 0.096, low: 0.083, high: 0.11 },
      gc: { share: 0.004, low: 0.002, high: 0.008 },
      other: none,
    },
    parts: [
      {
        part: 'harness',
        least: 0,
        most: 0.2,
        low: 0,
        high: 0.22,
        stack: { share: 0.12, low: 0.11, high: 0.13 },
        agrees: true,
      },
      { part: 'boundary', least: 0, most: 0, low: 0, high: 0.002, stack: { ...none, high: 0 }, agrees: true },
      { part: 'copy', least: 0, most: 0.5, low: 0, high: 0.52, stack: { ...none, high: 0 }, agrees: true },
      {
        part: 'decode',
        least: 0.8,
        most: 0.8,
        low: 0.78,
        high: 0.82,
        stack: { share: 0.88, low: 0.87, high: 0.89 },
        agrees: false,
      },
    ],
    functions: [
      profiledFunction(),
      profiledFunction({
        name: 'time\u001b[31mBatches',
        file: 'src/measure/timed-loop.ts',
        share: 'harness',
        selfShare: 0.096,
        tier: null,
        codeBytes: null,
        deoptimisations: [{ reason: 'not int32', count: 1200 }],
      }),
      profiledFunction({
        name: 'little',
        selfShare: 0.004,
        deoptimisations: [{ reason: 'wrong map', count: 1 }],
      }),
    ],
    frames: [
      { name: 'profiledPasses', file: 'src/profile/passes.ts', share: 'harness' },
      { name: 'runBatch', file: 'assembly/access-batch.ts', share: 'decode' },
      { name: 'fast', file: 'assembly/access-batch.ts', share: 'decode' },
      { name: '(garbage collector)', file: '', share: 'gc' },
      { name: HOSTILE, file: 'a<b>.ts', share: 'other' },
    ],
    stacks: [
      { frames: [0, 1, 2], us: 6000 },
      { frames: [0, 1], us: 1000 },
      { frames: [3], us: 1000 },
      { frames: [0, 4], us: 2000 },
    ],
    ...changes,
  };
}
