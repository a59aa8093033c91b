/**
 * The hierarchical bootstrap: forks are drawn with replacement, then the rounds inside each.
 *
 * What is estimated is the level that fresh processes have in common: each fork gives the median of its rounds and
 * counts once, however many rounds it has; of the forks the 20 % trimmed mean is taken, which is the plain mean of
 * fewer than five. The bootstrap says how far this estimate spreads, and Student's t with forks - 1 degrees of freedom
 * what multiple of the spread an interval takes: the spread of a few forks is itself a guess, and an interval of
 * level 0.0001 asks for more than can be counted in resamples.
 *
 * Two corrections keep the spread honest. Forks are moved apart by sqrt(n / (n - 1)), because n values lie nearer to
 * their own mean than to the true one: T. C. Hesterberg, "What Teachers Should Know About the Bootstrap", The American
 * Statistician 69(4), 2015. And together by the noise of their own medians, which drawing rounds puts back and which
 * would count twice otherwise: A. C. Davison and D. V. Hinkley, "Bootstrap Methods and their Application", 1997,
 * section 3.8.
 *
 * Of many forks nothing is drawn: there the bootstrap only finds, at length, what a formula gives, the winsorized
 * spread of the medians over the root of their number; J. W. Tukey and D. H. McLaughlin, Sankhya A 25(3), 1963.
 *
 * Alternatives were tried by simulation; DESIGN.md, section 8, has the table, and `test/stats/coverage.test.ts`
 * holds the coverage of what is here.
 */
import { type BootstrapOptions, bootstrapMedians, DEFAULT_RESAMPLES } from './bootstrap.ts';
import { quantileOfSorted, sortedCopy } from './median.ts';
import { studentQuantile, studentTail } from './student-t.ts';

/** Where forks agree to lie, and how sure that is. On the scale of the values that went in: logarithms, mostly. */
export interface Location {
  readonly estimate: number;
  /** Standard error of `estimate`. */
  readonly spread: number;
  /** Of the t distribution that `spread` is to be read with. */
  readonly degreesOfFreedom: number;
}

/** Fewest forks that say anything about how forks differ. */
export const FEWEST_FORKS = 2;

/** Medians that stand for one fork. They only carry the noise inside it, which is averaged over forks. */
const MEDIANS_PER_FORK = 50;

/** From here on the formula takes over. Merged files have hundreds of forks, and drawing takes the square of them. */
const MANY_FORKS = 24;

/** Share that the trimmed mean leaves out at either end. */
const TRIMMED = 1 / 5;

/**
 * @param forks the values of each fork, at least two forks with at least one value each
 * @throws RangeError for fewer forks, an empty one, or a value that is not finite
 */
export function locateForks(
  forks: readonly ArrayLike<number>[],
  { random, resamples = DEFAULT_RESAMPLES }: Pick<BootstrapOptions, 'random' | 'resamples'>,
): Location {
  const count = forks.length;
  if (count < FEWEST_FORKS)
    throw new RangeError(
      `${count} forks: expected at least ${FEWEST_FORKS}; one process cannot tell how others differ`,
    );
  // By their medians, so that the numbers of forks, or the order of merged runs, move no bit of the result.
  const ordered = forks
    .map(sortedCopy)
    .map((sorted) => ({ sorted, median: quantileOfSorted(sorted, 0.5) }))
    .sort((a, b) => a.median - b.median);
  const medians = ordered.map(({ median }) => median);
  const estimate = trimmedMean(medians);
  if (count >= MANY_FORKS) return { estimate, ...winsorizedSpread(medians) };
  const resampled = ordered.map(({ sorted }) =>
    bootstrapMedians(sorted, { random, resamples: MEDIANS_PER_FORK }),
  );
  const stretch = stretchOf(medians, resampled);
  const population = new Float64Array(count * MEDIANS_PER_FORK);
  resampled.forEach((fork, i) => {
    const shift = (stretch - 1) * (medians[i]! - estimate);
    for (let j = 0; j < MEDIANS_PER_FORK; j++) population[i * MEDIANS_PER_FORK + j] = fork[j]! + shift;
  });
  // Drawing one of all is drawing a fork and then its rounds: every fork has as many medians here.
  const drawn = new Float64Array(count);
  const estimates = new Float64Array(resamples);
  for (let b = 0; b < resamples; b++) {
    for (let i = 0; i < count; i++) insert(drawn, i, population[random.below(population.length)]!);
    estimates[b] = trimmedMean(drawn);
  }
  return { estimate, spread: Math.sqrt(variance(estimates)), degreesOfFreedom: count - 1 };
}

