import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../src/errors.ts';
import {
  formatBytes,
  formatBytesPerSec,
  formatCount,
  formatDigits,
  formatNs,
  formatOpsPerSec,
  formatPercent,
  formatSize,
  formatTickNs,
  parseBytes,
  parseCount,
  parseDurationMs,
  parsePercent,
} from '../src/units.ts';

test.each([
  [85, 5, '85 ns'],
  [1.5, 0.5, '1.5 ns'],
  [0.25, 0.05, '0.25 ns'],
  [35720, 20, '35.72 µs'],
  [1000, 200, '1.0 µs'],
  [2e6, 1e6, '2 ms'],
])('a tick at %f with steps of %f is %s', (ns, stepNs, text) => {
  expect(formatTickNs(ns, stepNs)).toBe(text);
});

describe('formatNs', () => {
  test.each([
    [0, '0.00 ns'],
    [0.0042, '0.0042 ns'],
    [0.46, '0.46 ns'],
    [1.42, '1.42 ns'],
    [9.996, '10.0 ns'],
    [704, '704 ns'],
    [999.4, '999 ns'],
    [999.7, '1.00 µs'],
    [3100, '3.10 µs'],
    [12e6, '12.0 ms'],
    [5e12, '5000 s'],
  ])('%f is %s', (ns, text) => {
    expect(formatNs(ns)).toBe(text);
  });

  test('is never more than half a unit of its third digit away, and never shows a thousand', () => {
    const factor: Record<string, number> = { ns: 1, µs: 1e3, ms: 1e6, s: 1e9 };
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 999e9, noNaN: true }), (ns) => {
        const [digits, unit] = formatNs(ns).split(' ');
        const shown = Number(digits) * factor[unit!]!;
        return (
          Math.abs(shown - ns) <= 0.0501 * ns &&
          Math.abs(shown - ns) / Math.max(ns, factor[unit!]!) <= 0.00501 &&
          Number(digits) < 1000
        );
      }),
      { seed: 1 },
    );
  });
});

test('rates are decimal', () => {
  expect(formatBytesPerSec(12.34e9)).toBe('12.3 GB/s');
  expect(formatBytesPerSec(4096)).toBe('4.10 kB/s');
  expect(formatOpsPerSec(704e6)).toBe('704 M/s');
  expect(formatOpsPerSec(7.1e9)).toBe('7.10 G/s');
  expect(formatOpsPerSec(12)).toBe('12.0 /s');
});

test('digits, counts and shares', () => {
  expect([0.46, -0.46, 12.34, -0.01].map(formatDigits)).toEqual(['0.46', '-0.46', '12.3', '-0.010']);
  expect(formatCount(1_234_567)).toBe('1,234,567');
  expect([0.0004, 0.012, 0.0996, 0.34, 2].map(formatPercent)).toEqual(['0.0%', '1.2%', '10%', '34%', '200%']);
});

describe('sizes', () => {
  test.each([
    [0, '0 B'],
    [64, '64 B'],
    [1023, '1023 B'],
    [4096, '4 KiB'],
    [4097, '4097 B'],
    [1536, '1.5 KiB'],
    [64 * 2 ** 20, '64 MiB'],
    [128 * 2 ** 30, '128 GiB'],
    [0x17_8000_0000, '94 GiB'],
  ])('%i is %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
    expect(parseBytes(text, '--size')).toBe(bytes);
  });

  test('what is formatted parses to the same number', () => {
    const units = fc.constantFrom(1, 256, 1024, 3 * 2 ** 18, 2 ** 20, 2 ** 30);
    fc.assert(
      fc.property(
        fc.nat(2 ** 22),
        units,
        (count, unit) => parseBytes(formatBytes(count * unit), '--size') === count * unit,
      ),
      { seed: 1 },
    );
    fc.assert(
      fc.property(fc.maxSafeNat(), (bytes) => parseBytes(formatBytes(bytes), '--size') === bytes),
      { seed: 1 },
    );
  });

  test.each([
    ['4kib', 4096],
    [' 4096 ', 4096],
    ['64B', 64],
    ['0.5 KiB', 512],
  ])('%j is read', (text, bytes) => {
    expect(parseBytes(text, '--size')).toBe(bytes);
  });

  test.each(['', 'KiB', '-1', '4KB', '4k', '0.3', '4 KiB more', '9PiB9', '99999PiB', '1e3'])(
    '%j is refused',
    (text) => {
      expect(() => parseBytes(text, '--size')).toThrow(UsageError);
    },
  );
});

describe('durations', () => {
  test.each([
    ['500ms', 500],
    ['60s', 60_000],
    ['2m', 120_000],
    ['1.5 s', 1500],
    ['1h', 3_600_000],
    ['.5s', 500],
  ])('%j is %i ms', (text, durationMs) => {
    expect(parseDurationMs(text, '--budget')).toBe(durationMs);
  });

  test.each(['', '60', 's', '-5s', '0s', '5 seconds', '1e3s', 'NaNs', `${'9'.repeat(400)}s`])(
    '%j is refused',
    (text) => {
      expect(() => parseDurationMs(text, '--budget')).toThrow(UsageError);
    },
  );

  test('the message says what was given and what was expected', () => {
    expect(() => parseDurationMs('60', '--budget')).toThrow(
      '--budget "60": expected a duration with its unit, such as 500ms, 60s or 2m',
    );
  });
});

describe('counts', () => {
  test('within the range are read', () => {
    expect(parseCount('0', '--seed')).toBe(0);
    expect(parseCount('9007199254740991', '--seed')).toBe(Number.MAX_SAFE_INTEGER);
    expect(parseCount('3', '--forks', { min: 1, max: 3 })).toBe(3);
  });

  test.each(['', '-1', '1.5', '0x10', '9007199254740993', 'one'])('%j is refused', (text) => {
    expect(() => parseCount(text, '--seed')).toThrow(UsageError);
  });

  test('the message gives the range', () => {
    expect(() => parseCount('0', '--forks', { min: 1 })).toThrow(
      '--forks "0": expected a whole number, 1 or more',
    );
    expect(() => parseCount('9', '--forks', { min: 1, max: 8 })).toThrow('expected a whole number, 1 to 8');
  });
});

test.each([
  [32n, '32 B'],
  [3n << 40n, '3 TiB'],
  [2n ** 53n - 2n ** 40n, '8191 TiB'],
  [2n ** 53n, '8 PiB'],
  [2n ** 63n, '8192 PiB'],
  [2n ** 53n + 1n, '0x20000000000001 B'],
])('the size %d is %s', (sizeBytes, text) => {
  expect(formatSize(sizeBytes)).toBe(text);
});

describe('parsePercent', () => {
  test.each([
    ['1%', 0.01],
    ['0.5%', 0.005],
    [' .25 % ', 0.0025],
    ['99.9%', 0.999],
  ])('%j is %f', (text, share) => {
    expect(parsePercent(text, '--margin')).toBeCloseTo(share, 12);
  });

  test.each(['', '1', '0%', '100%', '-1%', '1e1%', 'one', '1%%', 'NaN%'])('refuses %j', (text) => {
    expect(() => parsePercent(text, '--margin')).toThrow(UsageError);
    expect(() => parsePercent(text, '--margin')).toThrow(
      `--margin ${JSON.stringify(text)}: expected a percentage above 0 and below 100, such as 1% or 0.5%`,
    );
  });
});
