/** From timed rounds to figures with intervals. Sees durations and counts only: no device, no clock. */
import {
  type BootstrapOptions,
  bootstrapMedians,
  DEFAULT_CONFIDENCE,
  type Estimate,
  medianEstimate,
  percentileInterval,
} from './bootstrap.ts';
import { difference, FEWEST_FORKS, intervalOf, type Location, locateForks } from './fork-bootstrap.ts';
import { quantileOfSorted, sortedCopy } from './median.ts';

/** One timed batch of one arm. Rounds of two arms with equal `fork`, `block` and `round` were measured side by side. */
export interface TimedRound {
  /** The run that measured it, where rounds come from several; forks of different runs are different processes. */
  readonly run?: string | undefined;
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
  /** Processes that the ratio rests on: those that ran both arms, or, without any, those of the arm that has fewer. */
  forkCount: number;
  /** The log ratio, from which intervals of any level follow; null where one process alone measured an arm. */
  location: Location | null;
}

const timeOf = (round: TimedRound): number => round.durationNs / round.operations;
/** Equal for rounds of the same process. */
export const forkOf = ({ run, fork }: TimedRound): string => `${run ?? ''}/${fork}`;
const momentOf = (round: TimedRound): string => `${forkOf(round)}/${round.block}/${round.round}`;

/**
 * Nanoseconds per operation over `rounds`, with the interval of the level that all processes share; see
 * `fork-bootstrap.ts`. Logarithms are what is averaged over forks, since processes differ by factors. Of one fork it
 * is the median of its rounds, with an interval that knows of no other process. Throws RangeError when there is no
 * round.
 */
export function nsPerOp(rounds: readonly TimedRound[], options: BootstrapOptions): Estimate {
  return levelOfForks(byFork(rounds, timeOf), options);
}

/** The same of any positive figure: one list of values for each process. */
export function levelOfForks(forks: readonly (readonly number[])[], options: BootstrapOptions): Estimate {
  if (forks.length < FEWEST_FORKS) return medianEstimate(forks.flat(), options);
  const logarithms = forks.map((values) => values.map(Math.log));
  return estimateAt(locateForks(logarithms, options), options);
}

/**
 * Candidate time over baseline time: below 1 the candidate is faster. Paired by round where the arms were
 * interleaved, so that whatever slowed the machine in a round, or a process as a whole, slows both sides and cancels
 * out; from both levels, resampled independently, where no round has a partner.
 */
export function timeRatio(
  candidate: readonly TimedRound[],
  baseline: readonly TimedRound[],
  options: BootstrapOptions,
): Ratio {
  const pairs = pairUp(candidate, baseline);
  if (pairs.length === 0) return unpairedRatio(candidate, baseline, options);
  const forks = byFork(pairs, ({ logRatio }) => logRatio);
  const counts = { pairedRounds: pairs.length, forkCount: forks.length };
  if (forks.length < FEWEST_FORKS)
    return { ...exponential(medianEstimate(forks[0]!, options)), ...counts, location: null };
  const location = locateForks(forks, options);
  return { ...estimateAt(location, options), ...counts, location };
}

/** A round that both arms have, with the natural logarithm of candidate time over baseline time. */
interface RoundPair extends TimedRound {
  readonly logRatio: number;
}

function pairUp(candidate: readonly TimedRound[], baseline: readonly TimedRound[]): RoundPair[] {
  const baselineTimes = new Map(baseline.map((round) => [momentOf(round), timeOf(round)]));
  return candidate.flatMap((round) => {
    const baselineTime = baselineTimes.get(momentOf(round));
    return baselineTime === undefined ? [] : [{ ...round, logRatio: Math.log(timeOf(round) / baselineTime) }];
  });
}

function byFork<Round extends TimedRound>(
  rounds: readonly Round[],
  figureOf: (round: Round) => number,
): number[][] {
  return [...Map.groupBy(rounds, forkOf).values()].map((fork) => fork.map(figureOf));
}

function unpairedRatio(
  candidate: readonly TimedRound[],
  baseline: readonly TimedRound[],
  options: BootstrapOptions,
): Ratio {
  const [above, below] = [candidate, baseline].map((rounds) =>
    byFork(rounds, (round) => Math.log(timeOf(round))),
  ) as [number[][], number[][]];
  const counts = { pairedRounds: 0, forkCount: Math.min(above.length, below.length) };
  if (counts.forkCount < FEWEST_FORKS)
    return { ...ratioOfMedians(candidate, baseline, options), ...counts, location: null };
  const location = difference(locateForks(above, options), locateForks(below, options));
  return { ...estimateAt(location, options), ...counts, location };
}

function ratioOfMedians(
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

function estimateAt(location: Location, { confidence = DEFAULT_CONFIDENCE }: BootstrapOptions): Estimate {
  return exponential({ estimate: location.estimate, ...intervalOf(location, 1 - confidence) });
}

/** Logarithms keep both directions alike: swapping the arms inverts the ratio. */
function exponential({ estimate, low, high }: Estimate): Estimate {
  return { estimate: Math.exp(estimate), low: Math.exp(low), high: Math.exp(high) };
}
