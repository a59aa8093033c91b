/**
 * Student's t distribution, exact far into its tails: looks and suites of many comparisons ask for levels that
 * no number of resamples could count.
 */

/** Shares of the tail below this are taken for none: nothing in a measurement is known so well. */
const SMALLEST_TAIL = 1e-100;

/**
 * Probability that a t-distributed value exceeds `t`.
 *
 * By the regularized incomplete beta function: DLMF 8.17.22 and Abramowitz & Stegun 26.7.1.
 *
 * @param degreesOfFreedom above 0; need not be whole
 */
export function studentTail(t: number, degreesOfFreedom: number): number {
  if (!(degreesOfFreedom > 0))
    throw new RangeError(`${degreesOfFreedom} degrees of freedom: expected above 0`);
  if (t < 0) return 1 - studentTail(-t, degreesOfFreedom);
  const squared = t * t;
  if (squared === Number.POSITIVE_INFINITY) return 0;
  const x = degreesOfFreedom / (degreesOfFreedom + squared);
  // The other share of 1 is computed from its own quotient: 1 - x would lose small t.
  const y = squared / (degreesOfFreedom + squared);
  return incompleteBeta(x, y, degreesOfFreedom / 2, 0.5) / 2;
}

/** The value that a t-distributed one exceeds with probability `tail`: `studentQuantile(0.025, 9)` is 2.262. */
export function studentQuantile(tail: number, degreesOfFreedom: number): number {
  if (!(tail > 0 && tail < 1)) throw new RangeError(`tail ${tail}: expected a share between 0 and 1`);
  if (tail > 0.5) return -studentQuantile(1 - tail, degreesOfFreedom);
  const sought = Math.max(tail, SMALLEST_TAIL);
  let high = 1;
  while (studentTail(high, degreesOfFreedom) > sought) high *= 2;
  let low = high === 1 ? 0 : high / 2;
  // Halving until nothing lies between: no derivative, no tolerance, the same bits everywhere.
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (studentTail(middle, degreesOfFreedom) > sought) low = middle;
    else high = middle;
  }
}

/** I_x(a, b), with y = 1 - x, by the continued fraction on the side where it converges fast. */
function incompleteBeta(x: number, y: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  const front = Math.exp(a * Math.log(x) + b * Math.log(y) + logGamma(a + b) - logGamma(a) - logGamma(b));
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(y, b, a)) / b;
}

const FRACTION_TERMS = 10_000;

/** The continued fraction of DLMF 8.17.22, evaluated by the modified method of Lentz. */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= FRACTION_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const term of [even, odd]) {
      d = 1 / nonZero(1 + term * d);
      c = nonZero(1 + term / c);
      change = c * d;
      value *= change;
    }
    if (Math.abs(change - 1) < Number.EPSILON) break;
  }
  return value;
}

function nonZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}

/** Coefficients for g = 7: C. Lanczos, SIAM J. Numer. Anal. B 1, 1964, as computed by P. Godfrey. */
const LANCZOS_G = 7;
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** Natural logarithm of the gamma function of `z`, above 0. */
export function logGamma(z: number): number {
  if (z < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * z)) - logGamma(1 - z);
  const shifted = z - 1;
  let sum = LANCZOS[0]!;
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (shifted + i);
  const base = shifted + LANCZOS_G + 0.5;
  return Math.log(Math.sqrt(2 * Math.PI)) + (shifted + 0.5) * Math.log(base) - base + Math.log(sum);
}
