import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random, xoshiro128starstar } from '../src/random.ts';

const take = (count: number, draw: () => number) => Array.from({ length: count }, draw);

/** Pearson's statistic of observed counts against a uniform distribution. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe('xoshiro128**', () => {
  test('gives the reference sequence of the authors’ C code from state 1, 2, 3, 4', () => {
    const state = Uint32Array.of(1, 2, 3, 4);
    expect(take(10, () => xoshiro128starstar(state))).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });
});

describe('a seeded stream', () => {
  test('repeats from its seed, for ever the same', () => {
    const random = new Random(1);
    expect(take(4, () => random.uint32())).toEqual([3744230918, 4085411741, 3160389862, 586529176]);
    expect(take(4, () => random.below(1000))).toEqual([114, 594, 957, 580]);
    expect(take(2, () => random.float())).toEqual([0.7540497905686884, 0.02517536992628089]);
    expect(random.shuffle([0, 1, 2, 3, 4, 5, 6, 7])).toEqual([2, 3, 4, 5, 7, 0, 6, 1]);
    expect(random.fork('config-read').uint32()).toEqual(2225485937);
  });

  test('differs for seeds that differ in any part of their 53 bits', () => {
    const seeds = [0, 1, 2, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 52, Number.MAX_SAFE_INTEGER];
    expect(new Set(seeds.map((seed) => new Random(seed).uint32())).size).toBe(seeds.length);
  });

  test.each([-1, 1.5, 2 ** 53, Number.NaN])('refuses the seed %s', (seed) => {
    expect(() => new Random(seed)).toThrow(RangeError);
  });
});

describe('a tally', () => {
  test('counts what below draws, and leaves the stream where it leaves it', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 70 }), fc.nat(100), (seed, n, draws) => {
        const [one, other] = [new Random(seed), new Random(seed)];
        const counts = new Uint32Array(n);
        one.tally(counts, draws);
        const drawn = take(draws, () => other.below(n));
        expect([...counts]).toEqual(
          Array.from(counts, (_, i) => drawn.filter((place) => place === i).length),
        );
        expect(one.uint32()).toBe(other.uint32());
      }),
      { seed: 1 },
    );
  });

  test('of nothing is refused', () => {
    expect(() => new Random(1).tally(new Uint32Array(0), 1)).toThrow(RangeError);
  });
});

describe('below', () => {
  // Upper 0.1 % points of chi-square with n - 1 degrees of freedom.
  test.each([
    [2, 10.83],
    [3, 13.82],
    [5, 18.47],
    [6, 20.52],
    [7, 22.46],
    [10, 27.88],
  ])('of %i favours no value', (n, limit) => {
    const random = new Random(20_261_122).fork(`below ${n}`);
    const counts = new Array<number>(n).fill(0);
    for (let i = 0; i < 60_000; i++) counts[random.below(n)]!++;
    expect(chiSquare(counts)).toBeLessThan(limit);
  });

  test('stays in range for every n, the whole 32 bits included', () => {
    const random = new Random(7);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 32 }), (n) => {
        const drawn = random.below(n);
        return Number.isInteger(drawn) && drawn >= 0 && drawn < n;
      }),
      { seed: 1 },
    );
    expect(random.below(1)).toBe(0);
    expect(take(20, () => random.below(2 ** 32)).some((drawn) => drawn > 2 ** 31)).toBe(true);
  });

  test.each([0, -1, 1.5, 2 ** 32 + 1, Number.NaN])('refuses %s', (n) => {
    expect(() => new Random(1).below(n)).toThrow(RangeError);
  });
});

test('float is uniform from 0 up to 1', () => {
  const random = new Random(3);
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 20_000; i++) counts[Math.floor(random.float() * 10)]!++;
  expect(counts).toHaveLength(10);
  expect(chiSquare(counts)).toBeLessThan(27.88);
});

test('shuffle gives each order of three equally often, and works on typed arrays', () => {
  const random = new Random(11);
  const counts = new Map<string, number>();
  for (let i = 0; i < 12_000; i++) {
    const order = random.shuffle(Uint8Array.of(0, 1, 2)).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  expect(chiSquare([...counts.values()])).toBeLessThan(20.52);
});

describe('fork', () => {
  test('depends on seed and label, not on what was drawn before', () => {
    const fresh = new Random(1);
    const used = new Random(1);
    take(100, () => used.uint32());
    expect(used.fork('a').uint32()).toBe(fresh.fork('a').uint32());
  });

  test('draws nothing from its parent', () => {
    const forked = new Random(1);
    forked.fork('a').uint32();
    expect(forked.uint32()).toBe(new Random(1).uint32());
  });

  test('gives unlike labels, seeds and depths streams of their own', () => {
    const first = [1, 2, 2 ** 32 + 1].flatMap((seed) => {
      const random = new Random(seed);
      const labels = ['', 'a', 'b', 'aa', 'ab', 'ba', '\0'];
      return [random, ...labels.map((label) => random.fork(label)), random.fork('a').fork('b')];
    });
    expect(new Set(first.map((random) => random.uint32())).size).toBe(first.length);
  });

  test('is uncorrelated with its parent and its siblings', () => {
    const parent = new Random(5);
    const streams = [parent.fork('a'), parent.fork('b'), parent];
    const columns = streams.map((random) => take(10_000, () => random.float() - 0.5));
    for (const [i, j] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      const correlation =
        columns[i]!.reduce((sum, x, row) => sum + x * columns[j]![row]!, 0) / 10_000 / (1 / 12);
      expect(Math.abs(correlation)).toBeLessThan(0.035);
    }
  });
});
