import { describe, expect, test } from 'vitest';
import { check, QUICK, SIZES, WHOLE } from '../../../src/coherence/check/check.ts';
import { type CheckReport, holds } from '../../../src/coherence/check/report.ts';
import { checkText } from '../../../src/coherence/check/text.ts';
import { PLANTED } from '../../../src/coherence/explore/planted.ts';
import { LITMUS_CASES } from '../../../src/coherence/litmus/run-litmus.ts';
import { openCoherenceProfile } from '../../../src/coherence/profiles/profiles.ts';
import { PROTOCOL } from '../../../src/coherence/protocol/protocol.ts';
import { tsCore } from '../../../src/coherence/simulate/ts-core.ts';

const { values } = openCoherenceProfile('gh200-120gb');
const FEW = {
  sizes: [{ cpuCount: 1, gpuCount: 1, lineCount: 1, capacity: 1 }],
  planted: PLANTED.slice(0, 2),
  cases: LITMUS_CASES.slice(0, 3),
  accesses: 500,
  watchedAccesses: 150,
  values,
  makeCore: tsCore,
} as const;
const always = async () => true;

describe('check', () => {
  test('looks at all it is given, and finds nothing wrong', async () => {
    const report = await check(FEW, always);
    expect(holds(report)).toBe(true);
    expect(report.sizes).toMatchObject([{ cores: 1, gpuAgents: 1, violations: 0, violation: null }]);
    expect(report.planted.map(({ caughtBy }) => caughtBy)).toEqual(['directory', 'single writer']);
    expect(report.litmus).toHaveLength(3);
    expect(report.traffic).toMatchObject([{ accesses: 3000, repeats: true }]);
    expect(report.watched).toHaveLength(3);
    const [watched] = report.watched;
    expect(watched).toMatchObject({ accesses: 900, violation: null, repeats: true });
    expect(holds({ ...report, watched: [{ ...watched!, violation: 'data value: old' }] })).toBe(false);
    expect(holds({ ...report, watched: [{ ...watched!, repeats: false }] })).toBe(false);
    expect(report.watchedBugs).toMatchObject([
      { bug: 'lost invalidation', caughtBy: 'directory', notDone: null },
      { bug: 'early grant', caughtBy: null, notDone: expect.stringContaining('never replies before') },
    ]);
    const text = checkText(report);
    expect(text).toMatch(/^early grant +not done +the home of the simulator never/m);
    expect(text).toMatch(/^[\d,]+ states and [\d,]+ steps, 0 violations$/m);
    expect(text).toContain('\n2 of 2 caught\n');
  });

  test('a bug that is not caught does not hold', async () => {
    const planted = [{ ...PLANTED[0]!, name: 'none at all', protocol: PROTOCOL }];
    const report = await check({ ...FEW, planted }, always);
    expect(report.planted).toMatchObject([{ bug: 'none at all', caught: false, caughtBy: null }]);
    expect(report.watchedBugs).toMatchObject([{ bug: 'none at all', caughtBy: null, notDone: null }]);
    expect(holds(report)).toBe(false);
    expect(holds({ ...report, planted: [] })).toBe(false);
    expect(holds({ ...report, planted: [], watchedBugs: [] })).toBe(true);
    expect(checkText(report).match(/^none at all {2}NOT CAUGHT/gm)).toHaveLength(2);
  });

  test('what is broken is told, with what led to it', () => {
    const broken: CheckReport = {
      sizes: [
        {
          evidence: 'modelled',
          cores: 2,
          gpuAgents: 1,
          lines: 1,
          capacity: 1,
          states: 10,
          steps: 20,
          violations: 1,
          violation: 'single writer: two of them',
          story: ['agent 0: Store 1 of line 0'],
          unused: [],
        },
      ],
      planted: [],
      litmus: [],
      traffic: [],
      watched: [],
      coverage: [],
      watchedBugs: [],
    };
    expect(holds(broken)).toBe(false);
    expect(holds({ ...broken, sizes: [] })).toBe(true);
    expect(checkText(broken)).toContain(
      'single writer: two of them\n  agent 0: Store 1 of line 0\n10 states',
    );
  });

  test('ends where it is told to, with what it has', async () => {
    let left = 4;
    const report = await check(FEW, async () => left-- > 0);
    expect(report.sizes).toHaveLength(1);
    expect(report.traffic).toEqual([]);
    expect(report.watched).toEqual([]);
  });

  test('the quick one looks at less of the same', () => {
    expect(SIZES.slice(0, QUICK.sizes.length)).toEqual(QUICK.sizes);
    expect(QUICK.cases.length).toBeLessThan(WHOLE.cases.length);
    expect(QUICK.planted).toEqual(WHOLE.planted);
  });
});
