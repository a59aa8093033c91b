import { describe, expect, test } from 'vitest';
import { type Fit, fitProfile } from '../../../src/coherence/calibrate/fit.ts';
import type { FitRequest } from '../../../src/coherence/calibrate/fit-request.ts';
import { withValues } from '../../../src/coherence/profiles/changed.ts';
import type { ParameterName } from '../../../src/coherence/profiles/parameters.ts';
import { parseCoherenceProfile } from '../../../src/coherence/profiles/parse.ts';
import type { ProfilePredict } from '../../../src/coherence/profiles/predict.ts';
import type { CoherenceProfile } from '../../../src/coherence/profiles/profile.ts';
import { openCoherenceProfile } from '../../../src/coherence/profiles/profiles.ts';
import { middleOf } from '../../../src/coherence/published/cell.ts';
import { publishedCell } from '../../../src/coherence/published/cells.ts';
import { SPLIT } from '../../../src/coherence/validate/split.ts';
import { SPLIT_SHA256 } from '../../../src/coherence/validate/split-hash.ts';
import { UsageError } from '../../../src/errors.ts';

const GH200 = openCoherenceProfile('gh200-120gb');
const CELLS = [
  'chase.grace.l3',
  'chase.grace.lpddr',
  'chase.hopper.l2',
  'chase.hopper.hbm',
  'chase.hopper.lpddr',
  'read.grace.lpddr',
  'one-thread-read.grace.lpddr',
];
const PARAMETERS: ParameterName[] = [
  'cpu-fabric-hop',
  'lpddr-latency',
  'gpu-fabric-hop',
  'hbm-latency',
  'link-propagation',
  'lpddr-read-service',
  'cpu-outstanding-reads',
];

/** Sums of latencies, and rates over them: figures of a made-up machine, by cell. */
function madeUp({ values: v }: CoherenceProfile, cell: string): number {
  const l3Ns = (2 * v['cpu-fabric-hop']) / 1000;
  const lpddrNs = v['lpddr-latency'] / 1000;
  const l2Ns = (2 * v['gpu-fabric-hop']) / 1000;
  const figures: Record<string, number> = {
    'chase.grace.l3': l3Ns,
    'chase.grace.lpddr': l3Ns + lpddrNs,
    'chase.hopper.l2': l2Ns,
    'chase.hopper.hbm': l2Ns + v['hbm-latency'] / 1000,
    'chase.hopper.lpddr': l2Ns + (2 * v['link-propagation']) / 1000 + lpddrNs,
    'read.grace.lpddr': (v['lpddr-channels'] * 64_000) / v['lpddr-read-service'],
    'one-thread-read.grace.lpddr': (v['cpu-outstanding-reads'] * 64) / (l3Ns + lpddrNs),
  };
  return figures[cell]!;
}

const predict: ProfilePredict = async (profile, cells) => cells.map((cell) => madeUp(profile, cell));

function request(changes: Partial<FitRequest> = {}): FitRequest {
  return {
    profile: GH200,
    name: 'fitted',
    parameters: PARAMETERS,
    cells: CELLS,
    predict,
    seed: 7,
    randomStarts: 2,
    progress: () => {},
    ...changes,
  };
}

/** The profile, with what is to be fitted off by up to two and a half. */
const OFF = withValues(GH200, {
  'cpu-fabric-hop': 40_000,
  'lpddr-latency': 60_000,
  'gpu-fabric-hop': 50_000,
  'hbm-latency': 400_000,
  'link-propagation': 150_000,
  'lpddr-read-service': 9_000,
  'cpu-outstanding-reads': 30,
});

