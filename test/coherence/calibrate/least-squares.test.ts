import { describe, expect, test } from 'vitest';
import { type LeastSquares, minimise } from '../../../src/coherence/calibrate/least-squares.ts';

const WIDE = { low: -10, high: 10 };

function problem(
  residuals: (x: readonly number[]) => readonly number[],
  bounds = [WIDE, WIDE],
): LeastSquares {
  return { residuals: async (x) => residuals(x), bounds, probe: () => 1e-6, maxSteps: 200, leastGain: 1e-20 };
}

describe('least squares', () => {
  // H. H. Rosenbrock, "An automatic method for finding the greatest or least value of a function", 1960: (1, 1).
  test('goes along the valley of Rosenbrock', async () => {
    const { x, cost } = await minimise(
      problem(([a, b]) => [10 * (b! - a! * a!), 1 - a!]),
      [-1.2, 1],
    );
    expect(x[0]).toBeCloseTo(1, 5);
    expect(x[1]).toBeCloseTo(1, 5);
    expect(cost).toBeLessThan(1e-12);
  });

  test('stays between bounds', async () => {
    const { x } = await minimise(
      problem(
        ([a, b]) => [a! - 5, b! + 5],
        [
          { low: 0, high: 2 },
          { low: 1, high: 1 },
        ],
      ),
      [1, 1],
    );
    expect(x).toEqual([2, 1]);
  });

  test('leaves a variable that nothing hangs on where it is', async () => {
    const { x } = await minimise(
      problem(([a]) => [a! - 3]),
      [0, 0.25],
    );
    expect(x[0]).toBeCloseTo(3, 6);
    expect(x[1]).toBe(0.25);
  });

  test('asks a solved problem once', async () => {
    let asked = 0;
    const solved = problem(([a]) => {
      asked++;
      return [a!];
    });
    expect(await minimise(solved, [0, 0])).toEqual({ x: [0, 0], cost: 0 });
    expect(asked).toBe(1);
  });

  test('finds what two variables add up to, although neither alone', async () => {
    const { x } = await minimise(
      problem(([a, b]) => [a! + b! - 3]),
      [0, 0],
    );
    expect(x[0]! + x[1]!).toBeCloseTo(3, 6);
  });
});
