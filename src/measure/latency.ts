/**
 * Latencies of single operations. A reading of the clock takes 50 to 100 ns, far longer than one access, so only
 * operations that last many readings can be timed one by one; for all others, latencies would be those of the clock.
 */
import { ACCESS_BYTES } from '../../assembly/layout.ts';
import { nowNs } from '../clock.ts';
import { Histogram } from '../histogram/histogram.ts';
import type { PreparedWorkload } from '../workload/prepared.ts';

/** Each latency holds about one reading of the clock, which is then at most a tenth of it. */
const MIN_TIMER_READINGS = 10;
/** Share of the budget in which nothing is recorded: the loop around the operations gets warm. */
const WARM_UP_SHARE = 0.1;

/** Whether operations of this length can be timed one by one. Those that cannot have no latencies in any table. */
export function isTimeable(nsPerOp: number, timerNs: number): boolean {
  return nsPerOp >= MIN_TIMER_READINGS * timerNs;
}

/** A pass that can be made one operation at a time. */
export interface SingleOperations {
  /** Operations of a pass, numbered from 0. */
  readonly operations: number;
  /** Does one operation and nothing else; carries the checksum on. */
  readonly run: (operationIdx: number, checksum: number) => number;
  /** Runs before every pass, outside the timed windows. */
  readonly beforePass: (() => void) | null;
}

/**
 * A batch taken apart: one call for each operation. Null for workloads that make one call for each access already:
 * theirs are registers and single pages, too short to be timed.
 */
export function singleOperations(prepared: PreparedWorkload): SingleOperations | null {
  const { device, accesses, accessCount, operations, bufferAddress, path, beforePass } = prepared;
  // All operations of a pass have the same number of packed accesses: a copy two, a sizing as many as it takes.
  const accessesPerOp = accessCount / operations;
  if (path !== 'batch' || !Number.isInteger(accessesPerOp) || accessesPerOp === 0) return null;
  const { model } = device;
  const run = (operationIdx: number, checksum: number): number =>
    model.runBatch(
      accesses + operationIdx * accessesPerOp * ACCESS_BYTES,
      accessesPerOp,
      bufferAddress,
      checksum,
    );
  return { operations, run, beforePass };
}

export interface LatencyOptions {
  /** No pass begins after this time, of which the first tenth warms up. */
  readonly budgetNs: number;
  /** No pass begins after this many latencies. */
  readonly maxCount: number;
  readonly clockNs?: () => number;
}

/**
 * Records how long each operation takes, in whole passes: at least one to warm up and one that counts. What is
 * recorded includes about one reading of the clock, which is not taken off: it is not the same each time.
 *
 * Where operations allocate, latencies include the collections that follow, as those of any program do.
 *
 * @param histogram is added to; this thread must be its writer
 * @returns the checksum of the last pass
 */
export function recordLatencies(
  work: SingleOperations,
  histogram: Histogram,
  { budgetNs, maxCount, clockNs = nowNs }: LatencyOptions,
): number {
  const start = clockNs();
  const unrecorded = Histogram.create(histogram.layout);
  do timePass(work, unrecorded, clockNs);
  while (clockNs() - start < budgetNs * WARM_UP_SHARE);
  let checksum: number;
  let count = 0;
  do {
    checksum = timePass(work, histogram, clockNs);
    count += work.operations;
  } while (count < maxCount && clockNs() - start < budgetNs);
  return checksum;
}

function timePass(
  { operations, run, beforePass }: SingleOperations,
  histogram: Histogram,
  clockNs: () => number,
): number {
  beforePass?.();
  let checksum = 0;
  for (let idx = 0; idx < operations; idx++) {
    const start = clockNs();
    checksum = run(idx, checksum);
    const end = clockNs();
    histogram.record(end - start);
  }
  return checksum >>> 0;
}
