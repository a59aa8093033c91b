import { describe, expect, test } from 'vitest';
import { PATTERNS } from '../../../src/agent/patterns.ts';
import { type PatternFigures, patternFigures } from '../../../src/coherence/patterns/figures.ts';
import type { PatternOptions } from '../../../src/coherence/patterns/pattern.ts';
import { PATTERN_MODELS } from '../../../src/coherence/patterns/patterns.ts';
import { predictCell } from '../../../src/coherence/predict/predict.ts';
import { openCoherenceProfile } from '../../../src/coherence/profiles/profiles.ts';
import { wasmCore } from '../../../src/coherence/simulate/wasm-core.ts';
import { Random } from '../../../src/random.ts';

const { values: VALUES } = openCoherenceProfile('gh200-120gb');
const { values: PCIE } = openCoherenceProfile('pcie-gen5-io-coherent');
/** Small caches and little in flight, so that footprints that no cache holds are small as well, and rounds short. */
const SMALL = {
  ...VALUES,
  ...{ 'cpu-l2-size': 16_384, 'l3-size': 32_768, 'l2-size': 32_768, 'gpu-l1-size': 8192 },
  ...{ 'gpu-outstanding-reads': 64, 'gpu-outstanding-writes': 64 },
};

function asked(options: Partial<PatternOptions> = {}): PatternOptions {
  return {
    ...{ values: VALUES, agents: 2, footprintBytes: 2 ** 15, placement: 'lpddr' },
    ...{ sides: ['grace', 'grace'], loadIntervalNs: 0, random: new Random(1) },
    ...options,
  };
}

function modelOf(name: string) {
  const model = PATTERN_MODELS.get(name);
  if (model === undefined || !('run' in model)) throw new Error(`${name} is not modelled`);
  return model;
}

function figures(name: string, options: Partial<PatternOptions> = {}): PatternFigures {
  const found = patternFigures(modelOf(name), asked(options), wasmCore);
  if (typeof found === 'string') throw new Error(found);
  return found;
}

test('are those of the measured mode, none missing', () => {
  expect([...PATTERN_MODELS.keys()].sort()).toEqual(PATTERNS.map(({ name }) => name).sort());
});

const MODELLED = [...PATTERN_MODELS.values()].filter((model) => 'run' in model);
const SIDES = [
  ['grace', 'hopper'],
  ['hopper', 'hopper'],
] as const;

test.each(MODELLED)(
  '$name has figures wherever it is, and a latency that is the sum of its parts',
  (model) => {
    for (const placement of ['lpddr', 'hbm'] as const) {
      // Within the caches, and beyond all of them.
      for (const footprintBytes of [2 ** 15, 2 ** 17]) {
        for (const sides of SIDES.slice(model.isShared ? 0 : 1)) {
          const { nsPerOp, accessNs, partsNs, loadBytesPerSec } = figures(model.name, {
            ...{ values: SMALL, placement, footprintBytes, sides, loadIntervalNs: 2000 },
          });
          expect(nsPerOp).toBeGreaterThan(0.1);
          expect(nsPerOp).toBeLessThan(100_000);
          const sum = Object.values(partsNs ?? {}).reduce((total, ns) => total + ns, 0);
          // Parts are of all agents, also of those that only prepare and end a little later beside others.
          if (loadBytesPerSec === null) expect(sum).toBeCloseTo(accessNs, 2);
          else expect([partsNs, loadBytesPerSec > 1e8]).toEqual([null, true]);
        }
      }
    }
  },
);

describe('figures are those of the quantities that are the same', () => {
  test('a chase of one agent, by where its footprint is', () => {
    const one = { agents: 1, footprintBytes: 2 ** 15 };
    expect(figures('chase', one).nsPerOp).toBeCloseTo(VALUES['cpu-l1-hit'] / 1000, 6);
    const far = figures('chase', { ...one, footprintBytes: 2 ** 28, placement: 'hbm' });
    expect(far.nsPerOp).toBeCloseTo(predictCell(VALUES, 'chase.grace.hbm', wasmCore)!.figure, 0);
  });

  test('ping-pong', () => {
    const both = { sides: ['grace', 'hopper'], placement: 'hbm' } as const;
    const quantity = predictCell(VALUES, 'pingpong.hbm.grace-hopper', wasmCore)!.figure;
    expect(figures('ping-pong-cas', both).nsPerOp / quantity).toBeCloseTo(1, 2);
  });
});

describe('patterns differ in what they are about', () => {
  test('chains side by side are faster than one', () => {
    const far = { agents: 1, footprintBytes: 2 ** 28 };
    const [one, two, four] = ['chase', 'chase-2', 'chase-4'].map((name) => figures(name, far).nsPerOp);
    expect([two! / one!, four! / one!]).toEqual([expect.closeTo(0.5, 1), expect.closeTo(0.25, 1)]);
  });

  test('a load that another wrote comes from there', () => {
    const [mine, other] = ['load-written-by-me', 'load-written-by-another'].map((name) => figures(name));
    expect(mine!.partsNs).toEqual({ cache: mine!.accessNs });
    expect(other!.partsNs!.snoops).toBeGreaterThan(0);
    expect(other!.nsPerOp).toBeCloseTo(other!.accessNs, 6);
  });

  test('words drawn from sixteen times what the home holds come from memory but for one in sixteen', () => {
    const values = { ...SMALL, 'l2-size': 2 ** 23 };
    const far = { values, agents: 1, footprintBytes: 2 ** 27, placement: 'hbm' } as const;
    const shareOfMemory = (name: string) =>
      figures(name, { ...far, sides: ['hopper', 'hopper'] }).partsNs!.memory! /
      (values['hbm-latency'] / 1000);
    expect(shareOfMemory('read-mostly')).toBeCloseTo(15 / 16, 1);
    // Half of its accesses write what was just read.
    expect(2 * shareOfMemory('gups')).toBeCloseTo(15 / 16, 1);
  });

  test('a load of the link is as high as it is asked for', () => {
    const at = (loadIntervalNs: number) =>
      figures('loaded-latency', { values: SMALL, footprintBytes: 2 ** 17, loadIntervalNs }).loadBytesPerSec!;
    expect(at(2000) / (4096e9 / 2000)).toBeCloseTo(1, 1);
    expect(at(100_000) / (4096e9 / 100_000)).toBeCloseTo(1, 1);
  });
});

describe('no figures', () => {
  test('of atomics that a profile has not', () => {
    const options = asked({ values: PCIE, placement: 'hbm' });
    expect(patternFigures(modelOf('contended-add'), options, wasmCore)).toBe(
      'atomics of grace do not reach hbm in this profile',
    );
    const both = asked({ values: PCIE, sides: ['grace', 'hopper'] });
    expect(patternFigures(modelOf('one-to-all-read'), both, wasmCore)).toMatch(/^no memory of this profile/);
  });

  test('of more agents than a profile has', () => {
    const options = asked({ agents: 73 });
    expect(patternFigures(modelOf('read'), options, wasmCore)).toBe('73 cores: this profile has 72');
  });
});
