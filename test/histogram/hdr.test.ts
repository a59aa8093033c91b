/** Written by one, read by the other: hdr-histogram-js is the format's own implementation in JavaScript. */
import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type JsHistogram as Oracle,
} from 'hdr-histogram-js';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { decodeHdr, encodeHdr } from '../../src/histogram/hdr.ts';
import { Histogram } from '../../src/histogram/histogram.ts';
import {
  type HistogramLayout,
  LATENCY_LAYOUT,
  lowestOf,
  PRECISION_BITS_OF_DIGITS,
} from '../../src/histogram/layout.ts';
import { bucketsOf, contents, histogramOf, layouts, valueBelow } from './values.ts';

const SEED = { seed: 1 };
const PERCENTS = [0, 25, 50, 90, 99, 99.9, 100];
const values = fc.array(valueBelow(46), { maxLength: 80 });

function oracleOf(list: readonly number[], digits: number): Oracle {
  const oracle = build({
    numberOfSignificantValueDigits: digits as 1,
    highestTrackableValue: 2 ** 46 - 1,
    bitBucketSize: 64,
  }) as Oracle;
  for (const value of list) oracle.recordValue(value);
  return oracle;
}

const digitsOf = ({ precisionBits }: HistogramLayout) => PRECISION_BITS_OF_DIGITS.indexOf(precisionBits) + 1;

/** As hdr-histogram-js reads it. */
const decoded = (text: string) => decodeFromCompressedBase64(text, 64) as Oracle;

/** The bytes of counts within an encoded histogram. */
const countBytes = (base64: string) => inflateSync(Buffer.from(base64, 'base64').subarray(8)).subarray(40);

function expectEqual(ours: Histogram, oracle: Oracle): void {
  expect(oracle.totalCount).toBe(ours.count);
  for (const [idx, count] of bucketsOf(ours)) expect(oracle.getCountAtIndex(idx)).toBe(count);
  if (ours.count === 0) return;
  expect(oracle.maxValue).toBe(ours.max);
  for (const percent of PERCENTS) expect(oracle.getValueAtPercentile(percent)).toBe(ours.percentile(percent));
  expect(oracle.mean).toBeCloseTo(ours.mean, 3);
}

describe('what is encoded here', () => {
  test('is read by hdr-histogram-js with equal counts and percentiles, overflow included', () => {
    fc.assert(
      fc.property(layouts, values, (layout, list) => {
        const text = encodeHdr(histogramOf(list, layout));
        expectEqual(decodeHdr(text, 'x'), decoded(text));
      }),
      SEED,
    );
  });

  test('has the counts that hdr-histogram-js writes, byte for byte', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), values, (digits, list) => {
        const layout = { precisionBits: PRECISION_BITS_OF_DIGITS[digits - 1]!, rangeBits: 46 };
        const ours = countBytes(encodeHdr(histogramOf(list, layout)));
        expect(ours).toEqual(countBytes(encodeIntoCompressedBase64(oracleOf(list, digits))));
      }),
      SEED,
    );
  });

  test('comes back whole: every bucket, and the ends to within theirs', () => {
    fc.assert(
      fc.property(layouts, values, (layout, all) => {
        const histogram = histogramOf(
          all.map((value) => value % 2 ** layout.rangeBits),
          layout,
        );
        const back = decodeHdr(encodeHdr(histogram), 'x');
        expect(back.layout).toEqual(layout);
        expect([...bucketsOf(back)]).toEqual([...bucketsOf(histogram)]);
        expect(encodeHdr(back)).toBe(encodeHdr(histogram));
        if (histogram.count === 0) return;
        expect(back.max).toBeGreaterThanOrEqual(histogram.max);
        expect((back.max - histogram.max) * 2 ** layout.precisionBits).toBeLessThanOrEqual(histogram.max);
        expect(back.min).toBeLessThanOrEqual(histogram.min);
      }),
      SEED,
    );
  });

  test('holds values beyond the range as the largest one', () => {
    const back = decodeHdr(encodeHdr(histogramOf([5, 2 ** 41, 2 ** 44])), 'x');
    expect(back.layout).toEqual({ precisionBits: 7, rangeBits: 45 });
    expect([...bucketsOf(back)].map(([idx, count]) => [lowestOf(idx, 7), count])).toEqual([
      [5, 1],
      [2 ** 44, 2],
    ]);
  });

  test('may hold as many values as can be counted', () => {
    const counts = new Float64Array(5);
    counts[4] = Number.MAX_SAFE_INTEGER;
    const back = decodeHdr(encodeHdr(Histogram.fromCounts(LATENCY_LAYOUT, counts)), 'x');
    expect(back.countAt(4)).toBe(Number.MAX_SAFE_INTEGER);
  });

  test('begins with the letters by which logs of HdrHistogram V2 are known', () => {
    expect(encodeHdr(histogramOf([1]))).toMatch(/^HISTFAAA/);
  });
});

describe('what hdr-histogram-js encodes', () => {
  // Histograms of five digits are long: a few million buckets each.
  test.each([
    [1, 100],
    [2, 100],
    [3, 50],
    [4, 3],
    [5, 1],
  ])('is read here with equal counts and percentiles, at %i digits', (digits, numRuns) => {
    fc.assert(
      fc.property(values, (list) => {
        const text = encodeIntoCompressedBase64(oracleOf(list, digits));
        const ours = decodeHdr(text, 'x');
        expect(digitsOf(ours.layout)).toBe(digits);
        expectEqual(ours, decoded(text));
      }),
      { ...SEED, numRuns },
    );
  });

  test('is read also where only a few values were to be tracked', () => {
    const oracle = build({ numberOfSignificantValueDigits: 3, highestTrackableValue: 2 });
    oracle.recordValue(1);
    const ours = decodeHdr(encodeIntoCompressedBase64(oracle), 'x');
    expect([ours.count, ours.max, ours.layout.rangeBits]).toEqual([1, 1, 11]);
  });
});

