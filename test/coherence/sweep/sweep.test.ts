import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { withValues } from '../../../src/coherence/profiles/changed.ts';
import type { ParameterName } from '../../../src/coherence/profiles/parameters.ts';
import type { ProfilePredict } from '../../../src/coherence/profiles/predict.ts';
import { openCoherenceProfile } from '../../../src/coherence/profiles/profiles.ts';
import { elasticityCsv, sweepCsv } from '../../../src/coherence/sweep/csv.ts';
import { sweep } from '../../../src/coherence/sweep/sweep.ts';
import { sweepText } from '../../../src/coherence/sweep/text.ts';

const PROFILE = withValues(openCoherenceProfile('gh200-120gb'), { 'link-propagation': 270_400 });
const QUANTITIES = ['chase.grace.hbm', 'read.grace.hbm', 'chase.grace.l1', 'pingpong.hbm.grace-grace'];

/** In proportion, in inverse proportion to the square, not at all, and only where atomics are far. */
const predict: ProfilePredict = async ({ values }, quantities) => {
  const ns = values['link-propagation'] / 1000;
  const figures = [ns, 1e6 / ns ** 2, 1.2, values['cpu-atomics-far'] === 1 ? 700 : null];
  return quantities.map((quantity) => figures[QUANTITIES.indexOf(quantity)]!);
};

const request = { profile: PROFILE, parameter: 'link-propagation' as ParameterName, quantities: QUANTITIES };
const VALUES = [100_000, 200_000, 270_400];

describe('a sweep', () => {
  test('has a row for each figure and value, with the change to the own one, and the slope', async () => {
    const { rows } = await sweep({ ...request, values: VALUES }, predict);
    expect(rows).toHaveLength(QUANTITIES.length * VALUES.length);
    expect(rows[1]).toEqual({
      evidence: 'modelled',
      quantity: 'chase.grace.hbm',
      value: 200_000,
      valueText: '200 ns',
      figure: 200,
      figureUnit: 'ns',
      change: 200 / 270.4 - 1,
      elasticity: expect.closeTo(1, 12),
    });
    const rates = rows.filter(({ quantity }) => quantity === 'read.grace.hbm');
    for (const { figureUnit, elasticity } of rates) {
      expect(figureUnit).toBe('GB/s');
      expect(elasticity).toBeCloseTo(-2, 12);
    }
    expect(rows.filter(({ quantity }) => quantity === 'chase.grace.l1').map((row) => row.elasticity)).toEqual(
      [0, 0, 0],
    );
  });

  test('of a flag has no slope, and null where a value has no figure', async () => {
    const { rows } = await sweep({ ...request, parameter: 'cpu-atomics-far', values: [0, 1] }, predict);
    const pingPongs = rows.filter(({ quantity }) => quantity === 'pingpong.hbm.grace-grace');
    expect(pingPongs).toMatchObject([
      { value: 0, figure: null, change: null, elasticity: null },
      { value: 1, figure: 700, change: 0, elasticity: null },
    ]);
  });

  test('of a value that no profile can have is refused before the model is asked', async () => {
    const asked = sweep({ ...request, parameter: 'cpu-l1-size', values: [64, 65_536] }, () => {
      throw new Error('asked');
    });
    await expect(asked).rejects.toThrow(
      'cannot sweep cpu-l1-size to 64 B: cpu-l1-ways 4 is more than cpu-l1-size has lines; expected 1 or less',
    );
  });
});

describe('as text', () => {
  test('has a table for each figure that moves, and names the others', async () => {
    const text = sweepText(await sweep({ ...request, values: VALUES }, predict));
    expect(text.split('\n')).toEqual([
      'Profile gh200-120gb, modelled. link-propagation: one way over the link, beside the time that bytes take at its rate.',
      "3 values; * is the profile's own, 270.4 ns.",
      '',
      'chase.grace.hbm',
      '               ns  change  elasticity',
      '    100 ns  100.0  -63.0%       +1.00',
      '    200 ns  200.0  -26.0%       +1.00',
      '* 270.4 ns  270.4    0.0%       +1.00',
      '',
      'read.grace.hbm',
      '             GB/s   change  elasticity',
      '    100 ns  100.0  +631.2%       -2.00',
      '    200 ns   25.0   +82.8%       -2.00',
      '* 270.4 ns   13.7     0.0%       -2.00',
      '',
      'Without an effect on: chase.grace.l1, pingpong.hbm.grace-grace',
      '',
    ]);
  });

  test('tells what is nowhere from what is somewhere', async () => {
    const atomics = { ...request, parameter: 'cpu-atomics-far' as const };
    const both = sweepText(await sweep({ ...atomics, values: [0, 1] }, predict));
    expect(both).toContain('\n  0 flag      –       –           –\n* 1 flag  700.0    0.0%           –\n');
    const none = sweepText(
      await sweep({ ...request, values: VALUES }, async (_, list) => list.map(() => null)),
    );
    expect(none).toContain('The profile has no such thing as: chase.grace.hbm, read.grace.hbm, chase');
    expect(none).not.toContain('Without an effect');
  });
});

describe('as CSV', () => {
  test('has every row, empty where there is no figure', async () => {
    const swept = await sweep({ ...request, parameter: 'cpu-atomics-far', values: [0, 1] }, predict);
    const records: Record<string, string>[] = parse(sweepCsv(swept), { columns: true });
    expect(records).toHaveLength(swept.rows.length);
    expect(records.at(-2)).toEqual({
      evidence: 'modelled',
      profile: 'gh200-120gb',
      parameter: 'cpu-atomics-far',
      value: '0',
      valueUnit: 'flag',
      quantity: 'pingpong.hbm.grace-grace',
      figure: '',
      figureUnit: 'ns',
      change: '',
      elasticity: '',
    });
  });

  test('of elasticities says both steps', () => {
    const row = { parameter: 'l3-ways', quantity: 'chase.grace.l3', up: null, down: -1 } as const;
    expect(elasticityCsv('mine', [row])).toBe(
      'evidence,profile,parameter,quantity,up,down\r\nmodelled,mine,l3-ways,chase.grace.l3,,-1\r\n',
    );
  });
});
