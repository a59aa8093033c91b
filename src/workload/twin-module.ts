/**
 * Work such as a workload module may hold, for measurements of identical arms: arithmetic that depends on itself, and
 * a walk through memory that is in no order.
 */

/** Steps of a linear congruential generator. */
export function arithmetic(n: number): number {
  let state = 1;
  for (let i = 0; i < n; i++) state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return state;
}

/** Follows a chain through an array, each step to where the last one points. */
export function chase(n: number, next: Int32Array): number {
  let at = 0;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    at = next[at]!;
    sum = (sum + at) | 0;
  }
  return sum;
}

const CHAIN_LENGTH = 1 << 14;
/** Odd, so that the chain passes through every entry before it comes back. */
const CHAIN_STEP = 6151;

export const barometer = {
  chase: {
    setup: () => Int32Array.from({ length: CHAIN_LENGTH }, (_, i) => (i + CHAIN_STEP) % CHAIN_LENGTH),
  },
};
