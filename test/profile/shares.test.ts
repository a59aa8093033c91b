import { describe, expect, test } from 'vitest';
import { SHARES, type Share, shareOf, sharesOf } from '../../src/profile/shares.ts';

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

test('shares are of all time, and together 1', () => {
  const times = (['copy', 'decode', 'copy', 'gc'] as Share[]).map((share, i) => ({
    frame: { share },
    selfUs: i + 1,
  }));
  const shares = sharesOf(times);
  expect(shares).toMatchObject({ copy: 0.4, decode: 0.2, gc: 0.4, boundary: 0 });
  expect(Object.keys(shares)).toEqual([...SHARES]);
  expect(Object.values(shares).reduce((sum, share) => sum + share)).toBeCloseTo(1, 12);
});

test('of no time there are none', () => {
  expect(Object.values(sharesOf([])).every((share) => share === 0)).toBe(true);
});
