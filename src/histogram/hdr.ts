/**
 * HdrHistogram V2, the format in which histograms leave this program: base64 of a compressed envelope around the
 * counts, big-endian. The definition is `AbstractHistogram.encodeIntoByteBuffer` of
 * https://github.com/HdrHistogram/HdrHistogram (G. Tene, public domain).
 *
 *     envelope   0  COMPRESSED_COOKIE            inflated   0  COOKIE
 *                4  bytes of zlib that follow               4  bytes of counts that follow the header
 *                8  zlib                                    8  normalizing index offset, 0
 *                                                          12  significant decimal digits
 *                                                          16  lowest discernible value, 64 bits: 1
 *                                                          24  highest trackable value, 64 bits
 *                                                          32  ratio of integers to doubles, a double: 1
 *                                                          40  counts: zigzag.ts; -n stands for n empty buckets
 */
import { deflateSync, inflateSync } from 'node:zlib';
import { UsageError } from '../errors.ts';
import { Histogram } from './histogram.ts';
import {
  bitLength,
  bucketCount,
  bucketIdxOf,
  type HistogramLayout,
  MAX_RANGE_BITS,
  PRECISION_BITS_OF_DIGITS,
} from './layout.ts';
import { readZigZag, writeZigZag } from './zigzag.ts';

const COOKIE = 0x1c849303;
const COMPRESSED_COOKIE = 0x1c849304;
/** What writers of V2 put into bits 4 to 7 of both cookies; readers do not look at them. */
const COOKIE_WORD_SIZE = 0x10;
const COOKIE_WORD_SIZE_MASK = 0xf0;
const ENVELOPE_BYTES = 8;
const HEADER_BYTES = 40;
const MAX_COUNT_BYTES = 9;
/** No histogram that can be read is longer, so nothing longer is inflated. */
const MAX_INFLATED_BYTES =
  HEADER_BYTES +
  MAX_COUNT_BYTES *
    bucketCount({ precisionBits: PRECISION_BITS_OF_DIGITS.at(-1)!, rangeBits: MAX_RANGE_BITS });

/**
 * `histogram` as compressed base64. Buckets and counts are kept exactly; the smallest and the largest value to
 * within their buckets. Values beyond the range are written as the largest value, which `percentile` takes them for,
 * and the range grows to hold it.
 */
export function encodeHdr(histogram: Histogram): string {
  const max = histogram.count === 0 ? 0 : histogram.max;
  const { precisionBits } = histogram.layout;
  const rangeBits = Math.max(histogram.layout.rangeBits, bitLength(max));
  const counts = encodeCounts(countsUpTo(histogram, bucketIdxOf(max, precisionBits)));
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(COOKIE | COOKIE_WORD_SIZE, 0);
  header.writeUInt32BE(counts.length, 4);
  header.writeUInt32BE(PRECISION_BITS_OF_DIGITS.indexOf(precisionBits) + 1, 12);
  header.writeBigInt64BE(1n, 16);
  header.writeBigInt64BE(2n ** BigInt(rangeBits) - 1n, 24);
  header.writeDoubleBE(1, 32);
  const zlib = deflateSync(Buffer.concat([header, counts]));
  const envelope = Buffer.alloc(ENVELOPE_BYTES);
  envelope.writeUInt32BE(COMPRESSED_COOKIE | COOKIE_WORD_SIZE, 0);
  envelope.writeUInt32BE(zlib.length, 4);
  return Buffer.concat([envelope, zlib]).toString('base64');
}

function countsUpTo(histogram: Histogram, lastIdx: number): number[] {
  const rangeIdx = bucketCount(histogram.layout);
  const counts = Array.from({ length: lastIdx + 1 }, (_, idx) =>
    idx < rangeIdx ? histogram.countAt(idx) : 0,
  );
  counts[lastIdx]! += histogram.overflowCount;
  return counts;
}

function encodeCounts(counts: readonly number[]): Buffer {
  const bytes: number[] = [];
  for (let idx = 0; idx < counts.length; ) {
    const first = idx;
    while (idx < counts.length && counts[idx] === 0) idx++;
    const emptyCount = idx - first;
    if (emptyCount > 0) writeZigZag(bytes, emptyCount === 1 ? 0 : -emptyCount);
    else writeZigZag(bytes, counts[idx++]!);
  }
  return Buffer.from(bytes);
}

