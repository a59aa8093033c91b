/** The random cycle that a pointer chase goes round. */
import type { Random } from '../random.ts';

/**
 * A cyclic permutation of 0 to `count` - 1, each as likely as any other: `next[i]` comes after i. Source: S. Sattolo,
 * "An algorithm to generate a random cyclic permutation", Information Processing Letters 22(6), 1986.
 */
export function randomCycle(count: number, random: Random): Uint32Array {
  const next = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i);
    [next[i], next[j]] = [next[j]!, next[i]!];
  }
  return next;
}

/** Writes the cycle into the range at `address`: the first word of each piece of `strideBytes` names the next one. */
export function writeCycle(i32: Int32Array, address: number, strideBytes: number, next: Uint32Array): void {
  for (const [i, to] of next.entries()) i32[(address + i * strideBytes) >>> 2] = to * strideBytes;
}

/** The piece that comes so many hops after `from`. */
export function afterHops(next: Uint32Array, from: number, hops: number): number {
  let at = from;
  for (let i = hops % next.length; i > 0; i--) at = next[at]!;
  return at;
}
