/** The random cycle that a pointer chase goes round. */
import type { LinearMemory } from '../memory/linear-memory.ts';
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

/** Lines of one agent, in one random cycle, and where its chains stand on it. */
export class CycleOfLines {
  private readonly next: Uint32Array;
  private readonly strideBytes: number;
  private readonly heads: number[];

  /** @param address of the first of `count` lines, which lie `strideBytes` apart; the first word of each is written */
  constructor(
    { i32 }: LinearMemory,
    address: number,
    strideBytes: number,
    count: number,
    chainCount: number,
    random: Random,
  ) {
    this.strideBytes = strideBytes;
    this.next = randomCycle(count, random);
    writeCycle(i32, address, strideBytes, this.next);
    // At equal distances on the cycle, so that none follows another into the caches.
    this.heads = Array.from({ length: chainCount }, (_, k) =>
      afterHops(this.next, 0, Math.floor((k * count) / chainCount)),
    );
  }

  /** Bytes at which the chains stand. */
  get chains(): number[] {
    return this.heads.map((line) => line * this.strideBytes);
  }

  /** Goes on by as many hops of each chain. */
  advance(hops: number): void {
    for (const [k, head] of this.heads.entries()) this.heads[k] = afterHops(this.next, head, hops);
  }
}
