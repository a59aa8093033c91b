import { describe, expect, test } from 'vitest';
import { BarometerError } from '../../src/errors.ts';
import { parseDurationMs } from '../../src/units.ts';
import { suiteWorkloads } from '../../src/workload/catalog.ts';
import {
  loadScenarios,
  loadSuites,
  loadWorkloads,
  parseScenario,
  parseSuite,
  type Workload,
} from '../../src/workload/scenario.ts';
import { SIZER_NAMES } from '../../src/workload/sizer/sizers.ts';

/** Names that others rely on, with the parameters that each may have. */
const PARAMS_BY_NAME: Record<string, readonly string[]> = {
  'config-read/call': ['widthBytes', 'mix', 'path'],
  'config-read/batch': ['widthBytes', 'mix'],
  'config-write/call': ['widthBytes', 'mix'],
  'config-write/batch': ['widthBytes', 'mix'],
  'region-read/call': ['sizeBytes', 'srcOffsetBytes', 'dstOffsetBytes'],
  'region-write/call': ['sizeBytes', 'srcOffsetBytes', 'dstOffsetBytes'],
  'region-read/batch': ['sizeBytes', 'srcOffsetBytes', 'dstOffsetBytes', 'position'],
  'region-write/batch': ['sizeBytes', 'srcOffsetBytes', 'dstOffsetBytes', 'position'],
  'region-copy': ['sizeBytes', 'srcOffsetBytes', 'dstOffsetBytes'],
  'region-fill': ['sizeBytes', 'dstOffsetBytes'],
  'region-direct': ['operation', 'sizeBytes', 'srcOffsetBytes', 'dstOffsetBytes'],
  'region-sparse': ['operation', 'sizeBytes', 'footprintBytes', 'backing', 'touch'],
  'region-io': ['operation', 'sizeBytes', 'srcOffsetBytes', 'dstOffsetBytes', 'window'],
  'guest-boot': ['policy'],
  'noop/call': [],
  'noop/batch': [],
  ...Object.fromEntries(SIZER_NAMES.map((name) => [`bar-size/${name}`, ['policy']])),
};

const workloads = loadWorkloads();
const suites = loadSuites();
const label = ({ name, params }: Workload) => `${name} ${JSON.stringify(Object.entries(params).sort())}`;

describe('the workloads', () => {
  test('are named as others know them, all of them', () => {
    expect(new Set(workloads.map(({ name }) => name))).toEqual(new Set(Object.keys(PARAMS_BY_NAME)));
  });

  test('have no parameters but those of their name, in units or words', () => {
    for (const { name, params } of workloads) {
      for (const [param, value] of Object.entries(params)) {
        expect(PARAMS_BY_NAME[name], `${name} ${param}`).toContain(param);
        if (param.endsWith('Bytes')) expect(Number.isSafeInteger(value), `${name} ${param}`).toBe(true);
        else expect(value, `${name} ${param}`).toMatch(/^[a-z0-9-]+$/);
      }
    }
  });

  test('are there once each', () => {
    const labels = workloads.map(label);
    expect(labels.filter((one, i) => labels.indexOf(one) !== i)).toEqual([]);
  });

  test('have an answer on the default device under its own policy', () => {
    expect(workloads.filter(({ checksums }) => !checksums['gh200-120gb/nvgrace']).map(label)).toEqual([]);
  });

  test('share seed and group with what they are held against', () => {
    for (const direct of workloads.filter(({ name }) => name === 'region-direct')) {
      const { operation, ...place } = direct.params;
      const partners = workloads.filter(
        ({ name, params }) =>
          (name === `region-${operation}` || name === `region-${operation}/batch`) &&
          Object.keys(params).length === Object.keys(place).length &&
          Object.entries(place).every(([param, value]) => params[param] === value),
      );
      expect(partners, label(direct)).toHaveLength(1);
      const { seed, group, checksums } = partners[0]!;
      expect({ seed, group, checksums }).toEqual({
        seed: direct.seed,
        group: direct.group,
        checksums: direct.checksums,
      });
    }
  });

  test('of one group stand in one file, one after the other', () => {
    const groups = [...loadScenarios().values()].flatMap((scenario) => [
      ...new Set(scenario.workloads.map(({ group }) => group)),
    ]);
    expect(new Set(groups).size).toBe(groups.length);
  });
});

describe('the suites', () => {
  test('are the three that the command line names, each in the file of its name', () => {
    expect(suites.map(({ name }) => name).sort()).toEqual(['default', 'full', 'smoke']);
  });

  test.each(suites)('$name: every line selects something, and its budget is a duration', (suite) => {
    for (const line of suite.workloads) {
      const selected = suiteWorkloads(workloads, { ...suite, workloads: [line] });
      expect(selected.length, JSON.stringify(line)).toBeGreaterThan(0);
    }
    expect(parseDurationMs(suite.budget, suite.name)).toBeGreaterThan(0);
  });

  test('full is everything; smoke has few of the default families', () => {
    const sizes = new Map(suites.map((suite) => [suite.name, suiteWorkloads(workloads, suite).length]));
    expect(sizes.get('full')).toBe(workloads.length);
    expect(sizes.get('smoke')).toBeLessThan(sizes.get('default')!);
    expect(sizes.get('default')).toBeLessThan(sizes.get('full')!);
  });
});

describe('a malformed file', () => {
  const workload = { name: 'noop/call', params: {}, group: 'noop', seed: 1, checksums: {} };
  const scenario = (changes: object) =>
    JSON.stringify({ description: '', workloads: [{ ...workload, ...changes }] });

  test('a whole one is accepted', () => {
    expect(parseScenario(scenario({}), 'a.json').workloads).toEqual([workload]);
  });

  test.each([
    ['', 'a.json: not JSON: '],
    ['{', 'a.json: not JSON: '],
    ['[]', 'a.json: the file: '],
    ['null', 'a.json: the file: '],
    ['{}', 'a.json: description: '],
    [scenario({ seed: -1 }), 'a.json: workloads[0].seed: '],
    [scenario({ seed: 1.5 }), 'a.json: workloads[0].seed: '],
    [scenario({ seed: 2 ** 53 }), 'a.json: workloads[0].seed: '],
    [scenario({ params: { mix: null } }), 'a.json: workloads[0].params.mix: '],
    [scenario({ params: ['header'] }), 'a.json: workloads[0].params: '],
    [scenario({ checksums: { 'gh200-120gb/nvgrace': '12' } }), 'a.json: workloads[0].checksums'],
    [scenario({ sead: 1 }), 'a.json: workloads[0]: '],
  ])('%j is refused with its place', (text, message) => {
    expect(() => parseScenario(text, 'a.json')).toThrow(BarometerError);
    expect(() => parseScenario(text, 'a.json')).toThrow(message);
  });

  test('a suite too', () => {
    const suite = { name: 'a', description: '', budget: '1s', forks: 4, workloads: [{ name: '*' }] };
    expect(parseSuite(JSON.stringify(suite), 's.json')).toEqual(suite);
    expect(() => parseSuite(JSON.stringify({ ...suite, workloads: ['*'] }), 's.json')).toThrow(
      's.json: workloads[0]: ',
    );
  });
});
