import { expect, test } from 'vitest';
import { calibrateOperations } from '../../src/measure/calibrate-operations.ts';

/** A function whose operations take `operationNs` each, on a clock of its own. */
function fakeFunction(operationNs: (callsBefore: number) => number) {
  let now = 1e9;
  let calls = 0;
  return {
    call: (n: number) => {
      now += n * operationNs(calls++);
    },
    clockNs: () => now,
    calls: () => calls,
  };
}

test.each([
  [1, 65536],
  [50, 1024],
  [50_000, 1],
  [5e9, 1],
])('operations of %d ns: the smallest power of two that takes 50 µs is %d', (operationNs, expected) => {
  const { call, clockNs } = fakeFunction(() => operationNs);
  expect(calibrateOperations(call, 2 ** 30, clockNs)).toBe(expected);
});

test('a call that takes long is made once', () => {
  const { call, clockNs, calls } = fakeFunction(() => 5e9);
  calibrateOperations(call, 2 ** 30, clockNs);
  expect(calls()).toBe(1);
});

test('a function that becomes faster while it is calibrated gets more operations', () => {
  const { call, clockNs } = fakeFunction((callsBefore) => (callsBefore < 300 ? 100 : 10));
  expect(calibrateOperations(call, 2 ** 30, clockNs)).toBe(8192);
});

test('a function that is done at once whatever n is has no number of operations', () => {
  let now = 0;
  expect(
    calibrateOperations(
      () => 0,
      2 ** 30,
      () => (now += 100),
    ),
  ).toBeNull();
});
