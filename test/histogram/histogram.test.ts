import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { Histogram } from '../../src/histogram/histogram.ts';
import { bucketIdxOf, type HistogramLayout, LATENCY_LAYOUT, rowBytes } from '../../src/histogram/layout.ts';
import { Random } from '../../src/random.ts';
import { contents, exactPercentile, histogramOf, layouts, valueBelow } from './values.ts';

const SEED = { seed: 1 };
const NARROW: HistogramLayout = { precisionBits: 4, rangeBits: 10 };
const someValues = fc.array(valueBelow(53), { maxLength: 60 });

describe('record', () => {
  test('counts each value in its bucket, and no other', () => {
    fc.assert(
      fc.property(layouts, someValues, (layout, values) => {
        const histogram = histogramOf(values, layout);
        const inRange = values.filter((value) => value < 2 ** layout.rangeBits);
        const expected = new Map<number, number>();
        for (const value of inRange) {
          const idx = bucketIdxOf(value, layout.precisionBits);
          expected.set(idx, (expected.get(idx) ?? 0) + 1);
        }
        const { buckets, count, overflowCount } = contents(histogram);
        expect(new Map(buckets)).toEqual(expected);
        expect(count).toBe(values.length);
        expect(overflowCount).toBe(values.length - inRange.length);
      }),
      SEED,
    );
  });

  test('keeps the smallest and the largest value as they were, beyond the range as well', () => {
    fc.assert(
      fc.property(layouts, fc.array(valueBelow(53), { minLength: 1, maxLength: 60 }), (layout, values) => {
        const { min, max } = histogramOf(values, layout);
        expect([min, max]).toEqual([Math.min(...values), Math.max(...values)]);
      }),
      SEED,
    );
  });

  test('comes to the same in whatever order values come', () => {
    fc.assert(
      fc.property(layouts, someValues, fc.nat(), (layout, values, seed) => {
        const shuffled = new Random(seed).shuffle([...values]);
        expect(contents(histogramOf(shuffled, layout))).toEqual(contents(histogramOf(values, layout)));
      }),
      SEED,
    );
  });

  test('takes the whole part of a fraction, small or large', () => {
    const { min, max, count } = histogramOf([70.9, 2 ** 35 + 0.5]);
    expect([min, max, count]).toEqual([70, 2 ** 35, 2]);
  });

  test.each([-1, -0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    'refuses %f, and counts nothing',
    (value) => {
      const histogram = Histogram.create();
      expect(() => histogram.record(value)).toThrow(RangeError);
      expect(histogram.count).toBe(0);
    },
  );

  test('goes on counting beyond 32 bits', () => {
    const counts = new Float64Array(100);
    counts[70] = 2 ** 32 - 1;
    const histogram = Histogram.fromCounts(LATENCY_LAYOUT, counts);
    histogram.record(70);
    expect(histogram.countAt(70)).toBe(2 ** 32);
    histogram.record(70);
    expect(histogram.countAt(70)).toBe(2 ** 32 + 1);
    expect([histogram.countAt(69), histogram.countAt(71), histogram.count]).toEqual([0, 0, 2 ** 32 + 1]);
  });
});

test('fromCounts refuses more counts than there are buckets', () => {
  expect(() => Histogram.fromCounts(NARROW, new Float64Array(113))).toThrow(/113 counts for the 112 buckets/);
});

describe('percentile', () => {
  const percent = fc.oneof(fc.constantFrom(0, 50, 90, 99, 99.9, 100), fc.integer({ min: 0, max: 100 }));

  test('is the exact one, or more by a share of less than 2^-b', () => {
    fc.assert(
      fc.property(
        layouts,
        fc.array(valueBelow(53), { minLength: 1, maxLength: 200 }),
        percent,
        (layout, all, p) => {
          const limit = 2 ** layout.rangeBits;
          const values = all.map((value) => value % limit);
          const exact = exactPercentile(values, p);
          const found = histogramOf(values, layout).percentile(p);
          expect(found).toBeGreaterThanOrEqual(exact);
          expect((found - exact) * 2 ** layout.precisionBits).toBeLessThanOrEqual(exact);
        },
      ),
      { ...SEED, numRuns: 500 },
    );
  });

  test('grows with the share, from the smallest to the largest value', () => {
    fc.assert(
      fc.property(layouts, fc.array(valueBelow(53), { minLength: 1, maxLength: 60 }), (layout, values) => {
        const histogram = histogramOf(values, layout);
        const found = [0, 10, 50, 90, 99, 99.9, 100].map((p) => histogram.percentile(p));
        expect(found).toEqual(found.toSorted((a, b) => a - b));
        expect([found[0], found.at(-1)]).toEqual([Math.min(...values), Math.max(...values)]);
      }),
      SEED,
    );
  });

  test('counts ranks exactly where the product is rounded up', () => {
    const counts = new Float64Array(200);
    counts[1] = 999;
    counts[2] = 1;
    // 99.9 / 100 * 1000 is a little more than 999 in doubles.
    expect((99.9 / 100) * 1000).not.toBe(999);
    expect(Histogram.fromCounts(LATENCY_LAYOUT, counts).percentile(99.9)).toBe(1);
  });

  test('takes values beyond the range for the largest', () => {
    const histogram = histogramOf([1, 2, 5000, 7000], NARROW);
    expect([25, 50, 75, 100].map((p) => histogram.percentile(p))).toEqual([1, 2, 7000, 7000]);
    expect(histogram.overflowCount).toBe(2);
  });

  test.each([-1, 100.1, Number.NaN])('refuses %f', (p) => {
    expect(() => histogramOf([1]).percentile(p)).toThrow(/expected 0 to 100/);
  });
});

describe('mean', () => {
  test('is that of the values, to a share of 2^-b', () => {
    fc.assert(
      fc.property(layouts, fc.array(valueBelow(40), { minLength: 1, maxLength: 60 }), (layout, all) => {
        const values = all.map((value) => value % 2 ** layout.rangeBits);
        const exact = values.reduce((sum, value) => sum + value, 0) / values.length;
        const { mean } = histogramOf(values, layout);
        expect(Math.abs(mean - exact)).toBeLessThanOrEqual(exact * (2 ** -layout.precisionBits + 1e-12));
      }),
      SEED,
    );
  });
});

describe('a histogram of nothing', () => {
  test('has a count and no figures', () => {
    const histogram = Histogram.create();
    expect(histogram.count).toBe(0);
    const figures = [
      () => histogram.min,
      () => histogram.max,
      () => histogram.mean,
      () => histogram.percentile(50),
    ];
    for (const figure of figures) expect(figure).toThrow(RangeError);
  });

  test('is what reset leaves', () => {
    const histogram = histogramOf([1, 70, 2 ** 45]);
    histogram.reset();
    expect(contents(histogram)).toEqual(contents(Histogram.create()));
    histogram.record(5);
    expect([histogram.min, histogram.max, histogram.count]).toEqual([5, 5, 1]);
  });
});

describe('mergeInto', () => {
  const merged = (layout: HistogramLayout, ...parts: Histogram[]): Histogram => {
    const sum = Histogram.create(layout);
    for (const part of parts) part.mergeInto(sum);
    return sum;
  };

  test('comes to what one histogram of all values would hold, in any order and grouping', () => {
    fc.assert(
      fc.property(layouts, someValues, someValues, someValues, (layout, a, b, c) => {
        const [A, B, C] = [a, b, c].map((values) => histogramOf(values, layout)) as [
          Histogram,
          Histogram,
          Histogram,
        ];
        const all = contents(histogramOf([...a, ...b, ...c], layout));
        expect(contents(merged(layout, A, B, C))).toEqual(all);
        expect(contents(merged(layout, C, merged(layout, B, A)))).toEqual(all);
        expect(contents(merged(layout, merged(layout, A, B), C))).toEqual(all);
        expect(contents(A)).toEqual(contents(histogramOf(a, layout)));
      }),
      SEED,
    );
  });

  test('carries counts beyond 32 bits', () => {
    const counts = new Float64Array(100);
    counts[70] = 3 * 2 ** 31;
    const histogram = Histogram.fromCounts(LATENCY_LAYOUT, counts);
    expect(merged(LATENCY_LAYOUT, histogram, histogram, histogram).countAt(70)).toBe(9 * 2 ** 31);
  });

  test('into a wider range keeps each value in its bucket', () => {
    const wide: HistogramLayout = { ...NARROW, rangeBits: 30 };
    const values = [0, 31, 32, 1000, 1023];
    expect(contents(merged(wide, histogramOf(values, NARROW)))).toEqual(contents(histogramOf(values, wide)));
  });

  test.each([
    ['another precision', { precisionBits: 7, rangeBits: 10 } as const],
    ['a smaller range', { precisionBits: 4, rangeBits: 9 } as const],
  ])('refuses %s, and says which', (_, layout) => {
    const target = histogramOf([1], layout);
    expect(() => histogramOf([1], NARROW).mergeInto(target)).toThrow(UsageError);
    expect(() => histogramOf([1], NARROW).mergeInto(target)).toThrow(/4 precision bits and 10 range bits/);
    expect(target.count).toBe(1);
  });

  test('refuses a sum that would not be exact, before it adds anything', () => {
    const counts = new Float64Array(100);
    counts[70] = Number.MAX_SAFE_INTEGER;
    const full = Histogram.fromCounts(LATENCY_LAYOUT, counts);
    const target = histogramOf([3]);
    expect(() => full.mergeInto(target)).toThrow(/at most 2\^53 - 1/);
    expect(contents(target)).toEqual(contents(histogramOf([3])));
  });
});

describe('in shared memory', () => {
  test('rows lie side by side and touch nothing around them', () => {
    const rowSize = rowBytes(NARROW);
    const buffer = new SharedArrayBuffer(64 + 2 * rowSize + 64);
    const bytes = new Uint8Array(buffer).fill(0xa5);
    const [first, second] = [64, 64 + rowSize].map((byteOffset) =>
      Histogram.create(NARROW, { buffer, byteOffset }),
    );
    for (let value = 0; value < 3000; value++) first!.record(value);
    second!.record(7);
    expect(contents(Histogram.attach({ buffer, byteOffset: 64 + rowSize }))).toEqual(
      contents(histogramOf([7], NARROW)),
    );
    expect(Histogram.attach({ buffer, byteOffset: 64 }).count).toBe(3000);
    expect(
      [...bytes.subarray(0, 64), ...bytes.subarray(64 + 2 * rowSize)].every((byte) => byte === 0xa5),
    ).toBe(true);
  });

  test('a row is read by another thread as it was written', async () => {
    const buffer = new SharedArrayBuffer(rowBytes(LATENCY_LAYOUT));
    const here = Histogram.create(LATENCY_LAYOUT, { buffer, byteOffset: 0 });
    const worker = new Worker(new URL('./record-in-worker.ts', import.meta.url), {
      workerData: { buffer, values: [3, 70, 70, 2 ** 45] },
    });
    const exitCode = await new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject));
    expect(exitCode).toBe(0);
    expect(contents(here)).toEqual(contents(histogramOf([3, 70, 70, 2 ** 45])));
  });

  test('the bytes are those of the documented row', () => {
    const buffer = new ArrayBuffer(rowBytes(LATENCY_LAYOUT));
    const histogram = Histogram.create(LATENCY_LAYOUT, { buffer, byteOffset: 0 });
    for (const value of [3, 300, 300, 2 ** 41]) histogram.record(value);
    const view = new DataView(buffer);
    expect(new TextDecoder().decode(new Uint8Array(buffer, 0, 4))).toBe('HIST');
    expect([view.getInt32(4, true), view.getInt32(8, true)]).toEqual([7, 40]);
    expect([view.getFloat64(32, true), view.getFloat64(40, true)]).toEqual([3, 2 ** 41]);
    expect(view.getBigUint64(64 + 8 * 3, true)).toBe(1n);
    // 300 is 0b1_0010_1100: 8 bits are kept and 1 is lost, so (1 << 7) + (300 >> 1).
    expect(view.getBigUint64(64 + 8 * (128 + 150), true)).toBe(2n);
    expect(view.getBigUint64(64 + 8 * 34 * 128, true)).toBe(1n);
  });

  test('attach refuses what is no histogram', () => {
    const empty = { buffer: new ArrayBuffer(4096), byteOffset: 0 };
    expect(() => Histogram.attach(empty)).toThrow(/no histogram at byte 0/);
    const row = new ArrayBuffer(rowBytes(NARROW));
    Histogram.create(NARROW, { buffer: row, byteOffset: 0 });
    new Int32Array(row)[2] = 60;
    expect(() => Histogram.attach({ buffer: row, byteOffset: 0 })).toThrow(/no histogram at byte 0/);
    new Int32Array(row)[2] = 50;
    expect(() => Histogram.attach({ buffer: row, byteOffset: 0 })).toThrow(/in a buffer of/);
  });

  test.each([32, -64, 0.5, 64, 2 ** 40])('create refuses a place at byte %f without room', (byteOffset) => {
    const place = { buffer: new ArrayBuffer(rowBytes(NARROW)), byteOffset };
    expect(() => Histogram.create(NARROW, place)).toThrow(/expected a multiple of 64/);
  });

  test('create refuses a layout that cannot be', () => {
    expect(() => Histogram.create({ precisionBits: 7, rangeBits: 54 })).toThrow(/up to 53/);
  });
});
