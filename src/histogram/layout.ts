/**
 * How a histogram lies in memory: one row of 32-bit words in a buffer, which may be shared between threads. Words are
 * in the byte order of WebAssembly, little-endian on every machine that Node.js is measured on, so that code there can
 * record into the same row with 64-bit loads and stores.
 *
 *     byte   0   MAGIC
 *            4   precision bits b
 *            8   range bits m
 *           12   not used, 0
 *           16   not used, 0
 *           32   smallest value, as a 64-bit float; Infinity while there is none
 *           40   largest value, as a 64-bit float; -Infinity while there is none
 *           48   not used, 0
 *           64   counts, 8 bytes each, low word first: one for each bucket, then one for values beyond the range
 *
 * Buckets are those of HdrHistogram (G. Tene, public domain; https://github.com/HdrHistogram/HdrHistogram): values
 * below 2^(b+1) have a bucket each; from there on every power of two is cut into 2^b buckets of equal width. A bucket
 * from `low` on is at most low / 2^b wide, so what stands for a value is wrong by a share of less than 2^-b.
 *
 *     bits of a value   0…0 1 x…x y…y      1 x…x: b + 1 bits, kept
 *                                          y…y: e bits, lost; e = 0 below 2^(b+1)
 *     bucketIdx         (e << b) + (value >> e)
 */

/** "HIST" in ASCII, first byte lowest. */
export const MAGIC = 0x54534948;
export const PRECISION_WORD = 1;
export const RANGE_WORD = 2;
/** Indexes of 64-bit floats from the start of the row. */
export const MIN_FLOAT = 4;
export const MAX_FLOAT = 5;
export const COUNTS_WORD = 16;
/** A row begins at a multiple of this: rows of two writers then share no cache line. */
export const ROW_ALIGN_BYTES = 64;

const COUNT_BYTES = 8;

/**
 * Significant decimal digits as HdrHistogram counts them, 1 to 5, and the precision bits that they come to: unit
 * resolution up to 2 * 10^digits, rounded up to a power of two, half of which is 2^b.
 */
export const PRECISION_BITS_OF_DIGITS = [4, 7, 10, 14, 17] as const;
export type PrecisionBits = (typeof PRECISION_BITS_OF_DIGITS)[number];

/** Largest value that can be recorded has so many bits: integers are exact in a double. */
export const MAX_RANGE_BITS = 53;

export interface HistogramLayout {
  /** Values are kept to a share of 2^-precisionBits. */
  readonly precisionBits: PrecisionBits;
  /** Values below 2^rangeBits have a bucket; more than precisionBits, at most 53. */
  readonly rangeBits: number;
}

/** Two digits, and 18 minutes in nanoseconds: 34 KiB, of which a steady workload touches a few cache lines. */
export const LATENCY_LAYOUT: HistogramLayout = { precisionBits: 7, rangeBits: 40 };

/** Whether such a histogram can be. */
export function isLayout(precisionBits: number, rangeBits: number): boolean {
  return (
    PRECISION_BITS_OF_DIGITS.some((bits) => bits === precisionBits) &&
    Number.isInteger(rangeBits) &&
    rangeBits > precisionBits &&
    rangeBits <= MAX_RANGE_BITS
  );
}

/** Number of buckets, which is also the index of the count of values beyond the range. */
export function bucketCount({ precisionBits, rangeBits }: HistogramLayout): number {
  return (rangeBits - precisionBits + 1) * 2 ** precisionBits;
}

/** Bytes of a row, a multiple of its alignment. */
export function rowBytes(layout: HistogramLayout): number {
  const usedBytes = COUNTS_WORD * 4 + (bucketCount(layout) + 1) * COUNT_BYTES;
  return Math.ceil(usedBytes / ROW_ALIGN_BYTES) * ROW_ALIGN_BYTES;
}

/** Bucket of a value below 2^53. Histogram.record does the same for small values, without a division. */
export function bucketIdxOf(value: number, precisionBits: number): number {
  const lostBits = Math.max(0, bitLength(value) - precisionBits - 1);
  return lostBits * 2 ** precisionBits + Math.floor(value / 2 ** lostBits);
}

/** Smallest value of a bucket. */
export function lowestOf(bucketIdx: number, precisionBits: number): number {
  const lostBits = lostBitsOf(bucketIdx, precisionBits);
  return (bucketIdx - lostBits * 2 ** precisionBits) * 2 ** lostBits;
}

/** Largest value of a bucket. */
export function highestOf(bucketIdx: number, precisionBits: number): number {
  return lowestOf(bucketIdx, precisionBits) + 2 ** lostBitsOf(bucketIdx, precisionBits) - 1;
}

/** The value in the middle of a bucket, rounded up as HdrHistogram does. */
export function middleOf(bucketIdx: number, precisionBits: number): number {
  const widthValues = 2 ** lostBitsOf(bucketIdx, precisionBits);
  return lowestOf(bucketIdx, precisionBits) + Math.floor(widthValues / 2);
}

function lostBitsOf(bucketIdx: number, precisionBits: number): number {
  return Math.max(0, (bucketIdx >>> precisionBits) - 1);
}

/** Bits that a whole number below 2^53 takes; 0 for 0. */
export function bitLength(value: number): number {
  const high = Math.floor(value / 2 ** 32);
  return high > 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(value);
}
