import { describe, expect, test } from 'vitest';
import { RoundOrder } from '../../src/measure/round-order.ts';
import { Random } from '../../src/random.ts';

const ARMS = ['a', 'b', 'c', 'd', 'e'];
const span = (atLeast: number, atMost: number, first = 0) => ({ first, budgetMs: 0, atLeast, atMost });

/** Arms in the order of their visits, a list for each round. */
async function visits(rounds: number, first = 0): Promise<string[][]> {
  const seen: string[][] = [];
  const count = await new RoundOrder<string>(new Random(3)).run(
    ARMS,
    span(rounds, rounds, first),
    (arm, round) => {
      seen[round - first] = [...(seen[round - first] ?? []), arm];
      return true;
    },
  );
  expect(count).toBe(rounds);
  return seen;
}

describe('rounds', () => {
  test('visit every arm once, the second of a pair in reverse, in orders that are drawn', async () => {
    const seen = await visits(20);
    for (const order of seen) expect([...order].sort()).toEqual(ARMS);
    for (let round = 0; round < 20; round += 2) expect(seen[round + 1]).toEqual(seen[round]!.toReversed());
    expect(new Set(seen.map((order) => order.join())).size).toBeGreaterThan(6);
    expect(await visits(20)).toEqual(seen);
  });

  test('are as many as are asked for at least where time is up, and never more than at most', async () => {
    const count = (atLeast: number, atMost: number) =>
      new RoundOrder<string>(new Random(1)).run(ARMS, span(atLeast, atMost), () => true);
    expect(await count(3, 9)).toBe(3);
    expect(await count(9, 4)).toBe(4);
  });

  test.each([
    ['at once', (going: boolean) => going],
    ['later', async (going: boolean) => going],
  ])('end with a visit that says so %s, and count whole ones', async (_, answer) => {
    let visited = 0;
    const count = await new RoundOrder<string>(new Random(1)).run(ARMS, span(9, 9, 4), () =>
      answer(++visited < 12),
    );
    expect([count, visited]).toEqual([2, 12]);
  });
});
