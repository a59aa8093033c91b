import fc from 'fast-check';
import { expect, test } from 'vitest';
import { solveLinear } from '../../../src/coherence/calibrate/linear-system.ts';

test('solves by hand', () => {
  // 2x + y = 5, x + 3y = 10
  const x = solveLinear(
    [
      [2, 1],
      [1, 3],
    ],
    [5, 10],
  )!;
  expect(x[0]).toBeCloseTo(1, 12);
  expect(x[1]).toBeCloseTo(3, 12);
});

test('exchanges rows where a pivot is zero', () => {
  expect(
    solveLinear(
      [
        [0, 1],
        [1, 0],
      ],
      [2, 3],
    ),
  ).toEqual([3, 2]);
});

test('says of a singular matrix that it is one, and leaves its input', () => {
  const matrix = [
    [1, 2],
    [2, 4],
  ];
  expect(solveLinear(matrix, [1, 2])).toBeNull();
  expect(matrix).toEqual([
    [1, 2],
    [2, 4],
  ]);
  expect(solveLinear([], [])).toEqual([]);
});

test('finds what was multiplied', () => {
  const size = 5;
  const number = fc.integer({ min: -20, max: 20 });
  const row = fc.array(number, { minLength: size, maxLength: size });
  const system = fc.tuple(fc.array(row, { minLength: size, maxLength: size }), row);
  fc.assert(
    fc.property(system, ([matrix, x]) => {
      // Heavy on the diagonal, so that it is not singular.
      const heavy = matrix.map((line, i) => line.map((value, j) => (i === j ? value + 200 : value)));
      const right = heavy.map((line) => line.reduce((sum, value, j) => sum + value * x[j]!, 0));
      solveLinear(heavy, right)!.forEach((value, i) => {
        expect(value).toBeCloseTo(x[i]!, 8);
      });
    }),
    { seed: 1 },
  );
});
