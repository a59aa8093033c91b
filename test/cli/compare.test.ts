import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CompareFlags, compare } from '../../src/cli/compare.ts';
import { UsageError } from '../../src/errors.ts';
import { Random } from '../../src/random.ts';
import { mergeSamples } from '../../src/results/merge.ts';
import { loadSamples, saveSamples } from '../../src/results/store.ts';
import { saveCalibration } from '../../src/run/calibration-file.ts';
import { calibrationDocument } from '../results/calibration-document.ts';
import { samplesDocument, series } from '../results/document.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'barometer-compare-'));
  save('old', 2);
  save('same', 2);
  save('slow', 2.2);
  save('fast', 1.8);
  save('single', 2, 1);
  save('three', 2.2, 3);
  save('more', 2, 12, ['wasm', 'ts']);
  save('twelve', 2, 12);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const pathOf = (name: string) => join(folder, `${name}.json`);

/** Forks of one arm at so many nanoseconds, with a noise of half a percent. */
function save(name: string, ns: number, forks = 6, implementations = ['wasm']): void {
  const random = new Random(1).fork(name);
  const time = () => 1000 * ns * (1 + 0.005 * (random.float() - 0.5));
  const list = Array.from({ length: forks }, (_, fork) =>
    implementations.map((implementation) => series({ fork, implementation, durationNs: [time(), time()] })),
  ).flat();
  const settings = { ...samplesDocument().settings, note: name };
  saveSamples(pathOf(name), samplesDocument({ series: list, settings }));
}

function outcome(candidate: string, flags: CompareFlags = {}, baseline = 'old') {
  let stdout = '';
  const warnings: string[] = [];
  const io = {
    stdout: { write: (text: string) => (stdout += text) },
    color: false,
    width: 100,
    env: { BAROMETER_CACHE: folder },
    warn: (text: string) => warnings.push(text),
  };
  const exitCode = compare([pathOf(baseline), pathOf(candidate)], flags, io);
  return { exitCode, stdout, warnings };
}

test.each([
  ['same', undefined, 0],
  ['slow', undefined, 0],
  ['slow', 'regression', 3],
  ['slow', 'inconclusive', 0],
  ['fast', 'regression,inconclusive', 0],
  ['single', 'regression', 0],
  ['single', 'regression,inconclusive', 4],
  ['three', 'regression', 0],
  ['three', 'regression,inconclusive', 4],
  ['more', 'regression,inconclusive', 0],
])('%s with --fail-on %s: exit code %i', (candidate, failOn, exitCode) => {
  expect(outcome(candidate, failOn === undefined ? {} : { failOn }).exitCode).toBe(exitCode);
});

test('arms of the baseline that the candidate lacks are inconclusive to a gate', () => {
  expect(outcome('same', { failOn: 'regression' }, 'more').exitCode).toBe(0);
  const { exitCode, stdout } = outcome('same', { failOn: 'regression,inconclusive' }, 'more');
  expect(exitCode).toBe(4);
  expect(stdout).toContain('Only in');
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('A gate counts what the candidate lacks as inconclusive.');
});

test('and so is a machine of the baseline that the candidate lacks', () => {
  const there = loadSamples(pathOf('same'));
  const elsewhere = { ...there, fingerprint: { ...there.fingerprint, cpuModel: 'Other CPU' } };
  const sources = [loadSamples(pathOf('old')), elsewhere].map((samples, i) => ({ samples, source: `${i}` }));
  saveSamples(pathOf('machines'), mergeSamples(sources));
  expect(outcome('same', { failOn: 'regression' }, 'machines').exitCode).toBe(0);
  expect(outcome('same', { failOn: 'regression,inconclusive' }, 'machines').exitCode).toBe(4);
});

test('--margin says what counts as the same', () => {
  expect(outcome('slow').stdout).toContain('Changed beyond ±1%');
  expect(outcome('slow', { margin: '20%', failOn: 'regression' })).toMatchObject({ exitCode: 0 });
  expect(outcome('slow', { margin: '20%' }).stdout).toContain('All of 1 are the same within ±20%.');
});

test('--json is one document of the kind that run prints', () => {
  const { stdout, exitCode } = outcome('slow', { json: true, failOn: 'regression' });
  expect(exitCode).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 'barometer/summary/1',
    margin: 0.01,
    baseline: { source: pathOf('old') },
    workloads: [
      { name: 'config-read/batch', source: pathOf('old'), forkCount: 6 },
      { name: 'config-read/batch', source: pathOf('slow'), forkCount: 6 },
    ],
    comparisons: [{ kind: 'build', verdict: 'slower', forkCount: 6, sameAnswers: true }],
    unmatched: [],
  });
});

test.each([
  [{ failOn: 'regressions' }, '--fail-on "regressions": expected regression'],
  [{ margin: '0.01' }, '--margin "0.01": expected a percentage'],
  [{ margin: '0%' }, '--margin "0%": expected a percentage'],
])('%j is bad input, before a file is read', (flags, message) => {
  expect(() => outcome('missing', flags)).toThrow(UsageError);
  expect(() => outcome('missing', flags)).toThrow(message);
});

test('a file may be compared with itself, and is told to be', () => {
  expect(outcome('old').stdout).toContain('All of 1 are the same');
  expect(outcome('old').stdout).toContain('Both files hold the same run');
  expect(outcome('slow').stdout).not.toContain('Both files hold the same run');
});

test('a gate on a host that was not calibrated passes or not, and is told of calibrate', () => {
  const { exitCode, warnings } = outcome('slow', { failOn: 'regression' });
  expect(exitCode).toBe(3);
  expect(warnings).toEqual([
    'no calibration of this host with node 26.10.0: `barometer calibrate` says which differences between two runs ' +
      'can be told here',
  ]);
});

describe('on a calibrated host', () => {
  beforeAll(() => {
    saveCalibration(calibrationDocument(), { BAROMETER_CACHE: folder });
  });

  test('a gate below the floor between two runs is refused with that number', () => {
    const refused = () => outcome('slow', { failOn: 'regression', margin: '2.9%' });
    expect(refused).toThrow(UsageError);
    expect(refused).toThrow(
      '--margin 2.9%: below the noise floor between two runs of config-read on this host, 3% (calibrated ' +
        '2026-11-20), where identical code does not come out the same; expected --margin 3% or more.',
    );
  });

  test('a gate at the floor is none to refuse, and says nothing', () => {
    expect(outcome('twelve', { failOn: 'regression', margin: '3%' }, 'more')).toMatchObject({
      exitCode: 0,
      warnings: [],
    });
  });

  test('a floor of more forks than were compared does not hold: there is a warning, and a verdict', () => {
    expect(outcome('slow', { failOn: 'regression', margin: '3%' })).toMatchObject({
      exitCode: 3,
      warnings: [
        'the noise floor of this host was measured with 12 forks and does not hold for 6, whose intervals are ' +
          'wider: measure with --forks 12 or more, or `barometer calibrate` with the forks of this run',
      ],
    });
  });

  test('a refused margin is named as it was given', () => {
    expect(() => outcome('slow', { failOn: 'regression', margin: '0.25%' })).toThrow('--margin 0.25%: below');
  });

  test('without a gate the verdict stands, with a warning', () => {
    const { exitCode, warnings } = outcome('slow', { margin: '1%' });
    expect([exitCode, warnings.length]).toEqual([0, 1]);
    expect(warnings[0]).toContain('below the noise floor');
  });
});
