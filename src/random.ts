/**
 * The one source of chance: every schedule, access stream and bootstrap draws from here, so that a seed
 * written in a result is enough to repeat it.
 *
 * Generator: xoshiro128** 1.1, D. Blackman and S. Vigna, "Scrambled linear pseudorandom number generators",
 * ACM TOMS 47(4), 2021; https://prng.di.unimi.it/xoshiro128starstar.c (public domain). 32-bit arithmetic
 * only, which V8 keeps in integer registers; period 2^128 - 1.
 * Seeding: splitmix32, that is a Weyl sequence of 2^32 over the golden ratio, finished by the 32-bit mixer of
 * MurmurHash3 (A. Appleby, public domain). The authors of xoshiro ask for a generator of another kind there.
 */

const GOLDEN_GAMMA = 0x9e3779b9;
const TWO_32 = 2 ** 32;

/** fmix32 of MurmurHash3: a bijection of 32-bit words in which each input bit flips half of the output bits. */
function mix32(word: number): number {
  let z = word;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** Four state words from a seed of up to 53 bits: two words run through splitmix32, each into its own half of the mix. */
function seedState(seed: number): Uint32Array {
  const low = seed >>> 0;
  const high = Math.floor(seed / TWO_32);
  const state = new Uint32Array(4);
  for (let i = 0; i < 4; i++) state[i] = mix32(mix32(low + Math.imul(i + 1, GOLDEN_GAMMA)) ^ high);
  // All zeros is the one state that xoshiro never leaves.
  if (state.every((word) => word === 0)) state[0] = GOLDEN_GAMMA;
  return state;
}

/** Advances `state` (four words, not all zero) by one step of xoshiro128** and returns its 32-bit output. */
export function xoshiro128starstar(state: Uint32Array): number {
  const s1 = state[1]!;
  const output = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
  state[2]! ^= state[0]!;
  state[3]! ^= s1;
  state[1]! ^= state[2]!;
  state[0]! ^= state[3]!;
  state[2]! ^= s1 << 9;
  state[3] = rotateLeft(state[3]!, 11);
  return output;
}

function expectBound(n: number): void {
  if (Number.isInteger(n) && n >= 1 && n <= TWO_32) return;
  throw new RangeError(`below(${n}): expected an integer from 1 to 2^32`);
}

/** A seeded stream of random numbers. Equal seeds give equal streams on every machine and runtime. */
export class Random {
  readonly #seed: number;
  readonly #state: Uint32Array;

  /** @param seed an integer from 0 to 2^53 - 1 */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new RangeError(`seed ${seed}: expected an integer from 0 to 2^53 - 1`);
    }
    this.#seed = seed;
    this.#state = seedState(seed);
  }

  /** The next integer from 0 to 2^32 - 1. */
  uint32(): number {
    return xoshiro128starstar(this.#state);
  }

  /** An integer from 0 to n - 1, each equally likely. `n` is an integer from 1 to 2^32. */
  below(n: number): number {
    expectBound(n);
    if (n === 1) return 0;
    // Just enough high bits, drawn again when they exceed n: no remainder, hence no bias.
    const shift = Math.clz32(n - 1);
    let candidate = this.uint32() >>> shift;
    while (candidate >= n) candidate = this.uint32() >>> shift;
    return candidate;
  }

  /**
   * Adds to `counts` how often each of its places comes up in `draws` calls of `below(counts.length)`. In half of
   * their time, as the state stays in registers: a bootstrap draws some ten million numbers.
   */
  tally(counts: Uint32Array, draws: number): void {
    const n = counts.length;
    expectBound(n);
    if (n === 1) {
      counts[0]! += draws;
      return;
    }
    const shift = Math.clz32(n - 1);
    const state = this.#state;
    let s0 = state[0]! | 0;
    let s1 = state[1]! | 0;
    let s2 = state[2]! | 0;
    let s3 = state[3]! | 0;
    for (let left = draws; left > 0; ) {
      const product = Math.imul(s1, 5);
      const candidate = Math.imul((product << 7) | (product >>> 25), 9) >>> shift;
      const shifted = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= shifted;
      s3 = (s3 << 11) | (s3 >>> 21);
      if (candidate >= n) continue;
      counts[candidate]!++;
      left--;
    }
    state[0] = s0;
    state[1] = s1;
    state[2] = s2;
    state[3] = s3;
  }

  /** A multiple of 2^-53 from 0 up to, but not including, 1. */
  float(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** Puts `items` in random order, in place (Fisher–Yates), and returns it. */
  shuffle<Items extends { readonly length: number; [index: number]: unknown }>(items: Items): Items {
    const list: { [index: number]: unknown } = items;
    for (let last = items.length - 1; last > 0; last--) {
      const chosen = this.below(last + 1);
      const moved = list[last];
      list[last] = list[chosen];
      list[chosen] = moved;
    }
    return items;
  }

  /**
   * A stream of its own for one purpose. It depends on this stream's seed and on `label` only, never on how
   * much was drawn before: adding a workload to a suite leaves the accesses of all others as they were.
   */
  fork(label: string): Random {
    let low = mix32((this.#seed >>> 0) + GOLDEN_GAMMA + label.length);
    let high = mix32(low ^ Math.floor(this.#seed / TWO_32));
    for (let i = 0; i < label.length; i++) {
      low = mix32(low + GOLDEN_GAMMA + label.charCodeAt(i));
      high = mix32(high + low);
    }
    return new Random((high >>> 11) * TWO_32 + low);
  }
}
