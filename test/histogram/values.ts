/** Values to record, and what is true of them. */
import fc from 'fast-check';
import { Histogram } from '../../src/histogram/histogram.ts';
import { type HistogramLayout, PRECISION_BITS_OF_DIGITS } from '../../src/histogram/layout.ts';

/** From 0 up to `bits` bits, every magnitude as likely as any other, edges of powers of two often among them. */
export function valueBelow(bits: number): fc.Arbitrary<number> {
  const drawn = fc.tuple(fc.integer({ min: 0, max: bits }), fc.double({ min: 0, max: 1, noNaN: true }));
  const anywhere = drawn.map(([magnitude, share]) => Math.floor(share * (2 ** magnitude - 1)));
  const edge = fc
    .tuple(fc.integer({ min: 0, max: bits - 1 }), fc.constantFrom(-1, 0, 1))
    .map(([magnitude, step]) => 2 ** magnitude + step);
  return fc.oneof({ arbitrary: anywhere, weight: 3 }, { arbitrary: edge, weight: 1 });
}

export const layouts: fc.Arbitrary<HistogramLayout> = fc
  .constantFrom(...PRECISION_BITS_OF_DIGITS.slice(0, 3))
  .chain((precisionBits) =>
    fc.record({
      precisionBits: fc.constant(precisionBits),
      rangeBits: fc.integer({ min: precisionBits + 1, max: 53 }),
    }),
  );

export function histogramOf(values: readonly number[], layout?: HistogramLayout): Histogram {
  const histogram = Histogram.create(layout);
  for (const value of values) histogram.record(value);
  return histogram;
}

/** Smallest of `values` that `percent` of them do not exceed. */
export function exactPercentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.find((_, idx) => idx + 1 >= (percent * values.length) / 100) ?? sorted.at(-1)!;
}

/** All that can be read from a histogram. */
export function contents(histogram: Histogram) {
  const { layout, count, overflowCount } = histogram;
  const figures =
    count === 0 ? null : [histogram.min, histogram.max, histogram.mean, histogram.percentile(50)];
  const buckets = [...bucketsOf(histogram)];
  return { layout, count, overflowCount, figures, buckets };
}

/** Index and count of the buckets that are not empty. */
export function* bucketsOf(histogram: Histogram): Generator<[idx: number, count: number]> {
  const { precisionBits, rangeBits } = histogram.layout;
  const bucketCount = (rangeBits - precisionBits + 1) * 2 ** precisionBits;
  for (let idx = 0; idx < bucketCount; idx++) {
    const count = histogram.countAt(idx);
    if (count > 0) yield [idx, count];
  }
}
