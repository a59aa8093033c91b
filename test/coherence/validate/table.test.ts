import { describe, expect, test } from 'vitest';
import { middleOf } from '../../../src/coherence/published/cell.ts';
import { PUBLISHED_CELLS, quantityOf } from '../../../src/coherence/published/cells.ts';
import { DIRECTIONS } from '../../../src/coherence/validate/directions.ts';
import type { Predict, ValidationRow } from '../../../src/coherence/validate/rows.ts';
import { validate } from '../../../src/coherence/validate/table.ts';

const MIDDLES = new Map<string, number>(
  // The first one counts: that of F where F has one.
  [...PUBLISHED_CELLS].reverse().map((cell) => [quantityOf(cell.id), middleOf(cell)]),
);
/** Gives what was published. */
const perfect: Predict = (quantity) => MIDDLES.get(quantity) ?? expectedOnly(quantity);

/** Quantities without a published figure: those that are to be slower are. */
function expectedOnly(quantity: string): number {
  return DIRECTIONS.some(({ id }) => id === quantity) ? 2 : 1;
}

function rowOf(predict: Predict, id: string): ValidationRow {
  return validate('p', predict).rows.find((row) => row.id === id)!;
}

/** The perfect model, but for one quantity. */
function but(quantity: string, figure: number | null): Predict {
  return (asked) => (asked === quantity ? figure : perfect(asked));
}

describe('rows', () => {
  test('are there for each cell of the split, whatever the model knows', () => {
    const ids = PUBLISHED_CELLS.map(({ id }) => id as string).sort();
    for (const predict of [perfect, () => null]) {
      expect(
        validate('p', predict)
          .rows.map(({ id }) => id)
          .sort(),
      ).toEqual(ids);
    }
    const { rows } = validate('p', () => null);
    expect(new Set(rows.map(({ verdict }) => verdict))).toEqual(new Set(['not modelled']));
  });

  test('say fitted of calibration and never ask for peers', () => {
    const asked: string[] = [];
    const { rows } = validate('p', (quantity) => {
      asked.push(quantity);
      return perfect(quantity);
    });
    const verdicts = (set: string) =>
      new Set(rows.filter((row) => row.set === set).map(({ verdict }) => verdict));
    expect(verdicts('calibration')).toEqual(new Set(['fitted']));
    expect(verdicts('model selection')).toEqual(new Set(['no bound']));
    expect(verdicts('held out latency')).toEqual(new Set(['within']));
    expect(verdicts('held out bandwidth')).toEqual(new Set(['within']));
    expect(verdicts('direction only')).toEqual(new Set(['no bound']));
    expect(verdicts('peer (not modelled)')).toEqual(new Set(['not modelled']));
    expect(asked.filter((quantity) => /peer|far|@/.test(quantity))).toEqual([]);
    expect(new Set(asked).size).toBe(asked.length);
  });

  test('have a signed error, and a bound that includes its end', () => {
    const low = rowOf(but('chase.grace.hbm', 778.0), 'chase.grace.hbm');
    expect(low.error).toBeCloseTo(-0.026, 3);
    expect(low.verdict).toBe('no bound');
    expect(rowOf(but('chase.grace.lpddr', 178), 'chase.grace.lpddr').verdict).toBe('fitted');
    expect(rowOf(but('chase.grace.lpddr', 179), 'chase.grace.lpddr').verdict).toBe('missed');
    expect(rowOf(but('copy.grace.hbm-hbm', 144 * 1.25), 'copy.grace.hbm-hbm').verdict).toBe('within');
    expect(rowOf(but('copy.grace.hbm-hbm', 144 * 1.26), 'copy.grace.hbm-hbm').verdict).toBe('missed');
    expect(rowOf(but('pingpong.lpddr.grace-grace', 80), 'pingpong.lpddr.grace-grace').verdict).toBe('missed');
  });

  test('of other labs are held to the range of all of them', () => {
    const inside = rowOf(but('chase.grace.hbm', 900), 'chase.grace.hbm@CC');
    expect(inside).toMatchObject({ bound: { kind: 'range', low: 798.8, high: 1000 }, verdict: 'within' });
    expect(inside.error).toBeCloseTo(0.125, 12);
    expect(rowOf(but('chase.grace.hbm', 1001), 'chase.grace.hbm@CC').verdict).toBe('missed');
  });

  test('of noise claim no percentage', () => {
    expect(rowOf(perfect, 'noise-read.grace.hbm').error).toBeNull();
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('take no figure that is %d', (figure) => {
    expect(() => validate('p', () => figure)).toThrow(RangeError);
  });
});

describe('sets', () => {
  const summary = (predict: Predict, set: string) =>
    validate('p', predict).sets.find((one) => one.set === set);

  test('have the median of the sizes of errors', () => {
    const skewed: Predict = (quantity) =>
      perfect(quantity)! * (quantity === 'pingpong.lpddr.grace-grace' ? 0.9 : 1.2);
    expect(summary(skewed, 'held out latency')).toMatchObject({
      cells: 2,
      modelled: 2,
      bound: 0.1,
      verdict: 'missed',
    });
    expect(summary(skewed, 'held out latency')!.medianError).toBeCloseTo(0.15, 12);
    expect(summary(perfect, 'held out bandwidth')).toMatchObject({ medianError: 0, verdict: 'within' });
    expect(summary(perfect, 'calibration')!.verdict).toBe('no bound');
  });

  test('are not within their bound while a cell is not modelled', () => {
    const partial = but('copy.grace.hbm-hbm', null);
    expect(summary(partial, 'held out bandwidth')).toMatchObject({
      cells: 16,
      modelled: 15,
      verdict: 'not modelled',
    });
    expect(summary(() => null, 'held out bandwidth')).toMatchObject({
      medianError: null,
      verdict: 'not modelled',
    });
  });
});

describe('order', () => {
  const group = (predict: Predict, name: string) =>
    validate('p', predict).orders.find((row) => row.group === name);

  test('is right where the model gives what was published', () => {
    expect(validate('p', perfect).orders.filter(({ verdict }) => verdict !== 'within')).toEqual([]);
  });

  test('is missed by one exchange, and unknown where a cell is', () => {
    const exchanged = but('chase.grace.l3', 200);
    expect(group(exchanged, 'chase, Grace')).toMatchObject({
      tau: 0.8,
      compared: 10,
      ties: 0,
      verdict: 'missed',
    });
    expect(group(but('chase.grace.l3', null), 'chase, Grace')).toMatchObject({
      tau: 1,
      cells: 5,
      modelled: 4,
      verdict: 'not modelled',
    });
    expect(group(() => null, 'chase, Grace')).toMatchObject({ tau: null, verdict: 'not modelled' });
  });
});

describe('directions', () => {
  const direction = (predict: Predict, id: string) =>
    validate('p', predict).directions.find((row) => row.id === id)!;

  test('go by the sign only', () => {
    expect(validate('p', perfect).directions.filter(({ verdict }) => verdict !== 'within')).toEqual([]);
    const noise = direction(but('noise-read.grace.lpddr', 403), 'noise-read.grace.lpddr');
    expect(noise.verdict).toBe('within');
    expect(noise.published).toBeCloseTo(248.1 / 403.56, 12);
    expect(direction(but('noise-read.grace.lpddr', 404), 'noise-read.grace.lpddr').verdict).toBe('missed');
    expect(direction(but('shared-line.grace.hbm', 1), 'shared-line.grace.hbm').verdict).toBe('missed');
    expect(direction(() => null, 'shared-line.grace.hbm').verdict).toBe('not modelled');
  });
});
