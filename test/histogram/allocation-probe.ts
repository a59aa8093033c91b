/**
 * Runs in a process of its own, started with --expose-gc and a young generation that a million allocations do not fill,
 * so that no collection hides any. Prints by how many bytes the heap grew over a million records, and, to show that it
 * would be seen, over as many that allocate one number each.
 */
import { getHeapStatistics } from 'node:v8';
import { Histogram } from '../../src/histogram/histogram.ts';
import { LATENCY_LAYOUT, rowBytes } from '../../src/histogram/layout.ts';

const RECORDS = 1_000_000;
const LAYOUT = { ...LATENCY_LAYOUT, rangeBits: 30 };
const histogram = Histogram.create(LAYOUT, {
  buffer: new SharedArrayBuffer(rowBytes(LAYOUT)),
  byteOffset: 0,
});
const kept: unknown[] = [null];
/** Now and then beyond the range. */
const values = Int32Array.from({ length: 4096 }, (_, idx) => (idx % 100 === 99 ? 2 ** 31 - idx : idx * 37));

function record(): void {
  for (let i = 0; i < RECORDS; i++) histogram.record(values[i & 4095]!);
}

function recordAndAllocate(): void {
  for (let i = 0; i < RECORDS; i++) {
    histogram.record(values[i & 4095]!);
    kept[0] = { i };
  }
}

function grownBytes(work: () => void): number {
  for (let warmUp = 0; warmUp < 5; warmUp++) work();
  globalThis.gc!();
  const before = getHeapStatistics().used_heap_size;
  work();
  return getHeapStatistics().used_heap_size - before;
}

const result = { recordBytes: grownBytes(record), allocatingBytes: grownBytes(recordAndAllocate) };
process.stdout.write(
  JSON.stringify({ ...result, count: histogram.count, overflowCount: histogram.overflowCount }),
);
