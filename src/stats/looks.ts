/**
 * Looks: the numbers of forks after which verdicts are read, fixed before a run. Going on until a verdict appears
 * would find one sooner or later; so all looks share one probability of error, and each has its part from the start.
 *
 * The parts follow the power family of spending functions, alpha * t^1.5 at the share t of all forks: K. Kim and
 * D. L. DeMets, Biometrika 74(1), 1987; K. K. G. Lan and D. L. DeMets, Biometrika 70(3), 1983. They add up to alpha
 * and each look takes no more than its part, so the union bound holds whatever the distribution and however looks
 * depend on each other. The price is small: looks at 4, 6, 9 and 12 forks take 5.9, 4.3, 3.1 and 2.8 standard
 * errors, where one look at 12 would take 2.2.
 *
 * Why 1.5: with these looks, a margin of 1 % and a noise between forks of 0.3 %, a run needs 4.9 forks on average
 * (4.5 with an exponent of 1, 5.8 with 3); at 0.8 % it decides 85 % of comparisons by the last look (79 % and
 * 91 %). Larger exponents leave nothing for early looks, where few degrees of freedom make small levels dear.
 */

const SPENDING_EXPONENT = 1.5;

/** Shares of all forks at which to look. */
const SHARES = [1 / 3, 1 / 2, 3 / 4, 1];

/**
 * Of n forks with two modes, all lie in the same mode once in 2^(n-1): below four, that is too often to look, and too
 * often to decide anything.
 */
export const FEWEST_FORKS_TO_DECIDE = 4;

/** Looks of a run of at most `mostForks` forks, ascending; the last one is `mostForks`. The first is about a third. */
export function planLooks(mostForks: number): number[] {
  expectForks(mostForks);
  const first = Math.max(FEWEST_FORKS_TO_DECIDE, Math.ceil(mostForks / 3));
  const looks = [first, ...SHARES.map((share) => Math.ceil(share * mostForks))];
  return [...new Set(looks.filter((forks) => forks >= first && forks < mostForks)), mostForks];
}

/**
 * The level at which verdicts on `forks` forks are read, out of `alpha` for all looks.
 *
 * It depends on the plan and the number of forks alone. A run that ended between two looks, for lack of time, is read
 * at the level of the look that it did not reach: that look does not take place, so its part is free. More forks than
 * the plan had, as of merged runs, are read like the last look.
 */
export function levelAt(looks: readonly number[], forks: number, alpha: number): number {
  expectLooks(looks);
  const found = looks.findIndex((look) => look >= forks);
  const index = found < 0 ? looks.length - 1 : found;
  const spent = (look: number) => alpha * (look / looks.at(-1)!) ** SPENDING_EXPONENT;
  return spent(looks[index]!) - (index > 0 ? spent(looks[index - 1]!) : 0);
}

function expectForks(count: number): void {
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`${count} forks: expected a whole number of at least 1`);
}

function expectLooks(looks: readonly number[]): void {
  const ascending = looks.every((forks, i) => Number.isInteger(forks) && forks > (looks[i - 1] ?? 0));
  if (looks.length === 0 || !ascending)
    throw new RangeError(`looks [${looks.join(', ')}]: expected ascending numbers of forks, at least one`);
}