describe('a fit', () => {
  test('finds the parameters that a made-up machine was given', async () => {
    // Published figures stand for what the machine gives, scaled cell by cell.
    const scaled: ProfilePredict = async (profile, cells) =>
      cells.map((cell) => (madeUp(profile, cell) / madeUp(GH200, cell)) * middleOf(publishedCell(cell)));
    const { profile, errors } = await fitProfile(request({ profile: OFF, predict: scaled }));
    for (const name of PARAMETERS) {
      // Whole numbers: picoseconds are exact enough, lines in flight to one.
      const tolerance = name === 'cpu-outstanding-reads' ? 1 : GH200.values[name] * 1e-4 + 1;
      expect(Math.abs(profile.values[name] - GH200.values[name]), name).toBeLessThanOrEqual(tolerance);
    }
    expect(Math.max(...errors.map(({ error }) => Math.abs(error)))).toBeLessThan(0.02);
  });

  test('comes as near to published figures as whole numbers can', async () => {
    const { errors, idle } = await fitProfile(request({ profile: OFF }));
    expect(errors.map(({ cell }) => cell)).toEqual(CELLS);
    expect(idle).toEqual([]);
    expect(Math.max(...errors.map(({ error }) => Math.abs(error)))).toBeLessThan(0.01);
  });

  test('writes a profile that says what it was fitted to, by which split', async () => {
    const { text, profile } = await fitProfile(request());
    expect(parseCoherenceProfile(text, 'x')).toEqual(profile);
    expect(profile).toMatchObject({ name: 'fitted', split: SPLIT_SHA256 });
    expect(profile.provenance['gpu-fabric-hop']).toEqual({
      class: 'calibrated',
      source: 'fitted to chase.hopper.l2, chase.hopper.hbm, chase.hopper.lpddr; seed 7',
    });
    expect(profile.provenance['l3-ways']).toEqual(GH200.provenance['l3-ways']);
    expect(profile.values['l3-ways']).toBe(GH200.values['l3-ways']);
  });

  test('with the same seed is the same text', async () => {
    const again = await fitProfile(request({ profile: OFF }));
    expect((await fitProfile(request({ profile: OFF }))).text).toBe(again.text);
    expect((await fitProfile(request({ seed: 8 }))).text).toContain('; seed 8');
  });

  test('of a fitted profile is the same text', async () => {
    const fitted = await fitProfile(request({ profile: OFF }));
    const again = await fitProfile(request({ profile: fitted.profile }));
    expect(again.text).toBe(fitted.text);
    expect(again.costBefore).toBe(again.cost);
    expect(fitted.cost).toBeLessThan(fitted.costBefore);
  });

  test('moves a number as small as 5, of which a twentieth is none', async () => {
    const profile = withValues(GH200, { 'link-overhead-read-data': 5 });
    const rate: ProfilePredict = async ({ values }, cells) =>
      cells.map(() => (450 * 64) / (64 + values['link-overhead-read-data']));
    const parameters: ParameterName[] = ['link-overhead-read-data'];
    const fit = await fitProfile(request({ profile, parameters, cells: ['read.hopper.hbm'], predict: rate }));
    expect(fit.idle).toEqual([]);
    // The rate is far above what any gives, and a quarter of five is the least that is tried.
    expect(fit.profile.values['link-overhead-read-data']).toBe(1);
  });

  test('tells how far it is', async () => {
    const told: number[][] = [];
    const fit = await fitProfile(request({ profile: OFF, progress: (...state) => told.push(state) }));
    expect(told.map(([evaluations]) => evaluations)).toEqual(told.map((_, i) => i + 1));
    expect(told).toHaveLength(fit.evaluations);
    expect(told[0]![1]).toBe(fit.costBefore);
    expect(told.at(-1)![1]).toBeLessThanOrEqual(fit.cost);
  });

  test('keeps the best of its starts', async () => {
    const alone = await fitProfile(request({ profile: OFF, randomStarts: 0 }));
    const many = await fitProfile(request({ profile: OFF, randomStarts: 4 }));
    const cost = (fit: Fit) => fit.errors.reduce((sum, { error }) => sum + Math.log1p(error) ** 2, 0);
    expect(cost(many)).toBeLessThanOrEqual(cost(alone));
    expect(many.evaluations).toBeGreaterThan(alone.evaluations);
  });

  test('claims nothing about a parameter that no cell hangs on', async () => {
    const parameters: ParameterName[] = ['gpu-l1-hit', 'gpu-fabric-hop'];
    const { profile, idle } = await fitProfile(request({ parameters }));
    expect(idle).toEqual(['gpu-l1-hit']);
    expect(profile.provenance['gpu-l1-hit']).toEqual(GH200.provenance['gpu-l1-hit']);
    expect(profile.values['gpu-l1-hit']).toBe(GH200.values['gpu-l1-hit']);
  });

  test('that names all cells of the calibration is still read back', async () => {
    const all: ProfilePredict = async (profile, cells) => cells.map(() => profile.values['hbm-latency']);
    const { text } = await fitProfile(
      request({ parameters: ['hbm-latency'], cells: SPLIT.calibration, predict: all }),
    );
    expect(parseCoherenceProfile(text, 'x').provenance['hbm-latency'].source).toContain(
      SPLIT.calibration.at(-1)!,
    );
  });
});

describe('a fit is refused', () => {
  const refusal = (changes: Partial<FitRequest>) => {
    const refused = fitProfile(request(changes)).catch((error: unknown) => {
      expect(error).toBeInstanceOf(UsageError);
      throw error;
    });
    return expect(refused).rejects;
  };

  test.each([
    'chase.grace.hbm',
    'pingpong.hbm.grace-grace',
    'read.grace.hbm',
    'chase.grace.peer-hbm',
    'nothing',
  ])('to %s, which is not in the calibration set', async (cell) => {
    await refusal({ cells: [...CELLS, cell] }).toThrow(
      `cannot fit to ${cell}: not in the calibration set; expected some`,
    );
  });

  test('without cells or parameters, with one twice, or with more parameters than cells', async () => {
    await refusal({ cells: [] }).toThrow('no cell is given');
    await refusal({ parameters: [] }).toThrow('no parameter is given');
    await refusal({ cells: [...CELLS, CELLS[0]!] }).toThrow('cell chase.grace.l3 is given twice');
    await refusal({ parameters: ['l3-ways', 'l3-ways'] }).toThrow('parameter l3-ways is given twice');
    await refusal({ cells: CELLS.slice(0, 2) }).toThrow('cannot fit 7 parameters to 2 cells');
  });

  test('under a name that no profile can have', async () => {
    await refusal({ name: 'two\nlines' }).toThrow('cannot fit: "two\\nlines" as the name of a profile');
  });

  test('of a flag or of zero, which have no logarithm', async () => {
    await refusal({ parameters: ['cpu-atomics-far'] }).toThrow(
      'expected a parameter above zero that is no flag',
    );
    await refusal({ parameters: ['far-lpddr-extra'] }).toThrow('cannot fit far-lpddr-extra');
  });

  test('to a cell that the model has no figure for', async () => {
    await refusal({ predict: async (_, cells) => cells.map(() => null) }).toThrow(
      'the model has no figure for it',
    );
  });

  test('where a model gives no figure that can be', async () => {
    await expect(fitProfile(request({ predict: async (_, cells) => cells.map(() => 0) }))).rejects.toThrow(
      RangeError,
    );
  });
});
