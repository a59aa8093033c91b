/**
 * Least squares of a function of few variables between bounds, by Levenberg and Marquardt's method: D. W. Marquardt, "An
 * algorithm for least-squares estimation of nonlinear parameters", Journal of the SIAM 11(2), 1963. Each evaluation
 * runs a model, so the method is one that needs few: about one a variable and step. Steps beyond a bound are cut there.
 */
import { solveLinear } from './linear-system.ts';

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

export interface LeastSquares {
  /** As many residuals as the problem has, each finite. */
  readonly residuals: (x: readonly number[]) => Promise<readonly number[]>;
  readonly bounds: readonly Bounds[];
  /** How far a variable is moved from a value to see the slope: far enough that the model's rounding does not show. */
  readonly probe: (value: number) => number;
  readonly maxSteps: number;
  /** Steps are over when the cost falls by less, or is no more than that. */
  readonly leastGain: number;
}

export interface Minimum {
  readonly x: readonly number[];
  /** Sum of the squares of the residuals. */
  readonly cost: number;
}

const FIRST_DAMPING = 1e-2;
const LEAST_DAMPING = 1e-9;
/** Damped this much, steps lead nowhere any more. */
const MOST_DAMPING = 1e9;

interface Point extends Minimum {
  readonly residuals: readonly number[];
}

/** A minimum near `start`, which lies between the bounds. The same problem and start give the same one. */
export async function minimise(problem: LeastSquares, start: readonly number[]): Promise<Minimum> {
  let point = await pointAt(problem, start);
  let damping = FIRST_DAMPING;
  for (let step = 0; step < problem.maxSteps && point.cost > problem.leastGain; step++) {
    const jacobian = await slopes(problem, point);
    const before = point.cost;
    for (; damping <= MOST_DAMPING; damping *= 10) {
      const next = await dampedStep(problem, { point, jacobian, damping });
      if (next !== null && next.cost < point.cost) {
        point = next;
        damping = Math.max(damping / 10, LEAST_DAMPING);
        break;
      }
    }
    if (before - point.cost < problem.leastGain) break;
  }
  return { x: point.x, cost: point.cost };
}

async function pointAt({ residuals }: LeastSquares, x: readonly number[]): Promise<Point> {
  const list = await residuals(x);
  return { x, residuals: list, cost: sumOfSquares(list) };
}

/** By variable, the slope of each residual, seen towards the farther bound; 0 where there is no room to see one. */
async function slopes(
  { residuals, bounds, probe }: LeastSquares,
  { x, residuals: here }: Point,
): Promise<number[][]> {
  const list: number[][] = [];
  for (const [i, value] of x.entries()) {
    const { low, high } = bounds[i]!;
    const room = high - value >= value - low ? high - value : low - value;
    const move = Math.sign(room) * Math.min(probe(value), Math.abs(room));
    const there = move === 0 ? here : await residuals(x.with(i, value + move));
    list.push(there.map((one, j) => (move === 0 ? 0 : (one - here[j]!) / move)));
  }
  return list;
}

async function dampedStep(
  problem: LeastSquares,
  { point, jacobian, damping }: { point: Point; jacobian: readonly number[][]; damping: number },
): Promise<Point | null> {
  const products = jacobian.map((a) => jacobian.map((b) => dot(a, b)));
  // A variable that nothing hangs on stays where it is.
  const matrix = products.map((row, i) => row.map((one, j) => (i === j ? one * (1 + damping) || 1 : one)));
  const move = solveLinear(
    matrix,
    jacobian.map((slope) => -dot(slope, point.residuals)),
  );
  if (move === null) return null;
  const x = point.x.map((value, i) => clamp(value + move[i]!, problem.bounds[i]!));
  return pointAt(problem, x);
}

export function sumOfSquares(residuals: readonly number[]): number {
  return dot(residuals, residuals);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function clamp(value: number, { low, high }: Bounds): number {
  return Math.min(Math.max(value, low), high);
}
