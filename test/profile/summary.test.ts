import { expect, test } from 'vitest';
import type { ArmProfile } from '../../src/profile/profile-run.ts';
import { summaryOf } from '../../src/profile/summary.ts';
import { STACKS } from './made-stacks.ts';

const code = {
  tier: 'turbofan',
  sizeBytes: 320,
  deoptimisations: [{ reason: 'wrong map', count: 2 }],
} as const;
const profile: ArmProfile = {
  v8: { nodes: [], startTime: 0, endTime: 10_500 },
  build: 'wasm 1f2e',
  tier: 'turbofan',
  seesInlined: true,
  nsPerOp: { unprofiled: 1, profiled: 1.25 },
  stack: null,
  code: new Map([['wasm-function[30]', code]]),
};
const frames = STACKS.frames.map((frame) =>
  frame.name === 'fast' ? { ...frame, place: 'wasm-function[30]' } : frame,
);

test('functions come in the order of their own time, with what V8 made of them', () => {
  const { functions, shares, samples, profiledMs, outsideMs } = summaryOf(profile, { ...STACKS, frames });
  expect({ samples, profiledMs, outsideMs }).toEqual({ samples: 5, profiledMs: 10, outsideMs: 0.5 });
  expect(functions.map(({ selfShare }) => selfShare)).toEqual([0.6, 0.2, 0.1, 0.1]);
  expect(functions[0]).toEqual({
    name: 'fast',
    file: 'assembly/access-batch.ts',
    share: 'decode',
    selfShare: 0.6,
    tier: 'turbofan',
    codeBytes: 320,
    deoptimisations: [{ reason: 'wrong map', count: 2 }],
  });
  expect(functions[1]).toMatchObject({ tier: null, codeBytes: null, deoptimisations: [] });
  // Each sample counts once.
  expect(shares).toMatchObject({
    decode: { share: 0.6 },
    other: { share: 0.2 },
    gc: { share: 0.2 },
    harness: { share: 0 },
  });
});

test('equal stacks are folded, and what was not seen is told apart', () => {
  const unseen = { ...STACKS.frames[3]!, name: '(not sampled)', share: 'other' } as const;
  const stacks = { ...STACKS, frames: STACKS.frames.with(3, unseen) };
  const summary = summaryOf(profile, stacks);
  expect(summary.stacks).toEqual([
    { frames: [0, 1, 2], us: 6000 },
    { frames: [0, 1], us: 1000 },
    { frames: [3], us: 1000 },
    { frames: [0, 4], us: 2000 },
  ]);
  expect(summary.frames[2]).toEqual({ name: 'fast', file: 'assembly/access-batch.ts', share: 'decode' });
  expect(summary).toMatchObject({ profiledMs: 10, unseenMs: 1, shares: { gc: { share: 0 } } });
  expect(summary.functions.reduce((sum, { selfShare }) => sum + selfShare, 0)).toBeCloseTo(1, 12);
  expect(summary.functions.map(({ name }) => name)).not.toContain('(not sampled)');
});

test('where no code is put into its caller unseen, the tier is that of all that took long', () => {
  const maglev = { ...code, tier: 'maglev' } as const;
  const odd = { ...profile, code: new Map([['wasm-function[30]', maglev]]) };
  const tierOf = (changes: object) => summaryOf({ ...odd, ...changes }, { ...STACKS, frames }).tier;
  expect(tierOf({ seesInlined: false })).toBe('mixed');
  // A function's own code may not be the one that runs.
  expect(tierOf({ seesInlined: true })).toBe('turbofan');
});
