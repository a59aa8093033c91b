/** From timed rounds to figures with intervals. Sees durations and counts only: no device, no clock. */
import {
  type BootstrapOptions,
  bootstrapMedians,
  type Estimate,
  medianEstimate,
  percentileInterval,
} from './bootstrap.ts';
import { quantileOfSorted, sortedCopy } from './median.ts';

/** One timed batch of one arm. Rounds of two arms with equal `fork`, `block` and `round` were measured side by side. */
export interface TimedRound {
  readonly fork: number;
  readonly block: number;
  readonly round: number;
  readonly durationNs: number;
  readonly operations: number;
}

/** The time of one arm over that of another. */
export interface Ratio extends Estimate {
  /** Rounds that were compared one to one; 0 where the arms were not interleaved. */
  pairedRounds: number;
}

const timeOf = (round: TimedRound): number => round.durationNs / round.operations;

/** Median nanoseconds per operation over `rounds`, with its interval. Throws RangeError when there is no round. */
export function nsPerOp(rounds: readonly TimedRound[], options: BootstrapOptions): Estimate {
  return medianEstimate(rounds.map(timeOf), options);
}

/**
 * Candidate time over baseline time: below 1 the candidate is faster. Paired by round where the arms were
 * interleaved, so that whatever slowed the machine in a round slows both sides and cancels out; from the two
 * medians, resampled independently, where no round has a partner.
 */
export function timeRatio(
  candidate: readonly TimedRound[],
  baseline: readonly TimedRound[],
  options: BootstrapOptions,
): Ratio {
  const logRatios = pairedLogRatios(candidate, baseline);
  return logRatios.length > 0
    ? { ...exponential(medianEstimate(logRatios, options)), pairedRounds: logRatios.length }
    : { ...independentRatio(candidate, baseline, options), pairedRounds: 0 };
}

/** Natural logarithm of candidate time over baseline time, for each round that both arms have. */
function pairedLogRatios(candidate: readonly TimedRound[], baseline: readonly TimedRound[]): number[] {
  const baselineTimes = new Map(baseline.map((round) => [momentOf(round), timeOf(round)]));
  return candidate.flatMap((round) => {
    const baselineTime = baselineTimes.get(momentOf(round));
    return baselineTime === undefined ? [] : [Math.log(timeOf(round) / baselineTime)];
  });
}

const momentOf = ({ fork, block, round }: TimedRound): string => `${fork}/${block}/${round}`;

/** Logarithms keep both directions alike: swapping the arms inverts the ratio exactly. */
function exponential({ estimate, low, high }: Estimate): Estimate {
  return { estimate: Math.exp(estimate), low: Math.exp(low), high: Math.exp(high) };
}

function independentRatio(
  candidate: readonly TimedRound[],
  baseline: readonly TimedRound[],
  options: BootstrapOptions,
): Estimate {
  const candidateTimes = sortedCopy(candidate.map(timeOf));
  const baselineTimes = sortedCopy(baseline.map(timeOf));
  const estimate = quantileOfSorted(candidateTimes, 0.5) / quantileOfSorted(baselineTimes, 0.5);
  const baselineMedians = bootstrapMedians(baselineTimes, options);
  const ratios = bootstrapMedians(candidateTimes, options).map((time, b) => time / baselineMedians[b]!);
  return { estimate, ...percentileInterval(ratios, options.confidence) };
}