describe('text that is no histogram', () => {
  /** An envelope around what `change` makes of a valid histogram. */
  function forged(change: (bytes: Buffer) => Buffer | undefined): string {
    const bytes = Buffer.from(
      inflateSync(Buffer.from(encodeHdr(histogramOf([1, 70, 300])), 'base64').subarray(8)),
    );
    return envelope(deflateSync(change(bytes) ?? bytes));
  }

  function envelope(zlib: Buffer, { cookie = 0x1c849314, length = zlib.length } = {}): string {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(cookie, 0);
    head.writeUInt32BE(length, 4);
    return Buffer.concat([head, zlib]).toString('base64');
  }

  /** A histogram whose counts are these bytes. */
  function withCounts(counts: number[], stated = counts.length): string {
    return forged((bytes) => {
      bytes.writeUInt32BE(stated, 4);
      return Buffer.concat([bytes.subarray(0, 40), Buffer.from(counts)]);
    });
  }

  const put = (offset: number, value: bigint) =>
    forged((bytes) => {
      bytes.writeBigInt64BE(value, offset);
      return undefined;
    });
  const valid = encodeHdr(histogramOf([1, 70, 300]));
  const zeros = (count: number) => deflateSync(Buffer.alloc(count));

  test.each<[string, string, RegExp]>([
    ['nothing', '', /envelope is 0 of 8 bytes/],
    ['other letters', 'not base64!', /not base64/],
    ['a letter too few', valid.slice(0, -1), /not base64/],
    ['the end cut off', valid.slice(0, -8), /states \d+ bytes of contents, and \d+ are there/],
    [
      'another cookie',
      envelope(zeros(100), { cookie: 0x1c849308 }),
      /cookie is 0x1c849308 instead of 0x1c849314/,
    ],
    ['a cookie with the top bit', envelope(zeros(100), { cookie: 0xff849314 }), /cookie is 0xff849314/],
    ['a huge length', envelope(zeros(100), { length: 0xffffffff }), /states 4294967295 bytes/],
    ['no zlib', envelope(Buffer.from('hello')), /cannot be inflated/],
    [
      'half of the zlib',
      envelope(deflateSync(Buffer.alloc(999, 'x1')).subarray(0, 12)),
      /cannot be inflated/,
    ],
    ['a bomb', envelope(zeros(60_000_000)), /inflates to more than \d+ bytes/],
    ['a short header', envelope(zeros(39)), /header is 39 of 40 bytes/],
    ['another inner cookie', envelope(zeros(40)), /cookie is 0x00000000 instead of 0x1c849313/],
    ['no digits', put(8, 0n), /precision is 0 digits/],
    ['6 digits', put(8, 6n), /precision is 6 digits/],
    ['2^32 - 1 digits', put(8, 0xffffffffn), /precision is 4294967295 digits/],
    ['a coarser unit', put(16, 1000n), /lowest discernible value is 1000/],
    ['a negative range', put(24, -1n), /highest trackable value is -1/],
    ['a huge range', put(24, 2n ** 63n - 1n), /highest trackable value is 9223372036854775807/],
    ['a range of nothing', put(24, 0n), /highest trackable value is 0/],
    ['more counts than stated', withCounts([2, 2], 1), /states 1 bytes of contents, and 2 are there/],
    ['fewer counts than stated', withCounts([2, 2], 2 ** 31), /states 2147483648 bytes/],
    ['half a count', withCounts([2, 0x80]), /end in the middle of a number/],
    ['a run of empty buckets too long', withCounts([0xff, 0xff, 0x7f]), /go on beyond its 4352 buckets/],
    ['the longest run', withCounts(Array(9).fill(0xff)), /go on beyond/],
    ['a count behind the last bucket', withCounts([0xff, 0x43, 2]), /go on beyond its 4352 buckets/],
    ['a count of 2^62', withCounts([...Array(8).fill(0x80), 0x80]), /more than 2\^53 - 1 in sum/],
    [
      'a sum of 2^53',
      withCounts([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 2]),
      /more than 2\^53 - 1 in sum/,
    ],
  ])('%s is refused, and the message says what was found', (_, text, found) => {
    const decode = () => decodeHdr(text, 'latencies[3]');
    expect(decode).toThrow(UsageError);
    expect(decode).toThrow(found);
    expect(decode).toThrow(/^latencies\[3\]: .*Expected an HdrHistogram, V2/);
  });

  test('with any byte changed it is refused or read, and nothing else happens', () => {
    const bytes = inflateSync(Buffer.from(valid, 'base64').subarray(8));
    const place = fc.nat(bytes.length - 1);
    fc.assert(
      fc.property(fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 4 }), (changes) => {
        const text = forged((copy) => {
          for (const [at, byte] of changes) copy[at] = byte;
          return undefined;
        });
        try {
          contents(decodeHdr(text, 'x'));
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
      SEED,
    );
  });

  test('random bytes are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(() => decodeHdr(Buffer.from(bytes).toString('base64'), 'x')).toThrow(UsageError);
      }),
      SEED,
    );
  });
});
