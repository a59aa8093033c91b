import { UsageError } from '../errors.ts';
import {
  bucketCount,
  bucketIdxOf,
  COUNTS_WORD,
  type HistogramLayout,
  highestOf,
  isLayout,
  LATENCY_LAYOUT,
  lowestOf,
  MAGIC,
  MAX_FLOAT,
  MIN_FLOAT,
  middleOf,
  PRECISION_WORD,
  type PrecisionBits,
  RANGE_WORD,
  ROW_ALIGN_BYTES,
  rowBytes,
} from './layout.ts';

const TWO_31 = 2 ** 31;
const TWO_32 = 2 ** 32;

/** Where a row lies. */
export interface RowPlace {
  readonly buffer: ArrayBufferLike;
  /** A multiple of 64. */
  readonly byteOffset: number;
}

/**
 * Counts values, usually latencies in nanoseconds, by their magnitude (layout.ts has the buckets and the bytes).
 *
 * **One writer.** `record`, `reset` and being the target of `mergeInto` are for one thread; nothing is atomic. Any
 * thread may `attach` to the row and read. What it reads is exact once it has synchronised with the writer (joined it,
 * or waited for a word that the writer stored with Atomics behind its last record); before that, counts may lag.
 *
 * Every count is 64 bits wide and exact; what is read as a number is limited to 2^53 - 1 in sum, which recording would
 * need years to reach and merging refuses to pass.
 */
export class Histogram {
  readonly layout: HistogramLayout;
  private readonly words: Int32Array;
  private readonly floats: Float64Array;
  private readonly precisionBits: number;
  private readonly overflowIdx: number;

  private constructor({ buffer, byteOffset }: RowPlace, layout: HistogramLayout) {
    this.layout = layout;
    this.precisionBits = layout.precisionBits;
    this.overflowIdx = bucketCount(layout);
    this.words = new Int32Array(buffer, byteOffset, rowBytes(layout) / 4);
    this.floats = new Float64Array(buffer, byteOffset, COUNTS_WORD / 2);
  }

  /**
   * An empty histogram: in memory of its own, or at `place`, where it takes `rowBytes(layout)` bytes and overwrites
   * what was there.
   */
  static create(layout: HistogramLayout = LATENCY_LAYOUT, place?: RowPlace): Histogram {
    const { precisionBits, rangeBits } = layout;
    if (!isLayout(precisionBits, rangeBits)) {
      throw new RangeError(
        `histogram of ${precisionBits} precision bits and ${rangeBits} range bits: ` +
          'expected 4, 7, 10, 14 or 17, and a larger number up to 53',
      );
    }
    const row = place ?? { buffer: new ArrayBuffer(rowBytes(layout)), byteOffset: 0 };
    expectRoom(row, rowBytes(layout));
    const histogram = new Histogram(row, layout);
    histogram.words[0] = MAGIC;
    histogram.words[PRECISION_WORD] = precisionBits;
    histogram.words[RANGE_WORD] = rangeBits;
    histogram.reset();
    return histogram;
  }

  /** A view of the histogram at `place`, of another thread as a rule. Throws RangeError where there is none. */
  static attach(place: RowPlace): Histogram {
    expectRoom(place, COUNTS_WORD * 4);
    const header = new Int32Array(place.buffer, place.byteOffset, COUNTS_WORD);
    const [precisionBits, rangeBits] = [header[PRECISION_WORD]!, header[RANGE_WORD]!];
    if (header[0] !== MAGIC || !isLayout(precisionBits, rangeBits)) {
      throw new RangeError(
        `no histogram at byte ${place.byteOffset}: its first three words are ${header.slice(0, 3).join(', ')}`,
      );
    }
    const layout = { precisionBits: precisionBits as PrecisionBits, rangeBits };
    expectRoom(place, rowBytes(layout));
    return new Histogram(place, layout);
  }

  /**
   * A histogram of which the buckets are known but not the values: smallest and largest become the outer ends of their
   * buckets.
   * @param counts one for each bucket, from the first on; whole numbers, at most 2^53 - 1 in sum
   */
  static fromCounts(layout: HistogramLayout, counts: ArrayLike<number>): Histogram {
    if (counts.length > bucketCount(layout)) {
      throw new RangeError(`${counts.length} counts for the ${bucketCount(layout)} buckets of a histogram`);
    }
    const histogram = Histogram.create(layout);
    const { precisionBits, floats } = histogram;
    for (let idx = 0; idx < counts.length; idx++) {
      if (counts[idx] === 0) continue;
      histogram.addCount(idx, counts[idx]!);
      floats[MIN_FLOAT] = Math.min(floats[MIN_FLOAT]!, lowestOf(idx, precisionBits));
      floats[MAX_FLOAT] = highestOf(idx, precisionBits);
    }
    return histogram;
  }

  /**
   * Counts one value: an integer from 0 to 2^53 - 1; of a fraction the whole part counts. Values beyond the range
   * count as such, and the largest is kept. Allocates nothing, up to 2.1 s in nanoseconds. Throws RangeError for what is
   * no such number.
   */
  record(value: number): void {
    // NaN and negative numbers fail the comparison. What passes stays in 32-bit integers.
    if (!(value >= 0 && value < TWO_31)) {
      this.recordLarge(value);
      return;
    }
    const whole = value | 0;
    const bits = this.precisionBits;
    const lostBits = Math.max(0, 31 - bits - Math.clz32(whole));
    this.countOne((lostBits << bits) + (whole >>> lostBits), whole);
  }

  /** Forgets everything recorded. */
  reset(): void {
    this.words.fill(0, COUNTS_WORD);
    this.floats[MIN_FLOAT] = Number.POSITIVE_INFINITY;
    this.floats[MAX_FLOAT] = Number.NEGATIVE_INFINITY;
  }

