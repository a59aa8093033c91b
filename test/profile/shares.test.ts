import { describe, expect, test } from 'vitest';
import { openTo, SHARES, type Share, shareOf, sharesOf } from '../../src/profile/shares.ts';

describe('a frame counts as', () => {
  test.each([
    ['fast', 'assembly/access-batch.ts', 'decode'],
    ['foldCore', 'assembly/policy/core.ts', 'decode'],
    ['reads32', 'src/device/ts/config-runs.ts', 'decode'],
    ['configRead', 'src/device/device.ts', 'decode'],
    ['copyBytes', 'assembly/copy.ts', 'copy'],
    ['copyBytes', 'src/device/ts/copy.ts', 'copy'],
    ['moveAccesses', 'assembly/io.ts', 'copy'],
    ['ioFillable', 'src/device/ts/io.ts', 'decode'],
    ['js-to-wasm:iiii:i', '', 'boundary'],
    ['js-to-wasm:iiii:i', 'wasm://wasm/0001e2be', 'boundary'],
    ['runBatch', 'src/measure/timed-loop.ts', 'boundary'],
    ['configRead', 'src/device/wasm/wasm-device.ts', 'boundary'],
    ['(native call)', '', 'native'],
    ['configRead', 'src/device/native/native-device.ts', 'native'],
    ['readPass', 'src/measure/timed-loop.ts', 'harness'],
    ['nowNs', 'src/clock.ts', 'harness'],
    ['profiledPasses', 'src/profile/passes.ts', 'harness'],
    ['(garbage collector)', '', 'gc'],
    ['(program)', '', 'other'],
  ] as const)('%s of %s: %s', (name, file, share) => {
    expect(shareOf({ name, file }, 'native')).toBe(share);
  });

  test.each(['copy', 'harness', 'other'] as const)('its caller where it is built in: %s', (caller) => {
    expect(shareOf({ name: 'set', file: '' }, caller)).toBe(caller);
    expect(shareOf({ name: 'now', file: 'node:internal/perf/performance' }, caller)).toBe(caller);
  });
});

describe('a cost stack may count time of', () => {
  test.each([
    ['(native call)', '', 'native', 'harness', ['harness', 'boundary', 'copy', 'decode']],
    ['(garbage collector)', '', 'gc', 'other', ['harness', 'boundary', 'copy', 'decode']],
    ['readPass', 'src/measure/timed-loop.ts', 'harness', 'harness', ['boundary']],
    ['regionPass', 'src/measure/timed-loop.ts', 'harness', 'harness', ['boundary', 'copy']],
    ['configRead', 'src/measure/timed-loop.ts', 'boundary', 'harness', ['harness']],
    ['configRead', 'assembly/config-space.ts', 'decode', 'harness', ['boundary']],
    ['configRead', 'src/device/ts/ts-device.ts', 'decode', 'harness', ['harness']],
    ['runBatch', 'assembly/access-batch.ts', 'decode', 'boundary', ['harness', 'copy', 'boundary']],
    ['fast', 'assembly/access-batch.ts', 'decode', 'decode', ['harness', 'copy']],
    ['reads32', 'src/device/ts/config-runs.ts', 'decode', 'decode', ['harness', 'copy']],
    ['mix', 'src/device/ts/access.ts', 'decode', 'decode', ['harness', 'copy']],
    ['pieceAt', 'src/device/ts/region.ts', 'decode', 'decode', []],
    ['copyBytes', 'assembly/copy.ts', 'copy', 'decode', []],
  ] as const)('%s of %s, %s called by %s, as %j, too', (name, file, share, caller, parts) => {
    expect(openTo({ name, file, share, caller })).toEqual(parts);
  });
});

test('shares are of all samples, and together 1, each with the interval of its count', () => {
  const frames = (['copy', 'copy', 'decode', 'gc', 'gc'] as Share[]).map((share) => ({ share }));
  const shares = sharesOf(frames);
  expect(shares).toMatchObject({ copy: { share: 0.4 }, decode: { share: 0.2 }, boundary: { share: 0 } });
  expect(Object.keys(shares)).toEqual([...SHARES]);
  expect(Object.values(shares).reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  // Clopper and Pearson, of 2 in 5 and of none in 5.
  expect([shares.copy.low, shares.copy.high].map((bound) => bound.toFixed(4))).toEqual(['0.0527', '0.8534']);
  expect([shares.native.low, shares.native.high].map((bound) => bound.toFixed(4))).toEqual([
    '0.0000',
    '0.5218',
  ]);
});

test('of no samples there are none', () => {
  expect(Object.values(sharesOf([])).every(({ share, low, high }) => share + low === 0 && high === 1)).toBe(
    true,
  );
});
