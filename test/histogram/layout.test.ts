import fc from 'fast-check';
import { build, type JsHistogram } from 'hdr-histogram-js';
import { describe, expect, test } from 'vitest';
import {
  bitLength,
  bucketCount,
  bucketIdxOf,
  highestOf,
  isLayout,
  LATENCY_LAYOUT,
  lowestOf,
  middleOf,
  PRECISION_BITS_OF_DIGITS,
  rowBytes,
} from '../../src/histogram/layout.ts';
import { layouts, valueBelow } from './values.ts';

describe('buckets', () => {
  test('lie one behind the other, without gap, and each finds itself', () => {
    for (const precisionBits of PRECISION_BITS_OF_DIGITS.slice(0, 3)) {
      const last = bucketCount({ precisionBits, rangeBits: 53 }) - 1;
      for (let idx = 0, low = 0; idx <= last; idx++) {
        const high = highestOf(idx, precisionBits);
        if (lowestOf(idx, precisionBits) !== low)
          expect.fail(`${precisionBits} bits: gap before bucket ${idx}`);
        if (bucketIdxOf(low, precisionBits) !== idx || bucketIdxOf(high, precisionBits) !== idx) {
          expect.fail(`${precisionBits} bits: bucket ${idx} is not where its values go`);
        }
        // Narrower than 2^-b of every value in it, so that no value of it stands for another wrongly by more.
        if ((high - low) * 2 ** precisionBits > low)
          expect.fail(`${precisionBits} bits: bucket ${idx} is too wide`);
        low = high + 1;
      }
      expect(highestOf(last, precisionBits)).toBe(2 ** 53 - 1);
    }
  });

  test('are those of HdrHistogram', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), valueBelow(46), (digits, value) => {
        const precisionBits = PRECISION_BITS_OF_DIGITS[digits - 1]!;
        const numberOfSignificantValueDigits = digits as 1;
        const oracle = build({
          numberOfSignificantValueDigits,
          highestTrackableValue: 2 ** 46,
        }) as JsHistogram;
        const idx = bucketIdxOf(value, precisionBits);
        expect(lowestOf(idx, precisionBits)).toBe(oracle.lowestEquivalentValue(value));
        expect(highestOf(idx, precisionBits)).toBe(oracle.highestEquivalentValue(value));
        expect(middleOf(idx, precisionBits)).toBe(oracle.medianEquivalentValue(value));
      }),
      { seed: 1 },
    );
  });
});

test('a row holds its buckets and one count more, and ends where the next one may begin', () => {
  fc.assert(
    fc.property(layouts, (layout) => {
      const unused = rowBytes(layout) - 64 - 8 * (bucketCount(layout) + 1);
      expect(unused).toBeGreaterThanOrEqual(0);
      expect(unused).toBeLessThan(64);
      expect(rowBytes(layout) % 64).toBe(0);
    }),
    { seed: 1 },
  );
  expect(bucketCount(LATENCY_LAYOUT)).toBe(34 * 128);
});

test('layouts are those of whole digits and exact values', () => {
  expect(isLayout(7, 40)).toBe(true);
  expect(isLayout(7, 8)).toBe(true);
  for (const [precisionBits, rangeBits] of [
    [8, 40],
    [7, 7],
    [7, 54],
    [7, 40.5],
    [0, 40],
    [7, Number.NaN],
  ] as const) {
    expect(isLayout(precisionBits, rangeBits)).toBe(false);
  }
});

test('bitLength counts the digits of the binary number', () => {
  expect(bitLength(0)).toBe(0);
  fc.assert(
    fc.property(valueBelow(53), (value) => {
      if (value > 0) expect(bitLength(value)).toBe(value.toString(2).length);
    }),
    { seed: 1 },
  );
});
