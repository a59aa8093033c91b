import { nowNs } from '../clock.ts';
import type { Tier } from '../results/samples.ts';
import type { MeasuredArm } from './arm.ts';

/** A clock reading may be at most this share of a sample: two are taken. */
const MAX_TIMER_SHARE = 0.01;
/** Short, so that arms take turns faster than a shared host changes its pace; long beside what happens between samples. */
const MIN_SAMPLE_NS = 100_000;
/** Of samples of the warm-up, whose rates have to agree. */
const WARM_UP_SAMPLE_NS = 500_000;
/** A pass up to this long is made once more, untimed, before each sample; what a longer one finds cold is lost in it. */
const MAX_LEAD_NS = 500_000;
const MAX_RATE_WAIT_NS = 50_000_000;
const MAX_TIER_WAIT_NS = 2_000_000_000;
const MAX_GROWTH = 8;
const FLAT_WINDOW = 5;
/** The rate is flat when the medians of two neighbouring windows differ by less than this share. */
const FLAT_SHARE = 0.02;

/** What one reading of the clock costs, in nanoseconds: median of runs of back-to-back readings, once they are warm. */
export function timerCostNs(): number {
  const READINGS = 1000;
  const runs = Array.from({ length: 42 }, () => {
    const start = nowNs();
    let last = start;
    for (let i = 0; i < READINGS; i++) last = nowNs();
    return (last - start) / READINGS;
  });
  return middle(runs.slice(21));
}

/** Passes per sample such that the two clock readings stay below 1 % of it. */
export function passesPerSample(passNs: number, timerNs: number, minSampleNs = MIN_SAMPLE_NS): number {
  const sampleNs = Math.max(minSampleNs, (2 * timerNs) / MAX_TIMER_SHARE);
  return Math.max(1, Math.ceil(sampleNs / passNs));
}

/** What one sample of an arm is made of. */
export interface Batch {
  /** Timed passes. */
  readonly passes: number;
  /** Passes before them that are not timed, since the arms before have had the caches: 0 or 1. */
  readonly leadPasses: number;
}

/**
 * Runs an arm until its code is in the top tier and its rate there is flat. A rate that does not settle is waited
 * for 0.05 s, a tier that is not reached 2 s: a long pass needs long to become hot.
 * @returns a sample for the rates at the end
 */
export function warmUp(
  arm: Pick<MeasuredArm, 'time' | 'tier' | 'isSetUpEachPass'>,
  timerNs: number,
  clockNs = nowNs,
): Batch {
  const minSampleNs = arm.isSetUpEachPass ? 0 : WARM_UP_SAMPLE_NS;
  const start = clockNs();
  let tier = arm.tier();
  let tierSinceNs = 0;
  let rates: number[] = [];
  let passes = 1;
  for (let elapsedNs = 0; elapsedNs < MAX_TIER_WAIT_NS; elapsedNs = clockNs() - start) {
    const reached = arm.tier();
    // Rates of another tier say nothing about this one, however flat they were.
    if (reached !== tier) [tier, tierSinceNs, rates] = [reached, elapsedNs, []];
    const settled = elapsedNs - tierSinceNs >= MAX_RATE_WAIT_NS || isFlat(rates);
    if (settled && isTopTier(tier)) break;
    rates.push(arm.time(passes).durationNs / passes);
    // One odd pass must not shrink the sample: only the middle of the last few counts, and passes only grow.
    const wanted = passesPerSample(passNsOf(rates), timerNs, minSampleNs);
    passes = Math.max(passes, Math.min(wanted, passes * MAX_GROWTH));
  }
  const passNs = passNsOf(rates);
  if (arm.isSetUpEachPass) return { passes, leadPasses: 0 };
  return { passes: passesPerSample(passNs, timerNs), leadPasses: passNs <= MAX_LEAD_NS ? 1 : 0 };
}

/** At least 1: a clock may be too coarse for a pass. */
function passNsOf(rates: readonly number[]): number {
  return Math.max(1, middle(rates.slice(-FLAT_WINDOW)));
}

function isTopTier(tier: Tier): boolean {
  return tier === 'turbofan' || tier === 'native';
}

function isFlat(rates: readonly number[]): boolean {
  if (rates.length < 2 * FLAT_WINDOW) return false;
  const recent = middle(rates.slice(-FLAT_WINDOW));
  const before = middle(rates.slice(-2 * FLAT_WINDOW, -FLAT_WINDOW));
  return Math.abs(recent - before) < FLAT_SHARE * before;
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
