import fc from 'fast-check';
import { expect, test } from 'vitest';
import { afterHops, randomCycle, writeCycle } from '../../src/agent/cycle.ts';
import { Random } from '../../src/random.ts';

test('a random cycle comes by every piece before it is where it began', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 500 }), fc.nat(), (count, seed) => {
      const next = randomCycle(count, new Random(seed));
      const visited = new Set<number>();
      for (let at = 0, i = 0; i < count; i++, at = next[at]!) visited.add(at);
      expect(visited.size).toBe(count);
      expect(afterHops(next, 0, count)).toBe(0);
    }),
    { seed: 1 },
  );
});

test('each cycle of four is drawn equally often', () => {
  const random = new Random(1);
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const cycle = randomCycle(4, random).join();
    counts.set(cycle, (counts.get(cycle) ?? 0) + 1);
  }
  // Six cycles, 1,000 each; five standard deviations are 145.
  expect([...counts.values()].toSorted((a, b) => a - b)).toHaveLength(6);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(145);
});

test('is written so that a piece names the next one', () => {
  const i32 = new Int32Array(64);
  writeCycle(i32, 64, 32, Uint32Array.of(1, 2, 0));
  expect([i32[16], i32[24], i32[32]]).toEqual([32, 64, 0]);
});

test('hops go on from any piece', () => {
  const next = Uint32Array.of(1, 2, 0);
  expect([0, 1, 2, 3, 4].map((hops) => afterHops(next, 1, hops))).toEqual([1, 2, 0, 1, 2]);
});