/**
 * The histogram in `text`, from this program or another. Its smallest and largest value are the outer ends of their
 * buckets.
 * @param source where the text came from, for messages
 * @throws UsageError where it is no HdrHistogram V2 in base64, or one that cannot be held exactly
 */
export function decodeHdr(text: string, source: string): Histogram {
  const refuse = (found: string): UsageError =>
    new UsageError(
      `${source}: ${found}. Expected an HdrHistogram, V2, compressed, in base64; the text was cut off or changed, ` +
        'or is something else: take it from its source again',
    );
  const bytes = inflate(envelopeOf(text, refuse), refuse);
  if (bytes.length < HEADER_BYTES)
    throw refuse(`its header is ${bytes.length} of ${HEADER_BYTES} bytes long`);
  expectCookie(bytes.readUInt32BE(0), COOKIE, refuse);
  const layout = layoutOf(bytes, refuse);
  const counts = bytes.subarray(HEADER_BYTES);
  expectLength(bytes.readUInt32BE(4), counts.length, refuse);
  return Histogram.fromCounts(layout, decodeCounts(counts, bucketCount(layout), refuse));
}

type Refuse = (found: string) => UsageError;

/** The compressed part. */
function envelopeOf(text: string, refuse: Refuse): Buffer {
  const base64 = text.trim();
  // Node.js skips what it cannot read.
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) throw refuse('it is not base64');
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length < ENVELOPE_BYTES)
    throw refuse(`its envelope is ${bytes.length} of ${ENVELOPE_BYTES} bytes long`);
  expectCookie(bytes.readUInt32BE(0), COMPRESSED_COOKIE, refuse);
  const zlib = bytes.subarray(ENVELOPE_BYTES);
  expectLength(bytes.readUInt32BE(4), zlib.length, refuse);
  return zlib;
}

function inflate(zlib: Buffer, refuse: Refuse): Buffer {
  try {
    return inflateSync(zlib, { maxOutputLength: MAX_INFLATED_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw refuse(`it inflates to more than ${MAX_INFLATED_BYTES} bytes, which no histogram does`);
    }
    throw refuse(`it cannot be inflated (${(error as Error).message})`);
  }
}

function expectCookie(found: number, expected: number, refuse: Refuse): void {
  if ((found & ~COOKIE_WORD_SIZE_MASK) === expected) return;
  const hex = (word: number) => `0x${word.toString(16).padStart(8, '0')}`;
  throw refuse(`its cookie is ${hex(found)} instead of ${hex(expected | COOKIE_WORD_SIZE)}`);
}

function expectLength(stated: number, found: number, refuse: Refuse): void {
  if (stated !== found) throw refuse(`it states ${stated} bytes of contents, and ${found} are there`);
}

function layoutOf(bytes: Buffer, refuse: Refuse): HistogramLayout {
  const digits = bytes.readUInt32BE(12);
  const lowest = bytes.readBigInt64BE(16);
  const highest = bytes.readBigInt64BE(24);
  const precisionBits = PRECISION_BITS_OF_DIGITS[digits - 1];
  if (precisionBits === undefined) throw refuse(`its precision is ${digits} digits instead of 1 to 5`);
  if (lowest !== 1n) throw refuse(`its lowest discernible value is ${lowest}; only 1 can be read`);
  if (highest < 2n || highest >= 2n ** BigInt(MAX_RANGE_BITS)) {
    throw refuse(`its highest trackable value is ${highest}; only 2 to 2^53 - 1 can be read`);
  }
  // The first 2^(b+1) values have a bucket each, however few of them are asked for.
  return { precisionBits, rangeBits: Math.max(precisionBits + 1, bitLength(Number(highest))) };
}

function decodeCounts(bytes: Uint8Array, bucketLimit: number, refuse: Refuse): Float64Array {
  const counts = new Float64Array(bucketLimit);
  let [idx, sum, at] = [0n, 0n, 0];
  const limit = BigInt(bucketLimit);
  while (at < bytes.length) {
    const read = readZigZag(bytes, at);
    if (read === null) throw refuse(`its counts end in the middle of a number, at byte ${bytes.length}`);
    const { value, next } = read;
    const step = value < 0n ? -value : 1n;
    if (idx + step > limit) throw refuse(`its counts go on beyond its ${bucketLimit} buckets`);
    if (value > 0n) {
      sum += value;
      if (sum > Number.MAX_SAFE_INTEGER) throw refuse('its counts are more than 2^53 - 1 in sum');
      counts[Number(idx)] = Number(value);
    }
    idx += step;
    at = next;
  }
  return counts;
}
