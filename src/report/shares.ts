/** Parts of a time, each with its interval, from rounds that measured all of them. */
import { type BootstrapOptions, percentileInterval } from '../stats/bootstrap.ts';

/** A part of a row's time, with its interval. Differences of measured times: noise can make a small one negative. */
export interface Share {
  share: number;
  low: number;
  high: number;
}

const DEFAULT_RESAMPLES = 500;

/**
 * The median share of each column, and what they leave of 1. Intervals by a bootstrap of processes, then of their
 * rounds; all columns draw the same rounds, so that parts that move together stay together.
 *
 * @param processes which one measured each round; rounds of one process stand side by side
 */
export function sharesOf(
  columns: readonly Float64Array[],
  processes: readonly number[],
  { random, resamples = DEFAULT_RESAMPLES, confidence }: BootstrapOptions,
): Share[] {
  const orders = columns.map((column) =>
    Uint32Array.from(column.keys()).sort((a, b) => column[a]! - column[b]!),
  );
  const drawn = new Uint32Array(processes.length);
  const byProcess = [...Map.groupBy(processes.keys(), (i) => processes[i]!).values()].map((rounds) =>
    drawn.subarray(rounds[0]!, rounds.at(-1)! + 1),
  );
  const replicates = [...columns, null].map(() => new Float64Array(resamples));
  const mediansOfDrawn = (count: number) => {
    const medians = columns.map((column, i) => medianOfDrawn(column, orders[i]!, drawn, count));
    return [...medians, 1 - sum(medians)];
  };
  drawn.fill(1);
  const estimates = mediansOfDrawn(drawn.length);
  for (let b = 0; b < resamples; b++) {
    drawn.fill(0);
    let count = 0;
    for (const _ of byProcess) {
      const rounds = byProcess[random.below(byProcess.length)]!;
      random.tally(rounds, rounds.length);
      count += rounds.length;
    }
    for (const [i, share] of mediansOfDrawn(count).entries()) replicates[i]![b] = share;
  }
  return estimates.map((share, i) => ({
    share,
    ...percentileInterval(replicates[i]!, confidence),
  }));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Median of a resample of `count` entries that holds each of `column` as often as `drawn` says; the lower of two middles. */
function medianOfDrawn(column: Float64Array, order: Uint32Array, drawn: Uint32Array, count: number): number {
  const middle = (count + 1) >> 1;
  let passed = 0;
  for (let i = 0; i < order.length; i++) {
    const idx = order[i]!;
    passed += drawn[idx]!;
    if (passed >= middle) return column[idx]!;
  }
  throw new RangeError('median of no values');
}
