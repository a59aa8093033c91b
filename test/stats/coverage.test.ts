/** How often the interval over forks holds the truth. DESIGN.md, section 8, has the figures of longer simulations. */
import { describe, expect, test } from 'vitest';
import { Random } from '../../src/random.ts';
import { intervalOf, levelBeyond, locateForks } from '../../src/stats/fork-bootstrap.ts';
import { levelAt, planLooks } from '../../src/stats/looks.ts';
import { logMargin } from '../../src/stats/verdict.ts';
import { forkAt, NOISES, type NoiseName } from './noise.ts';

const TRIALS = 1000;
const NAMES = Object.keys(NOISES) as NoiseName[];

/** Share of intervals of 95 % that hold 0, of `forks` forks whose rounds spread by `inside`. */
function coverage(name: NoiseName, forks: number, inside: number): number {
  const random = new Random(20_261_122).fork(`${name} ${forks} ${inside}`);
  let held = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    const rounds = Array.from({ length: forks }, () => forkAt(NOISES[name](random), inside, random));
    const { low, high } = intervalOf(locateForks(rounds, { random, resamples: 150 }), 0.05);
    if (low <= 0 && 0 <= high) held++;
  }
  return held / TRIALS;
}

describe('an interval of 95 % holds the truth in 90 to 99 % of runs', () => {
  const cases = NAMES.flatMap((name) =>
    [3, 4, 5, 8, 12, 23, 24, 30, 100].map((forks) => [name, forks] as const),
  );
  test.each(cases)('%s noise, %i forks', (name, forks) => {
    const share = coverage(name, forks, 0.3);
    expect(share).toBeGreaterThanOrEqual(0.9);
    expect(share).toBeLessThanOrEqual(0.99);
  });

  test('also where rounds are as noisy as forks', () => {
    const share = coverage('normal', 12, 3);
    expect(share).toBeGreaterThanOrEqual(0.9);
    expect(share).toBeLessThanOrEqual(0.99);
  });
});

test('identical arms are called different at any look in fewer runs than alpha', () => {
  const random = new Random(20_261_122);
  const looks = planLooks(12);
  const alpha = 0.05;
  // Hardly any margin, so that it is the looks that are tested.
  const bound = logMargin(1e-9);
  let wrong = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    const rounds: number[][] = [];
    wrong += Number(
      looks.some((look) => {
        while (rounds.length < look) rounds.push(forkAt(NOISES.normal(random), 0.3, random));
        const location = locateForks(rounds, { random, resamples: 150 });
        return levelBeyond(location, bound) <= levelAt(looks, look, alpha);
      }),
    );
  }
  expect(wrong / TRIALS).toBeLessThanOrEqual(alpha);
  expect(wrong).toBeGreaterThan(0);
});
