import { describe, expect, test } from 'vitest';
import { coherenceCalibrate } from '../../src/cli/coherence-calibrate.ts';
import { coherenceSweep, type SweepFlags } from '../../src/cli/coherence-sweep.ts';
import { sweepGraph } from '../../src/cli/coherence-sweep-graph.ts';
import { valuesOf } from '../../src/cli/coherence-sweep-values.ts';
import { parameterNamed } from '../../src/coherence/profiles/parameters.ts';
import { openCoherenceProfile } from '../../src/coherence/profiles/profiles.ts';
import { sweep } from '../../src/coherence/sweep/sweep.ts';
import { UsageError } from '../../src/errors.ts';

const PROFILE = 'gh200-120gb';

describe('coherence sweep refuses', () => {
  test.each<[string | undefined, string[], Partial<SweepFlags>, string]>([
    ['link-propagtion', [], {}, 'no parameter "link-propagtion"; did you mean "link-propagation"?'],
    [
      'chase.grace.hbm',
      [],
      {},
      'no parameter "chase.grace.hbm". `barometer coherence profile` prints them all',
    ],
    ['link-rate', ['chase.grace.hbn'], {}, 'no figure "chase.grace.hbn"; did you mean "chase.grace.hbm"?'],
    ['link-rate', ['peer*'], {}, 'no figure "peer*". `barometer coherence predict` names most of them'],
    ['link-rate', [], { from: '100' }, '--from: link-rate 100 has no unit; expected one of B/s, kB/s'],
    ['link-rate', [], { to: 'fast' }, '--to: link-rate "fast" is not a decimal number'],
    [
      'link-rate',
      [],
      { from: '2GB/s', to: '1GB/s' },
      'link-rate from 2 GB/s to 1 GB/s: expected --from below --to',
    ],
    ['link-rate', [], { points: '1' }, '--points "1": expected a whole number, 2 to 1000'],
    [
      'link-rate',
      [],
      { values: '1GB/s,,2GB/s' },
      '--values: link-rate has no value; expected 1 MB/s to 100 TB/s',
    ],
    [
      'link-rate',
      [],
      { values: '450GB/s' },
      '--values: 450 GB/s is what the profile has for link-rate; expected another value',
    ],
    ['link-rate', [], { values: '1GB/s', points: '3' }, '--points and --values were both given'],
    ['cpu-atomics-far', [], { to: '1' }, '--to: cpu-atomics-far is a flag, which is swept through 0 and 1'],
    ['link-rate', [], { json: true, csv: true }, '--json and --csv were both given'],
    ['link-rate', [], { svg: '' }, '--svg "": expected the name of a file'],
    ['link-rate', [], { svg: '.' }, '--svg . is a folder; expected the name of a file'],
    [undefined, [], { from: '1GB/s' }, '--from says something of one parameter, and none is named'],
  ])('%s %j %j', async (parameter, figures, flags, message) => {
    const asked = coherenceSweep(parameter, figures, { profile: PROFILE, ...flags });
    await expect(asked).rejects.toThrow(UsageError);
    await expect(asked).rejects.toThrow(message);
  });
});

test.each([
  [{ seed: '0' }, '--seed "0": expected a whole number, 1 to 4294967296'],
  [{ seed: '1', out: '' }, '--out "": expected the name of a file'],
  [{ seed: '1', out: '.' }, '--out . is a folder; expected the name of a file'],
])('coherence calibrate refuses %j', async (flags, message) => {
  await expect(coherenceCalibrate({ profile: PROFILE, ...flags })).rejects.toThrow(message);
});

describe('values of a sweep', () => {
  const propagation = parameterNamed('link-propagation')!;
  const far = parameterNamed('cpu-atomics-far')!;

  test('are nine from half to twice, unless told', () => {
    const values = valuesOf(propagation, 200_000, {});
    expect(values).toHaveLength(9);
    expect([values[0], values[4], values[8]]).toEqual([100_000, 200_000, 400_000]);
    expect(valuesOf(propagation, 200_000, { to: '100.002us', points: '2' })).toEqual([
      100_000, 200_000, 100_002_000,
    ]);
  });

  test('are those listed, and what the profile has', () => {
    expect(valuesOf(propagation, 200_000, { values: '3ns, 1ns' })).toEqual([1000, 3000, 200_000]);
  });

  test('of a flag are both', () => {
    expect(valuesOf(far, 1, {})).toEqual([0, 1]);
    expect(valuesOf(far, 1, { values: '0' })).toEqual([0, 1]);
  });
});

test('a drawing has a panel for each unit, without figures that are not there', async () => {
  const profile = openCoherenceProfile(PROFILE);
  const quantities = ['read.grace.hbm', 'chase.grace.hbm', 'pingpong.hbm.grace-grace'];
  const swept = await sweep(
    { profile, parameter: 'cpu-atomics-far', values: [0, 1], quantities },
    async ({ values }) => [300, 800, values['cpu-atomics-far'] === 1 ? 700 : null],
  );
  const { panels, axis, mark } = sweepGraph(swept);
  expect(
    panels.map(({ unit, lines }) => [unit, lines.map(({ name, points }) => [name, points.length])]),
  ).toEqual([
    [
      'ns',
      [
        ['chase.grace.hbm', 2],
        ['pingpong.hbm.grace-grace', 1],
      ],
    ],
    ['GB/s', [['read.grace.hbm', 2]]],
  ]);
  expect([axis, mark]).toEqual(['linear', { x: 1, text: 'profile: 1 flag' }]);
});
