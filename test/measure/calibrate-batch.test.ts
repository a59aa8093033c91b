import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { passesPerSample, timerCostNs, warmUp } from '../../src/measure/calibrate-batch.ts';
import type { Tier } from '../../src/results/samples.ts';
import { fakeArm, type PassNs } from './fake-arm.ts';

const TIMER_NS = 60;

describe('passesPerSample', () => {
  test('two readings of the clock are at most 1 % of a sample, and one pass less would be too short', () => {
    const ns = fc.double({ min: 0.5, max: 1e9, noNaN: true });
    const timer = fc.double({ min: 1, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(ns, timer, (passNs, timerNs) => {
        const passes = passesPerSample(passNs, timerNs);
        expect(Number.isInteger(passes) && passes >= 1).toBe(true);
        expect((2 * timerNs) / (passes * passNs)).toBeLessThanOrEqual(0.01 * (1 + 1e-9));
        const oneLess = (passes - 1) * passNs;
        expect(oneLess).toBeLessThan(Math.max(100_000, 200 * timerNs));
      }),
      { seed: 1 },
    );
  });

  test('a pass that is long enough by itself is one sample', () => {
    expect(passesPerSample(1e9, TIMER_NS)).toBe(1);
  });
});

describe('warmUp', () => {
  /** A warm-up on a clock that moves only with what the arm says it took. */
  function warm(passNs: PassNs, tier: () => Tier = () => 'turbofan') {
    let [now, lastNs] = [0, 0];
    const onTime = (ns: number) => {
      now += ns;
      lastNs = ns;
    };
    const arm = fakeArm('w', passNs, { tier, onTime });
    const batch = warmUp(arm, TIMER_NS, () => now);
    return { ...batch, calls: arm.calls, elapsedNs: now, lastNs };
  }

  test('of a steady arm in the top tier ends soon, with passes for its rate', () => {
    const { passes, calls, elapsedNs } = warm(() => 10_000);
    expect(passes).toBe(10);
    // Ten samples prove a flat rate; a few before them find the number of passes.
    expect(calls.length).toBeLessThan(16);
    expect(elapsedNs).toBeLessThan(50_000_000);
  });

  test('goes on until the tier is proved', () => {
    let asked = 0;
    const { calls } = warm(
      () => 10_000,
      () => (++asked < 30 ? 'liftoff' : 'turbofan'),
    );
    // Ten samples more prove a flat rate in it.
    expect(asked).toBe(40);
    expect(calls.length).toBe(38);
  });

  test('counts passes by rates of the top tier, however flat those before it were', () => {
    let asked = 0;
    const inTopTier = () => asked > 20;
    const { passes, leadPasses } = warm(
      () => (inTopTier() ? 10_000 : 1_000_000),
      () => (asked++ < 20 ? 'liftoff' : 'turbofan'),
    );
    expect({ passes, leadPasses }).toEqual({ passes: 10, leadPasses: 1 });
  });

  test('goes on while the rate still falls, and counts passes by the last one', () => {
    const { passes, calls } = warm((before) => 10_000 * (1 + 10 * 0.8 ** (before / 50)));
    expect(passes).toBe(10);
    expect(calls.length).toBeGreaterThan(20);
  });

  test.each([
    ['0.05 s on a rate that never settles', 50_000_000, (n: number) => 10_000 * 1.01 ** n, 'turbofan'],
    ['2 s on a tier that is never reached', 2_000_000_000, () => 10_000, 'maglev'],
  ] as const)('waits %s', (_, limitNs, passNs, tier) => {
    let samples = 0;
    const { elapsedNs, lastNs } = warm(
      () => passNs(samples++),
      () => tier,
    );
    expect(elapsedNs).toBeGreaterThanOrEqual(limitNs);
    // No sample starts past the limit.
    expect(elapsedNs - lastNs).toBeLessThan(limitNs);
  });

  test('of a pass longer than the limit is one pass', () => {
    expect(warm(() => 1e9)).toMatchObject({ passes: 1, leadPasses: 0, calls: [1] });
  });

  test('gives passes that are short one before each sample, which finds the caches as the sample leaves them', () => {
    expect(warm(() => 400_000).leadPasses).toBe(1);
    expect(warm(() => 600_000).leadPasses).toBe(0);
  });

  test('gives passes that are set up one by one none, and samples as short as the clock allows', () => {
    const arm = { ...fakeArm('w', () => 1000), isSetUpEachPass: true };
    expect(warmUp(arm, TIMER_NS)).toEqual({ passes: 12, leadPasses: 0 });
  });

  test('one odd pass does not shrink the sample', () => {
    const usual = warm(() => 10_000).passes;
    expect(warm((n) => (n === 40 ? 10_000_000 : 10_000)).passes).toBeGreaterThanOrEqual(usual);
  });

  test('survives a clock too coarse for a pass', () => {
    let now = 0;
    const arm = fakeArm('w', () => 0, { onTime: () => (now += 50_000_000) });
    expect(warmUp(arm, TIMER_NS, () => now).passes).toBeGreaterThanOrEqual(1);
  });
});

test('a reading of the clock costs something', () => {
  expect(timerCostNs()).toBeGreaterThan(0);
});
