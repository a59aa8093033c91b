import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTied, orderAgreement } from '../../../src/coherence/validate/order.ts';

function pairsOf(published: readonly number[], modelled: readonly number[]) {
  return published.map((value, i) => ({ published: value, modelled: modelled[i]! }));
}

/** Exchanges of neighbours that sort `values`, counted by doing them. */
function exchanges(values: readonly number[]): number {
  const list = [...values];
  let count = 0;
  for (let sorted = false; !sorted; ) {
    sorted = true;
    for (let i = 1; i < list.length; i++) {
      if (list[i - 1]! > list[i]!) {
        [list[i - 1], list[i]] = [list[i]!, list[i - 1]!];
        count++;
        sorted = false;
      }
    }
  }
  return count;
}

/** All ordered pairs, by the definition. */
function bruteForce(figures: ReturnType<typeof pairsOf>, tieShare: number) {
  const all = figures.flatMap((a, i) => figures.flatMap((b, j) => (i === j ? [] : [[a, b] as const])));
  const ordered = all.filter(([a, b]) => {
    const larger = a.published > b.published ? a.published : b.published;
    return Math.abs(a.published - b.published) > tieShare * larger;
  });
  const same = ordered.filter(
    ([a, b]) => a.published < b.published === a.modelled < b.modelled && a.modelled !== b.modelled,
  );
  const other = ordered.filter(
    ([a, b]) => a.published < b.published === a.modelled > b.modelled && a.modelled !== b.modelled,
  );
  return {
    tau: ordered.length === 0 ? null : (same.length - other.length) / ordered.length,
    compared: ordered.length / 2,
    ties: (all.length - ordered.length) / 2,
  };
}

describe('order', () => {
  const figure = fc.integer({ min: 1, max: 30 });
  const figures = fc.array(fc.record({ published: figure, modelled: figure }), { maxLength: 12 });

  test('agrees with all pairs by the definition, ties included', () => {
    fc.assert(
      fc.property(figures, fc.constantFrom(0, 0.1, 0.5), (list, tieShare) => {
        const actual = orderAgreement(list, tieShare);
        const expected = bruteForce(list, tieShare);
        expect({ ...actual, tau: null }).toEqual({ ...expected, tau: null });
        expect(actual.tau ?? 9).toBeCloseTo(expected.tau ?? 9, 12);
      }),
      { seed: 1 },
    );
  });

  test('without ties is 1 - 4 exchanges / (n (n - 1))', () => {
    const ranks = fc
      .integer({ min: 2, max: 12 })
      .chain((n) => fc.shuffledSubarray([...Array(n).keys()], { minLength: n }));
    fc.assert(
      fc.property(ranks, (shuffled) => {
        const n = shuffled.length;
        const published = shuffled.map((_, i) => i + 1);
        const { tau } = orderAgreement(pairsOf(published, shuffled), 0);
        expect(tau).toBeCloseTo(1 - (4 * exchanges(shuffled)) / (n * (n - 1)), 12);
      }),
      { seed: 1 },
    );
  });

  // M. G. Kendall's definition by hand: 1-2-3-4 against 1-3-2-4 has one pair of six the other way round.
  test('of one exchange among four is 2/3', () => {
    expect(orderAgreement(pairsOf([1, 2, 3, 4], [1, 3, 2, 4]), 0).tau).toBeCloseTo(2 / 3, 12);
  });

  test('does not ask for an order where there is none', () => {
    expect(orderAgreement(pairsOf([100, 105], [2, 1]), 0.1)).toEqual({ tau: null, compared: 0, ties: 1 });
    expect(orderAgreement(pairsOf([100, 105, 200], [2, 1, 3]), 0.1).tau).toBe(1);
    expect(orderAgreement([], 0.1).tau).toBeNull();
  });

  test('counts figures that a model gives as equal as no agreement', () => {
    expect(orderAgreement(pairsOf([1, 2], [5, 5]), 0.1).tau).toBe(0);
  });

  test('ties reach to a share of the larger figure, inclusive', () => {
    expect(isTied(90, 100, 0.1)).toBe(true);
    expect(isTied(100, 90, 0.1)).toBe(true);
    expect(isTied(89.9, 100, 0.1)).toBe(false);
    expect(isTied(5, 5, 0)).toBe(true);
  });
});
