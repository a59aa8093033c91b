import { describe, expect, test } from 'vitest';
import type { MeasuredArm } from '../../src/measure/arm.ts';
import { type Between, Rounds, type TimedSample } from '../../src/measure/rounds.ts';
import { Random } from '../../src/random.ts';
import { type FakeArm, fakeArm } from './fake-arm.ts';

const names = ['a', 'b', 'c', 'd', 'e'];
/** Long passes: the warm-up of each takes a few samples of one pass. */
const arms = () => names.map((name, i) => fakeArm(name, () => 1_000_000 * (i + 1)));

interface Options {
  readonly random: Random;
  readonly budgetMs: number;
  readonly minRounds: number;
  readonly maxRounds: number;
  readonly between: Between;
}

function options(changes: Partial<Options> = {}): Options {
  return {
    random: new Random(1),
    budgetMs: 0,
    minRounds: 12,
    maxRounds: 50,
    between: () => false,
    ...changes,
  };
}

/** Warm-up and one span of rounds. */
async function measureRounds(
  list: readonly MeasuredArm[],
  { random, budgetMs, minRounds, maxRounds, between }: Options,
): Promise<readonly TimedSample[]> {
  const rounds = new Rounds(list, random, between);
  if (await rounds.warmUp(60)) {
    await rounds.run({ first: 0, budgetMs, atLeast: minRounds, atMost: maxRounds });
  }
  return rounds.samples;
}

/** Names of the arms of each round, in the order of time. */
function orders(samples: readonly TimedSample[]): string[] {
  const byRound = Map.groupBy(samples, ({ round }) => round);
  return [...byRound.values()].map((round) => round.map(({ arm }) => arm.workload.name).join(''));
}

