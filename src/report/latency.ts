/** Latencies of single operations, from the histograms of all forks to the figures of an arm. */

import { UsageError } from '../errors.ts';
import { decodeHdr } from '../histogram/hdr.ts';
import { Histogram } from '../histogram/histogram.ts';
import { armKey, type LatencyRecord } from '../results/samples.ts';
import { mostOf } from '../stats/extent.ts';

/**
 * Percentiles in nanoseconds over all operations of an arm that were timed one by one, whatever fork timed them. Each
 * is the upper end of its bucket: never less than what was measured, and more by less than 1 %.
 */
export interface LatencyNs {
  p50: number;
  p90: number;
  p99: number;
  p999: number;
  max: number;
  /** Operations that were timed. Percentiles beyond 1 - 1/count are the largest one. */
  count: number;
}

/**
 * Figures of each arm that has latencies, by `armKey`.
 * @throws UsageError for a histogram that cannot be read, holds another number of values than its record says, or does
 * not go with the others of its arm
 */
export function latenciesByArm(records: readonly LatencyRecord[]): Map<string, LatencyNs> {
  return new Map([...latencyHistograms(records)].map(([key, histogram]) => [key, figuresOf(histogram)]));
}

/** The latencies of each arm that has any, of all forks together, by `armKey`. Throws as `latenciesByArm` does. */
export function latencyHistograms(records: readonly LatencyRecord[]): Map<string, Histogram> {
  const merged = [...Map.groupBy(records, armKey)].map(([key, ofArm]) => [key, merge(ofArm)] as const);
  return new Map(merged.filter(([, histogram]) => histogram.count > 0));
}

/** One histogram that holds them all: the widest range is that of the fork which met the largest value. */
function merge(records: readonly LatencyRecord[]): Histogram {
  const histograms = records.map(histogramOf);
  const { precisionBits } = histograms[0]!.layout;
  const odd = histograms.findIndex(({ layout }) => layout.precisionBits !== precisionBits);
  if (odd >= 0) {
    throw new UsageError(
      `${sourceOf(records[odd]!)}: kept to a share of 2^-${histograms[odd]!.layout.precisionBits}, those of fork ` +
        `${records[0]!.fork} to 2^-${precisionBits}: expected one precision for an arm. Read runs of different ` +
        'versions of barometer one by one',
    );
  }
  const rangeBits = mostOf(histograms.map(({ layout }) => layout.rangeBits));
  const merged = Histogram.create({ precisionBits, rangeBits });
  for (const histogram of histograms) histogram.mergeInto(merged);
  return merged;
}

function histogramOf(record: LatencyRecord): Histogram {
  const histogram = decodeHdr(record.histogram, sourceOf(record));
  if (histogram.count === record.count) return histogram;
  throw new UsageError(
    `${sourceOf(record)}: the record counts ${record.count} and its histogram holds ${histogram.count}: expected the ` +
      'same number. The file was edited or damaged; restore it or measure again with: barometer run',
  );
}

function sourceOf({ workload, implementation, fork }: LatencyRecord): string {
  return `latencies of ${workload} (${implementation}), fork ${fork}`;
}

function figuresOf(histogram: Histogram): LatencyNs {
  const [p50, p90, p99, p999] = [50, 90, 99, 99.9].map((percent) => histogram.percentile(percent)) as [
    number,
    number,
    number,
    number,
  ];
  return { p50, p90, p99, p999, max: histogram.max, count: histogram.count };
}