  /**
   * Adds what was recorded here to `target`. Exact, so the order of merging makes no difference. What lay beyond this
   * range counts as beyond the range of the target.
   * @throws UsageError, before anything is added, where precisions differ, the target's range is the smaller one, or
   * the sum of all counts would not be exact
   */
  mergeInto(target: Histogram): void {
    this.expectMergeable(target);
    for (let idx = 0; idx < this.overflowIdx; idx++) target.addCount(idx, this.countAt(idx));
    target.addCount(target.overflowIdx, this.overflowCount);
    const { floats } = target;
    floats[MIN_FLOAT] = Math.min(floats[MIN_FLOAT]!, this.floats[MIN_FLOAT]!);
    floats[MAX_FLOAT] = Math.max(floats[MAX_FLOAT]!, this.floats[MAX_FLOAT]!);
  }

  /** Values in a bucket. */
  countAt(bucketIdx: number): number {
    const low = COUNTS_WORD + 2 * bucketIdx;
    return (this.words[low + 1]! >>> 0) * TWO_32 + (this.words[low]! >>> 0);
  }

  /** Values that no bucket of the range holds. */
  get overflowCount(): number {
    return this.countAt(this.overflowIdx);
  }

  /** All values, those beyond the range included. */
  get count(): number {
    let count = 0;
    for (let idx = 0; idx <= this.overflowIdx; idx++) count += this.countAt(idx);
    return count;
  }

  /** The smallest value. Throws RangeError where there is none, as all figures below do. */
  get min(): number {
    this.expectValues();
    return this.floats[MIN_FLOAT]!;
  }

  /** The largest value, within the range or not. */
  get max(): number {
    this.expectValues();
    return this.floats[MAX_FLOAT]!;
  }

  /** Mean, each value taken as the middle of its bucket: wrong by a share of at most 2^-precisionBits. */
  get mean(): number {
    const count = this.expectValues();
    let sum = 0;
    for (let idx = 0; idx < this.overflowIdx; idx++)
      sum += this.countAt(idx) * middleOf(idx, this.precisionBits);
    return (sum + this.overflowCount * this.max) / count;
  }

  /**
   * The smallest value that at least `percent` of the values do not exceed (nearest rank), as the upper end of its
   * bucket: never less than the true one, and more by a share of less than 2^-precisionBits. Beyond the range, the
   * largest value.
   * @param percent from 0 (the smallest) to 100 (the largest)
   */
  percentile(percent: number): number {
    if (!(percent >= 0 && percent <= 100)) {
      throw new RangeError(`percentile ${percent}: expected 0 to 100`);
    }
    const count = this.expectValues();
    if (percent === 0) return this.min;
    // A product that rounding put just above a whole rank must not skip to the next one.
    const rank = Math.max(1, Math.ceil((percent / 100) * count * (1 - Number.EPSILON)));
    let passed = 0;
    for (let idx = 0; idx < this.overflowIdx; idx++) {
      passed += this.countAt(idx);
      if (passed >= rank) return Math.min(highestOf(idx, this.precisionBits), this.max);
    }
    return this.max;
  }

  /** Rare. It allocates: V8 passes a double that is no small integer to a function as an object. */
  private recordLarge(value: number): void {
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) {
      throw new RangeError(`histogram value ${value}: expected a number from 0 to 2^53 - 1`);
    }
    const whole = Math.floor(value);
    this.countOne(bucketIdxOf(whole, this.precisionBits), whole);
  }

  private countOne(bucketIdx: number, whole: number): void {
    const { words, floats } = this;
    const low = COUNTS_WORD + 2 * Math.min(bucketIdx, this.overflowIdx);
    const next = (words[low]! + 1) | 0;
    words[low] = next;
    if (next === 0) words[low + 1]!++;
    if (whole < floats[MIN_FLOAT]!) floats[MIN_FLOAT] = whole;
    if (whole > floats[MAX_FLOAT]!) floats[MAX_FLOAT] = whole;
  }

  private addCount(bucketIdx: number, count: number): void {
    const sum = this.countAt(bucketIdx) + count;
    this.words[COUNTS_WORD + 2 * bucketIdx] = sum | 0;
    this.words[COUNTS_WORD + 2 * bucketIdx + 1] = Math.floor(sum / TWO_32);
  }

  private expectValues(): number {
    const { count } = this;
    if (count === 0) throw new RangeError('histogram: a figure of no values');
    return count;
  }

  private expectMergeable(target: Histogram): void {
    const [from, to] = [this.layout, target.layout];
    if (from.precisionBits !== to.precisionBits || from.rangeBits > to.rangeBits) {
      throw new UsageError(
        `histogram of ${from.precisionBits} precision bits and ${from.rangeBits} range bits: cannot be added to one of ` +
          `${to.precisionBits} and ${to.rangeBits}; expected the same precision and no smaller range`,
      );
    }
    if (this.count + target.count > Number.MAX_SAFE_INTEGER) {
      throw new UsageError(
        `histograms of ${this.count} and ${target.count} values: their sum cannot be counted exactly; ` +
          'expected at most 2^53 - 1. Leave one of them out',
      );
    }
  }
}

function expectRoom({ buffer, byteOffset }: RowPlace, sizeBytes: number): void {
  if (Number.isInteger(byteOffset) && byteOffset >= 0 && byteOffset % ROW_ALIGN_BYTES === 0) {
    if (byteOffset + sizeBytes <= buffer.byteLength) return;
  }
  throw new RangeError(
    `histogram at byte ${byteOffset}: expected a multiple of ${ROW_ALIGN_BYTES} ` +
      `with ${sizeBytes} bytes behind it, in a buffer of ${buffer.byteLength}`,
  );
}
