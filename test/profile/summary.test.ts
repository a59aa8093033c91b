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
  expect(shares).toMatchObject({ decode: 0.7, other: 0.2, gc: 0.1, harness: 0 });
});
