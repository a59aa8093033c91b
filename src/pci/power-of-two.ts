/** Smallest power of two that is at least `n`, as every BAR's size is; `n` at least 1. */
export function nextPowerOfTwo(n: bigint): bigint {
  return n === 1n ? 1n : 1n << BigInt((n - 1n).toString(2).length);
}
