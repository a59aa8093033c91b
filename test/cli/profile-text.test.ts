import { expect, test } from 'vitest';
import { profileText } from '../../src/cli/profile-text.ts';
import { profileDocument } from '../results/profile-document.ts';

const REPORT = profileDocument();

test('says shares, functions, and what V8 left', () => {
  expect(profileText(REPORT)).toBe(`\
config-read/batch {"widthBytes":4,"mix":"header"} on wasm, the first of 9 variants (--filter picks another)
1,903 samples in 4.00 s of passes, of which no sample saw 1.0%; turbofan
an operation took 0.66 ns before and 0.67 ns during the profile, one stretch each: not what profiling costs
Example CPU, 2 cores, Linux 6.12.0, gh200-120gb, nvgrace
seed 1, a sample every 2.00 ms for 4.00 s, wasm 1f2e, Node 26.10.0

  90%  decode   89% to 91%    the device: finding what an access means, and doing it
 9.6%  harness  8.3% to 11%   the timed loop and what is around it
 0.4%  gc       0.2% to 0.8%  garbage collection

Beside the cost stack of this process, of 0.68 ns:
          profile      its interval  cost stack
harness   0.0% to 20%  0.0% to 22%   12%         agrees
boundary  0.0%         0.0% to 0.2%  0.0%        agrees
copy      0.0% to 50%  0.0% to 52%   0.0%        cannot tell
decode    80%          78% to 82%    88%         differs
2 parts agree, 1 differs, 1 cannot be told apart by a sampling profiler
From least to most: samples go to functions, and some hold work of several parts: the loop and what it calls, which
V8 puts the way into WebAssembly into; the entry of a function that is called; the walk over packed accesses.
Cannot tell: the profile, or the cost stack, accepts shares that lie more than 25 points apart, so that meeting it
says nothing.
Where they differ: a cost stack says what a part adds when it runs alone, a profile where the processor was; work of
several parts that overlaps is counted differently.

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
  expect(second).toMatch(/ of passes, of which no sample saw 1\.0%, cut short; turbofan$/);
});

test('under a Node that hides what V8 inlines, says so', () => {
  const fingerprint = { ...REPORT.fingerprint, nodeVersion: '24.21.0' };
  const text = profileText({ ...REPORT, fingerprint, seesInlined: false });
  expect(text).toMatch(/^Node 24\.21\.0 does not say which functions V8 has put into others/m);
  expect(text).not.toContain("function's own code");
});

test('without a cost stack has nothing beside it', () => {
  const parts = REPORT.parts.map((part) => ({ ...part, stack: null, agrees: null }));
  const text = profileText({ ...REPORT, parts, nsPerOp: { ...REPORT.nsPerOp, stack: null } });
  expect(text).not.toContain('cost stack');
});