describe('rounds', () => {
  test('visits each arm once a round, in ever new order', async () => {
    const seen = orders(await measureRounds(arms(), options()));
    expect(seen).toHaveLength(12);
    for (const order of seen) expect([...order].sort()).toEqual(names);
    expect(new Set(seen).size).toBeGreaterThan(6);
  });

  test('come in pairs: the second is the reverse of the first', async () => {
    const seen = orders(await measureRounds(arms(), options()));
    for (let round = 0; round < seen.length; round += 2) {
      expect(seen[round + 1]).toBe([...seen[round]!].reverse().join(''));
    }
  });

  test('go on where others ended: numbered, and in pairs still', async () => {
    const rounds = new Rounds(arms(), new Random(1), () => false);
    await rounds.warmUp(60);
    for (let first = 0; first < 12; first++) {
      expect(await rounds.run({ first, budgetMs: 0, atLeast: 1, atMost: 1 })).toBe(1);
    }
    expect(orders(rounds.samples)).toEqual(orders(await measureRounds(arms(), options())));
  });

  test('equal seeds give equal orders, others give others', async () => {
    const run = async (seed: number) =>
      orders(await measureRounds(arms(), options({ random: new Random(seed) })));
    expect(await run(1)).toEqual(await run(1));
    expect(await run(2)).not.toEqual(await run(1));
  });

  test('rounds are numbered from 0 on, in the order of time', async () => {
    const rounds = (await measureRounds(arms(), options({ minRounds: 3 }))).map(({ round }) => round);
    expect(rounds).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
  });

  test('a sample is one call of the arm, and keeps what it said', async () => {
    const list = arms();
    const warmUps = new Map<FakeArm, number>();
    const samples = await measureRounds(
      list,
      options({
        between: (arm, phase) => {
          const fake = arm as FakeArm;
          if (phase === 'rounds' && !warmUps.has(fake)) warmUps.set(fake, fake.calls.length);
          return false;
        },
      }),
    );
    for (const [i, arm] of list.entries()) {
      const own = samples.filter((sample) => sample.arm === arm);
      const timed = arm.calls.slice(warmUps.get(arm));
      expect(timed).toHaveLength(own.length);
      for (const [n, { durationNs, operations, tier, checksum }] of own.entries()) {
        expect({ durationNs, operations, tier, checksum }).toEqual({
          durationNs: timed[n]! * 1_000_000 * (i + 1),
          operations: timed[n]! * 100,
          tier: 'turbofan',
          checksum: 7,
        });
      }
    }
  });

  test('lead in all arms of a workload or none: half a microsecond must not decide who finds its data hot', async () => {
    const list = [fakeArm('w', () => 499_000), fakeArm('w', () => 501_000), fakeArm('v', () => 501_000)];
    const rounds = new Rounds(list, new Random(1), () => false);
    await rounds.warmUp(60);
    const before = list.map(({ calls }) => calls.length);
    await rounds.run({ first: 0, budgetMs: 0, atLeast: 1, atMost: 1 });
    expect(list.map(({ calls }, i) => calls.length - before[i]!)).toEqual([2, 2, 1]);
    expect(rounds.samples).toHaveLength(3);
  });

  test('lead in by what is compared, whatever noop and layers beside it take', async () => {
    const list = [
      fakeArm('w', () => 600_000),
      { ...fakeArm('w', () => 1000), implementation: 'noop' },
      { ...fakeArm('w', () => 400_000), layer: 'unchecked' as const },
    ];
    const rounds = new Rounds(list, new Random(1), () => false);
    await rounds.warmUp(60);
    const before = list.map(({ calls }) => calls.length);
    await rounds.run({ first: 0, budgetMs: 0, atLeast: 1, atMost: 1 });
    expect(list.map(({ calls }, i) => calls.length - before[i]!)).toEqual([1, 1, 1]);
  });

  test('ends at the fewest rounds where the budget is spent, at the most where it is not', async () => {
    const count = async (changes: Partial<Options>) =>
      orders(await measureRounds(arms(), options(changes))).length;
    expect(await count({ budgetMs: 0, minRounds: 4 })).toBe(4);
    expect(await count({ budgetMs: 3_600_000, minRounds: 4, maxRounds: 9 })).toBe(9);
  });

  test('stops where it is told to, and keeps what it has', async () => {
    let asked = 0;
    const samples = await measureRounds(
      arms(),
      options({ between: (_, phase) => phase === 'rounds' && ++asked > 7 }),
    );
    expect(samples.map(({ round }) => round)).toEqual([0, 0, 0, 0, 0, 1, 1]);
  });

  test('stopped during the warm-up it has nothing', async () => {
    const list = arms();
    const samples = await measureRounds(list, options({ between: (arm) => arm.workload.name === 'c' }));
    expect(samples).toEqual([]);
    expect(list.map(({ calls }) => calls.length > 0)).toEqual([true, true, false, false, false]);
  });

  test('asks whether to stop before each sample, and lets other work in between rounds', async () => {
    let turns = 0;
    let running = true;
    const turn = () => {
      turns++;
      if (running) setImmediate(turn);
    };
    setImmediate(turn);
    let asked = 0;
    const samples = await measureRounds(
      arms(),
      options({
        between: (_, phase) => {
          if (phase === 'rounds') asked++;
          return false;
        },
      }),
    );
    running = false;
    expect(asked).toBe(samples.length);
    expect(turns).toBeGreaterThanOrEqual(12);
  });

  test('an arm that fails fails the rounds', async () => {
    const broken = { ...fakeArm('a', () => 1_000_000) };
    let calls = 0;
    const time = (passes: number) => {
      if (++calls > 20) throw new Error('out of frames');
      return { durationNs: passes * 1_000_000, checksum: 0 };
    };
    await expect(measureRounds([{ ...broken, time }], options({ minRounds: 30 }))).rejects.toThrow(
      'out of frames',
    );
  });

  test('no arms are no samples', async () => {
    expect(await measureRounds([], options({ minRounds: 1 }))).toEqual([]);
  });
});
