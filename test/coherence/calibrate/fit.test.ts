import { describe, expect, test } from 'vitest';
import { fitProfile } from '../../../src/coherence/calibrate/fit.ts';
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

const predict: ProfilePredict = (profile, cells) => cells.map((cell) => madeUp(profile, cell));

function request(changes: Partial<FitRequest> = {}): FitRequest {
  const common = { name: 'fitted', parameters: PARAMETERS, cells: CELLS, predict, seed: 7, randomStarts: 2 };
  return { profile: GH200, ...common, ...changes };
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
  test('finds the parameters that a made-up machine was given', () => {
    // Published figures stand for what the machine gives, scaled cell by cell.
    const scaled: ProfilePredict = (profile, cells) =>
      cells.map((cell) => (madeUp(profile, cell) / madeUp(GH200, cell)) * middleOf(publishedCell(cell)));
    const { profile, errors } = fitProfile(request({ profile: OFF, predict: scaled }));
    for (const name of PARAMETERS) {
      // Whole numbers: picoseconds are exact enough, lines in flight to one.
      const tolerance = name === 'cpu-outstanding-reads' ? 1 : GH200.values[name] * 1e-4 + 1;
      expect(Math.abs(profile.values[name] - GH200.values[name]), name).toBeLessThanOrEqual(tolerance);
    }
    expect(Math.max(...errors.map(({ error }) => Math.abs(error)))).toBeLessThan(0.02);
  });

  test('comes as near to published figures as whole numbers can', () => {
    const { errors, idle } = fitProfile(request({ profile: OFF }));
    expect(errors.map(({ cell }) => cell)).toEqual(CELLS);
    expect(idle).toEqual([]);
    expect(Math.max(...errors.map(({ error }) => Math.abs(error)))).toBeLessThan(0.01);
  });

  test('writes a profile that says what it was fitted to, by which split', () => {
    const { text, profile } = fitProfile(request());
    expect(parseCoherenceProfile(text, 'x')).toEqual(profile);
    expect(profile).toMatchObject({ name: 'fitted', split: SPLIT_SHA256 });
    expect(profile.provenance['gpu-fabric-hop']).toEqual({
      class: 'calibrated',
      source: 'fitted to chase.hopper.l2, chase.hopper.hbm, chase.hopper.lpddr; seed 7',
    });
    expect(profile.provenance['l3-ways']).toEqual(GH200.provenance['l3-ways']);
    expect(profile.values['l3-ways']).toBe(GH200.values['l3-ways']);
  });

  test('with the same seed is the same text', () => {
    expect(fitProfile(request({ profile: OFF })).text).toBe(fitProfile(request({ profile: OFF })).text);
    expect(fitProfile(request({ seed: 8 })).text).toContain('; seed 8');
  });

  test('keeps the best of its starts', () => {
    const alone = fitProfile(request({ profile: OFF, randomStarts: 0 }));
    const many = fitProfile(request({ profile: OFF, randomStarts: 4 }));
    const cost = (fit: typeof alone) =>
      fit.errors.reduce((sum, { error }) => sum + Math.log1p(error) ** 2, 0);
    expect(cost(many)).toBeLessThanOrEqual(cost(alone));
    expect(many.evaluations).toBeGreaterThan(alone.evaluations);
  });

  test('claims nothing about a parameter that no cell hangs on', () => {
    const parameters: ParameterName[] = ['gpu-l1-hit', 'gpu-fabric-hop'];
    const { profile, idle } = fitProfile(request({ parameters }));
    expect(idle).toEqual(['gpu-l1-hit']);
    expect(profile.provenance['gpu-l1-hit']).toEqual(GH200.provenance['gpu-l1-hit']);
    expect(profile.values['gpu-l1-hit']).toBe(GH200.values['gpu-l1-hit']);
  });

  test('that names all cells of the calibration is still read back', () => {
    const all: ProfilePredict = (profile, cells) => cells.map(() => profile.values['hbm-latency']);
    const { text } = fitProfile(
      request({ parameters: ['hbm-latency'], cells: SPLIT.calibration, predict: all }),
    );
    expect(parseCoherenceProfile(text, 'x').provenance['hbm-latency'].source).toContain(
      SPLIT.calibration.at(-1)!,
    );
  });
});

describe('a fit is refused', () => {
  const refusal = (changes: Partial<FitRequest>) => {
    expect(() => fitProfile(request(changes))).toThrow(UsageError);
    return expect(() => fitProfile(request(changes)));
  };

  test.each([
    'chase.grace.hbm',
    'pingpong.hbm.grace-grace',
    'read.grace.hbm',
    'chase.grace.peer-hbm',
    'nothing',
  ])('to %s, which is not in the calibration set', (cell) => {
    refusal({ cells: [...CELLS, cell] }).toThrow(
      `cannot fit to ${cell}: not in the calibration set; expected some`,
    );
  });

  test('without cells or parameters, with one twice, or with more parameters than cells', () => {
    refusal({ cells: [] }).toThrow('no cell is given');
    refusal({ parameters: [] }).toThrow('no parameter is given');
    refusal({ cells: [...CELLS, CELLS[0]!] }).toThrow('cell chase.grace.l3 is given twice');
    refusal({ parameters: ['l3-ways', 'l3-ways'] }).toThrow('parameter l3-ways is given twice');
    refusal({ cells: CELLS.slice(0, 2) }).toThrow('cannot fit 7 parameters to 2 cells');
  });

  test('under a name that no profile can have', () => {
    refusal({ name: 'two\nlines' }).toThrow('cannot fit: "two\\nlines" as the name of a profile');
  });

  test('of a flag or of zero, which have no logarithm', () => {
    refusal({ parameters: ['cpu-atomics-far'] }).toThrow('expected a parameter above zero that is no flag');
    refusal({ parameters: ['far-lpddr-extra'] }).toThrow('cannot fit far-lpddr-extra');
  });

  test('to a cell that the model has no figure for', () => {
    refusal({ predict: (_, cells) => cells.map(() => null) }).toThrow('the model has no figure for it');
  });

  test('where a model gives no figure that can be', () => {
    expect(() => fitProfile(request({ predict: (_, cells) => cells.map(() => 0) }))).toThrow(RangeError);
  });
});