/** Standard error of the trimmed mean of `sorted`, and the degrees of freedom to read it with. */
function winsorizedSpread(sorted: readonly number[]): Omit<Location, 'estimate'> {
  const { length } = sorted;
  const trimmed = trimmedAt(length);
  const [lowest, highest] = [sorted[trimmed]!, sorted[length - 1 - trimmed]!];
  const winsorized = sorted.map((value) => Math.min(Math.max(value, lowest), highest));
  const kept = length - 2 * trimmed;
  return {
    spread: (Math.sqrt(variance(winsorized)) * Math.sqrt(length)) / kept,
    degreesOfFreedom: kept - 1,
  };
}

/** By how much to move the medians of forks away from their middle: see the corrections above. */
function stretchOf(medians: readonly number[], resampled: readonly Float64Array[]): number {
  const between = variance(medians);
  if (between === 0) return 0;
  const within = resampled.reduce((sum, fork) => sum + variance(fork), 0) / resampled.length;
  const { length } = medians;
  return Math.sqrt((length / (length - 1)) * Math.max(0, 1 - within / between));
}

/** `first` less `second`, of forks that have nothing to do with each other; B. L. Welch, Biometrika 34, 1947. */
export function difference(first: Location, second: Location): Location {
  const [a, b] = [first.spread ** 2, second.spread ** 2];
  const spread = Math.sqrt(a + b);
  const sum = a ** 2 / first.degreesOfFreedom + b ** 2 / second.degreesOfFreedom;
  const fewest = Math.min(first.degreesOfFreedom, second.degreesOfFreedom);
  return {
    estimate: first.estimate - second.estimate,
    spread,
    degreesOfFreedom: sum > 0 ? (a + b) ** 2 / sum : fewest,
  };
}

/** The interval that misses the true value with probability `level`, half of it on either side. */
export function intervalOf(
  { estimate, spread, degreesOfFreedom }: Location,
  level: number,
): { low: number; high: number } {
  const reach = spread === 0 ? 0 : studentQuantile(level / 2, degreesOfFreedom) * spread;
  return { low: estimate - reach, high: estimate + reach };
}

/**
 * The smallest level at which `intervalOf` lies beyond -bound to bound, on whichever side; 1 where the estimate
 * itself does not. It is twice the probability of values up to the near bound, and so never below the
 * probability that the value is within both: that one alone would be small also where nothing at all is known.
 */
export function levelBeyond({ estimate, spread, degreesOfFreedom }: Location, bound: number): number {
  const excess = Math.abs(estimate) - bound;
  if (excess <= 0) return 1;
  return spread === 0 ? 0 : 2 * studentTail(excess / spread, degreesOfFreedom);
}

/** Puts `value` among the first `count` values of `sorted`, which are in order. */
function insert(sorted: Float64Array, count: number, value: number): void {
  let place = count;
  while (place > 0 && sorted[place - 1]! > value) {
    sorted[place] = sorted[place - 1]!;
    place--;
  }
  sorted[place] = value;
}

function trimmedAt(length: number): number {
  return Math.floor(length * TRIMMED);
}

/** The mean without the fifth of the values at either end. Equal values come out as they are. */
function trimmedMean(sorted: ArrayLike<number>): number {
  const trimmed = trimmedAt(sorted.length);
  const lowest = sorted[trimmed]!;
  let sum = 0;
  for (let i = trimmed; i < sorted.length - trimmed; i++) sum += sorted[i]! - lowest;
  return lowest + sum / (sorted.length - 2 * trimmed);
}

/** Sample variance: squares about the mean over the number of values less one. */
function variance(values: ArrayLike<number>): number {
  const first = values[0]!;
  let sum = 0;
  let squares = 0;
  for (let i = 1; i < values.length; i++) {
    const distance = values[i]! - first;
    sum += distance;
    squares += distance * distance;
  }
  return Math.max(0, squares - (sum * sum) / values.length) / (values.length - 1);
}
