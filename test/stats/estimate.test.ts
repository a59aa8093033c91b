import { describe, expect, test } from 'vitest';
import { Random } from '../../src/random.ts';
import { nsPerOp, type TimedRounds, timeRatio } from '../../src/stats/estimate.ts';

const options = () => ({ random: new Random(1) });

/** Rounds of `operations` each, the n-th at `nsPerOperation(n)`. */
function rounds(
  count: number,
  block: number,
  nsPerOperation: (round: number) => number,
  operations = 1000,
): TimedRounds[] {
  const round = Array.from({ length: count }, (_, i) => i);
  const durationNs = round.map((number) => nsPerOperation(number) * operations);
  return [{ fork: 0, block, round, durationNs, operations: round.map(() => operations) }];
}

describe('nsPerOp', () => {
  test('divides each round by its own operations', () => {
    const mixed = [...rounds(5, 0, () => 2, 10), ...rounds(5, 1, () => 2, 1000)];
    expect(nsPerOp(mixed, options())).toEqual({ estimate: 2, low: 2, high: 2 });
  });

  test('of one round is that round', () => {
    expect(
      nsPerOp(
        rounds(1, 0, () => 1.5),
        options(),
      ),
    ).toEqual({ estimate: 1.5, low: 1.5, high: 1.5 });
  });

  test('of no round is refused', () => {
    expect(() => nsPerOp([], options())).toThrow(RangeError);
  });
});

/** `rounds`, measured once more in each of `forks` processes, which differ by a factor. */
function inForks(list: readonly TimedRounds[], forks: readonly number[]): TimedRounds[] {
  return forks.flatMap((factor, fork) =>
    list.map((one) => ({ ...one, fork, durationNs: one.durationNs.map((ns) => factor * ns) })),
  );
}

describe('over forks', () => {
  const flat = (ns: number) => rounds(9, 0, () => ns);

  test('nsPerOp is the geometric mean of what processes take, and as wide as they differ', () => {
    const { estimate, low, high } = nsPerOp(inForks(flat(2), [1, 2, 4]), options());
    expect(estimate).toBeCloseTo(4, 9);
    // t of 2 degrees of freedom, 4.303, times a standard error of ln 2 / sqrt(3), up to the noise of resampling.
    expect(Math.log(high / estimate)).toBeGreaterThan(0.95 * 4.303 * 0.4002);
    expect(Math.log(high / estimate)).toBeLessThan(1.05 * 4.303 * 0.4002);
    expect(low * high).toBeCloseTo(estimate * estimate, 9);
  });

  test('a process counts once, however many rounds it has', () => {
    const uneven = [
      ...inForks(flat(1), [1]),
      ...rounds(500, 0, () => 4).map((round) => ({ ...round, fork: 1 })),
    ];
    expect(nsPerOp(uneven, options()).estimate).toBeCloseTo(2, 9);
  });

  test('what slows a whole process cancels out of a ratio', () => {
    const factors = [1, 1.2, 0.9, 3];
    const ratio = timeRatio(inForks(flat(5), factors), inForks(flat(4), factors), options());
    expect(ratio).toMatchObject({ pairedRounds: 36, forkCount: 4 });
    for (const figure of [ratio.estimate, ratio.low, ratio.high]) expect(figure).toBeCloseTo(1.25, 9);
  });

  test('processes that ran one arm alone count where none ran both', () => {
    const elsewhere = inForks(flat(4), [1, 1.1, 0.9]).map((round) => ({ ...round, run: 'other' }));
    const ratio = timeRatio(inForks(flat(5), [1, 1.1]), elsewhere, options());
    expect(ratio).toMatchObject({ pairedRounds: 0, forkCount: 2 });
    expect(ratio.estimate).toBeCloseTo((1.25 * Math.sqrt(1.1)) / Math.cbrt(0.99), 9);
    expect(ratio.location!.degreesOfFreedom).toBeLessThanOrEqual(3);
    expect(timeRatio(inForks(flat(5), [1]), elsewhere, options())).toMatchObject({
      forkCount: 1,
      location: null,
    });
  });
});

describe('timeRatio', () => {
  const drifting = (round: number) => 10 * 1.05 ** round;

  test('of interleaved arms is untouched by drift that both went through', () => {
    const ratio = timeRatio(
      rounds(40, 7, (round) => 1.25 * drifting(round)),
      rounds(40, 7, drifting, 500),
      options(),
    );
    expect(ratio.pairedRounds).toBe(40);
    for (const figure of [ratio.estimate, ratio.low, ratio.high]) expect(figure).toBeCloseTo(1.25, 9);
  });

  test('of arms from different blocks rests on their medians, and is as wide as drift makes it', () => {
    const ratio = timeRatio(
      rounds(41, 1, (round) => 1.25 * drifting(round)),
      rounds(41, 2, drifting),
      options(),
    );
    expect(ratio.pairedRounds).toBe(0);
    expect(ratio.estimate).toBeCloseTo(1.25, 9);
    expect(ratio.high / ratio.low).toBeGreaterThan(1.5);
  });

  test('pairs only rounds that both sides have, in whatever order they come', () => {
    const [{ round, durationNs, ...one }] = rounds(10, 0, (number) => 3 * drifting(number)) as [TimedRounds];
    const candidate = { ...one, round: round.toReversed(), durationNs: durationNs.toReversed() };
    const ratio = timeRatio([candidate], rounds(6, 0, drifting), options());
    expect(ratio.pairedRounds).toBe(6);
    expect(ratio.estimate).toBeCloseTo(3, 9);
  });

  test('does not pair across forks', () => {
    const elsewhere = rounds(5, 0, () => 1).map((round) => ({ ...round, fork: 1 }));
    expect(
      timeRatio(
        rounds(5, 0, () => 2),
        elsewhere,
        options(),
      ).pairedRounds,
    ).toBe(0);
  });

  test('inverts when its sides change places', () => {
    const noise = new Random(9);
    const a = rounds(31, 0, () => 5 + noise.float());
    const b = rounds(31, 0, () => 4 + noise.float());
    const forward = timeRatio(a, b, options());
    const backward = timeRatio(b, a, options());
    expect(forward.estimate * backward.estimate).toBeCloseTo(1, 12);
    expect(forward.low * backward.high).toBeCloseTo(1, 1);
  });

  test('of an arm with its twin holds 1 as often as it says', () => {
    const noise = new Random(20_261_122);
    const trials = 300;
    let held = 0;
    for (let trial = 0; trial < trials; trial++) {
      const a = rounds(40, 0, () => 10 + noise.float());
      const b = rounds(40, 0, () => 10 + noise.float());
      const { low, high } = timeRatio(a, b, { random: noise, resamples: 400 });
      if (low <= 1 && 1 <= high) held++;
    }
    expect(held / trials).toBeGreaterThan(0.9);
    expect(held / trials).toBeLessThan(0.99);
  });

  test('refuses an arm without rounds', () => {
    expect(() =>
      timeRatio(
        [],
        rounds(3, 0, () => 1),
        options(),
      ),
    ).toThrow(RangeError);
    expect(() =>
      timeRatio(
        rounds(3, 0, () => 1),
        [],
        options(),
      ),
    ).toThrow(RangeError);
  });
});
