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

/**
 * Timed batches of one arm in one process, a column for each figure: files hold millions of them. Rounds of two arms
 * with equal `run`, `fork`, `block` and `round` were measured side by side.
 */
export interface TimedRounds {
  /** The run that measured it, where rounds come from several; forks of different runs are different processes. */
  readonly run?: string | undefined;
  readonly fork: number;
  readonly block: number;
  readonly round: readonly number[];
  readonly durationNs: readonly number[];
  readonly operations: readonly number[];
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

/** Nanoseconds per operation of each round. */
export function timesOf({
  durationNs,
  operations,
}: Pick<TimedRounds, 'durationNs' | 'operations'>): number[] {
  return durationNs.map((ns, i) => ns / operations[i]!);
}

/** Equal for rounds of the same process. */
export const forkOf = ({ run, fork }: Pick<TimedRounds, 'run' | 'fork'>): string => `${run ?? ''}/${fork}`;
const blockOf = (rounds: TimedRounds): string => `${forkOf(rounds)}/${rounds.block}`;

/**
 * Nanoseconds per operation over `rounds`, with the interval of the level that all processes share; see
 * `fork-bootstrap.ts`. Logarithms are what is averaged over forks, since processes differ by factors. Of one fork it
 * is the median of its rounds, with an interval that knows of no other process. Throws RangeError when there is no
 * round.
 */
export function nsPerOp(rounds: readonly TimedRounds[], options: BootstrapOptions): Estimate {
  return levelOfForks(timesByFork(rounds), options);
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
  candidate: readonly TimedRounds[],
  baseline: readonly TimedRounds[],
  options: BootstrapOptions,
): Ratio {
  const forks = pairUp(candidate, baseline);
  if (forks.length === 0) return unpairedRatio(candidate, baseline, options);
  const pairedRounds = forks.reduce((sum, { length }) => sum + length, 0);
  const counts = { pairedRounds, forkCount: forks.length };
  if (forks.length < FEWEST_FORKS)
    return { ...exponential(medianEstimate(forks[0]!, options)), ...counts, location: null };
  const location = locateForks(forks, options);
  return { ...estimateAt(location, options), ...counts, location };
}

/** Natural logarithms of candidate time over baseline time, by process, of the rounds that both arms have. */
function pairUp(candidate: readonly TimedRounds[], baseline: readonly TimedRounds[]): number[][] {
  const baselineTimes = new Map(
    [...Map.groupBy(baseline, blockOf)].map(([block, list]) => [block, timesByNumber(list)]),
  );
  const paired = candidate.flatMap((rounds) => {
    const timeOf = baselineTimes.get(blockOf(rounds));
    const logRatios = timeOf ? logRatiosOf(rounds, timeOf) : [];
    return logRatios.length === 0 ? [] : [{ fork: forkOf(rounds), logRatios }];
  });
  const forks = Map.groupBy(paired, ({ fork }) => fork);
  return [...forks.values()].map((parts) => parts.flatMap(({ logRatios }) => logRatios));
}

/** The time of the round with a number, in one block of one process. */
type TimeOf = (number: number) => number | undefined;

function timesByNumber(list: readonly TimedRounds[]): TimeOf {
  const numbers = joined(list, ({ round }) => round);
  const times = joined(list, timesOf);
  const first = numbers[0]!;
  // They nearly always count up, and then their place says which they are.
  if (numbers.every((number, i) => number === first + i)) return (number) => times[number - first];
  const byNumber = new Map(numbers.map((number, i) => [number, times[i]!]));
  return (number) => byNumber.get(number);
}

function logRatiosOf({ round, durationNs, operations }: TimedRounds, baselineTimeOf: TimeOf): number[] {
  const logRatios: number[] = [];
  for (let i = 0; i < round.length; i++) {
    const baselineTime = baselineTimeOf(round[i]!);
    if (baselineTime !== undefined) logRatios.push(Math.log(durationNs[i]! / operations[i]! / baselineTime));
  }
  return logRatios;
}

/** Nanoseconds per operation of all rounds, by process. */
export function timesByFork(list: readonly TimedRounds[]): (readonly number[])[] {
  return [...Map.groupBy(list, forkOf).values()].map((fork) => joined(fork, timesOf));
}

/** One column of all series; a single one, as nearly always, is not copied. */
function joined(
  list: readonly TimedRounds[],
  columnOf: (rounds: TimedRounds) => readonly number[],
): readonly number[] {
  return list.length === 1 ? columnOf(list[0]!) : list.flatMap(columnOf);
}

function unpairedRatio(
  candidate: readonly TimedRounds[],
  baseline: readonly TimedRounds[],
  options: BootstrapOptions,
): Ratio {
  const [above, below] = [candidate, baseline].map((rounds) =>
    timesByFork(rounds).map((fork) => fork.map(Math.log)),
  ) as [number[][], number[][]];
  const counts = { pairedRounds: 0, forkCount: Math.min(above.length, below.length) };
  if (counts.forkCount < FEWEST_FORKS)
    return { ...ratioOfMedians(candidate, baseline, options), ...counts, location: null };
  const location = difference(locateForks(above, options), locateForks(below, options));
  return { ...estimateAt(location, options), ...counts, location };
}

function ratioOfMedians(
  candidate: readonly TimedRounds[],
  baseline: readonly TimedRounds[],
  options: BootstrapOptions,
): Estimate {
  const candidateTimes = sortedCopy(candidate.flatMap(timesOf));
  const baselineTimes = sortedCopy(baseline.flatMap(timesOf));
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
