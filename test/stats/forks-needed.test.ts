import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ForkedRatio, forksToDecide } from '../../src/stats/forks-needed.ts';
import { studentQuantile } from '../../src/stats/student-t.ts';
import { verdictOf } from '../../src/stats/verdict.ts';

const MOST = 1000;
const CONFIDENCE = 0.99;

/** What `forks` forks would show of a ratio whose forks differ by `spread` on the scale of logarithms. */
function shown(logRatio: number, spread: number, forks: number): ForkedRatio {
  const reach = (studentQuantile(0.025, forks - 1) * spread) / Math.sqrt(forks);
  return {
    ratio: {
      estimate: Math.exp(logRatio),
      low: Math.exp(logRatio - reach),
      high: Math.exp(logRatio + reach),
    },
    forkCount: forks,
    margin: 0.01,
    confidence: CONFIDENCE,
  };
}

function verdictWith(logRatio: number, spread: number, forks: number) {
  const reach = (studentQuantile((1 - CONFIDENCE) / 2, forks - 1) * spread) / Math.sqrt(forks);
  return verdictOf({ low: logRatio - reach, high: logRatio + reach }, 0.01);
}

describe('forks that would decide', () => {
  const ratios = fc.double({ min: -0.1, max: 0.1, noNaN: true });
  const spreads = fc.double({ min: 1e-4, max: 0.1, noNaN: true });

  test('are the fewest with which the same forks have a verdict', () => {
    fc.assert(
      fc.property(ratios, spreads, fc.integer({ min: 2, max: 40 }), (logRatio, spread, forks) => {
        const found = forksToDecide(shown(logRatio, spread, forks), MOST);
        if (found === null) {
          expect(verdictWith(logRatio, 1.0001 * spread, MOST)).toBe('inconclusive');
          return;
        }
        expect(verdictWith(logRatio, 0.9999 * spread, found)).not.toBe('inconclusive');
        if (found > 2) expect(verdictWith(logRatio, 1.0001 * spread, found - 1)).toBe('inconclusive');
      }),
    );
  });

  test('are unknown where the ratio lies on the margin, or one fork is all there is', () => {
    expect(forksToDecide(shown(Math.log(1.01), 0.01, 8), MOST)).toBeNull();
    expect(forksToDecide({ ...shown(0, 0.01, 2), forkCount: 1 }, MOST)).toBeNull();
  });

  test('are as few as can be where forks do not differ', () => {
    expect(forksToDecide({ ...shown(0, 0, 8) }, MOST)).toBe(2);
  });
});
