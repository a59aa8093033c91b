import { nowNs } from '../clock.ts';

/** A call into a function that V8 does not inline costs 3 to 8 ns, the loop around it less: 0.02 % of this. */
const MIN_CALL_NS = 50_000;
/** Code is compiled beside the calls; until then it is slower than it will be. */
const SETTLE_NS = 50_000_000;

/**
 * The smallest power of two n so that `call(n)` takes long enough to be timed with its call: over 50 ms, no call took
 * less than 50 µs. Another process may find another n, and answers depend on n: one process calibrates for all.
 * @param max where to stop
 * @returns null where even `max` operations are too quick
 */
export function calibrateOperations(
  call: (n: number) => unknown,
  max: number,
  clockNs = nowNs,
): number | null {
  for (let operations = 1; operations <= max; operations *= 2) {
    if (takesLongEnough(() => call(operations), clockNs)) return operations;
  }
  return null;
}

function takesLongEnough(call: () => unknown, clockNs: () => number): boolean {
  const start = clockNs();
  let last = start;
  do {
    const before = last;
    call();
    last = clockNs();
    if (last - before < MIN_CALL_NS) return false;
  } while (last - start < SETTLE_NS);
  return true;
}
