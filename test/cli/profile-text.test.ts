import { expect, test } from 'vitest';
import type { ProfileReport } from '../../src/cli/profile.ts';
import { profileText } from '../../src/cli/profile-text.ts';
import { fingerprint } from '../../src/measure/fingerprint.ts';
import type { ProfiledFunction } from '../../src/profile/summary.ts';

const one = (changes: Partial<ProfiledFunction>): ProfiledFunction => ({
  name: 'fast',
  file: 'assembly/access-batch.ts',
  share: 'decode',
  selfShare: 0.9,
  tier: 'turbofan',
  codeBytes: 17_664,
  deoptimisations: [],
  ...changes,
});

const REPORT: ProfileReport = {
  schema: 'barometer/profile/1',
  fingerprint: { ...fingerprint([]), cpuModel: 'Example CPU', coreCount: 2, kernel: 'Linux 6.12.0' },
  settings: { device: 'gh200-120gb', seed: 1, durationMs: 2000 },
  workload: 'config-read/batch',
  params: { widthBytes: 4, mix: 'header' },
  variants: 9,
  implementation: 'wasm',
  evidence: 'measured',
  interrupted: false,
  build: 'wasm 1f2e',
  tier: 'turbofan',
  seesInlined: true,
  nsPerOp: { unprofiled: 0.66, profiled: 0.84 },
  samples: 11_412,
  profiledMs: 2001,
  outsideMs: 33,
  shares: { boundary: 0, decode: 0.9, copy: 0, native: 0, harness: 0.096, gc: 0.004, other: 0 },
  functions: [
    one({}),
    one({
      name: 'time\u001b[31mBatches',
      file: 'src/measure/timed-loop.ts',
      share: 'harness',
      selfShare: 0.096,
      tier: null,
      codeBytes: null,
      deoptimisations: [{ reason: 'not int32', count: 1200 }],
    }),
    one({ name: 'little', selfShare: 0.004, deoptimisations: [{ reason: 'wrong map', count: 1 }] }),
  ],
};

test('says shares, functions, and what V8 left', () => {
  expect(profileText(REPORT)).toBe(`\
config-read/batch {"widthBytes":4,"mix":"header"} on wasm, the first of 9 variants (--filter picks another)
11,412 samples in 2.00 s of passes; turbofan
an operation took 0.66 ns before the profiler started, 0.84 ns under it
Example CPU, 2 cores, Linux 6.12.0

  90%  decode   the device: finding what an access means, and doing it
 9.6%  harness  the timed loop and what is around it
 0.4%  gc       garbage collection

 self  function     file                       share    tier      code
  90%  fast         assembly/access-batch.ts   decode   turbofan  17,664 B
 9.6%  timeBatches  src/measure/timed-loop.ts  harness  –         –
 0.4%  1 other

Tier and code are of a function's own code; where V8 has put it into its caller, it runs in that one's.

Optimised code was left, warm-up included:
  timeBatches  1,200 × not int32
`);
});

test('of one variant, cut short, says so', () => {
  const [first, second] = profileText({ ...REPORT, variants: 1, interrupted: true }).split('\n');
  expect(first).toMatch(/ on wasm$/);
  expect(second).toMatch(/ of passes, cut short; turbofan$/);
});

test('under a Node that hides what V8 inlines, says so', () => {
  const fingerprint = { ...REPORT.fingerprint, nodeVersion: '24.21.0' };
  const text = profileText({ ...REPORT, fingerprint, seesInlined: false });
  expect(text).toMatch(/^Node 24\.21\.0 does not say which functions V8 has put into others/m);
  expect(text).not.toContain("function's own code");
});
