import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseCalibration } from '../../src/results/calibration.ts';
import { barometer, temporaryFolder } from './barometer.ts';

/** The one run that is made whatever the budget: four forks of one arm and its twin. */
const SHORT = ['calibrate', 'noop/call', '--impl', 'ts', '--forks', '4', '--budget', '1ms'];
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const AB = ['ab', ROOT, ROOT, 'noop/call', '--impl', 'ts', '--budget', '1ms'];

function calibrationIn(folder: string): string {
  const files = readdirSync(folder).filter((name) => name.startsWith('calibration-'));
  expect(files).toHaveLength(1);
  return join(folder, files[0]!);
}

describe('calibrate', () => {
  test('saves where later runs find it, and prints what it found', async () => {
    using folder = temporaryFolder();
    const env = { BAROMETER_CACHE: join(folder.path, 'cache') };
    const { exitCode, stdout, stderr } = await barometer(SHORT, { cwd: folder.path, env });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/noise floor/);
    const path = calibrationIn(env.BAROMETER_CACHE);
    expect(stdout).toContain(path);
    const { overall, families, interrupted } = parseCalibration(readFileSync(path, 'utf8'), path);
    expect([overall.comparisons, Object.keys(families), interrupted]).toEqual([1, ['noop'], false]);
  });

  test('--json is one document, and --out a copy of it', async () => {
    using folder = temporaryFolder();
    const env = { BAROMETER_CACHE: join(folder.path, 'cache') };
    const args = [...SHORT, '--json', '--out', 'deep/c.json'];
    const { exitCode, stdout } = await barometer(args, { cwd: folder.path, env });
    expect(exitCode).toBe(0);
    const copy = readFileSync(join(folder.path, 'deep/c.json'), 'utf8');
    expect(parseCalibration(stdout, 'stdout')).toEqual(parseCalibration(copy, 'copy'));
  });

  test('of one fork says that it takes four', async () => {
    using folder = temporaryFolder();
    const env = { BAROMETER_CACHE: folder.path };
    const { exitCode, stdout, stderr } = await barometer([...SHORT, '--forks', '1'], { env });
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/nothing was calibrated: a comparison takes four forks at least/);
  });
});

describe('a gate of ab', () => {
  test('below the floor of this host is refused before anything is measured', async () => {
    using folder = temporaryFolder();
    const options = { cwd: folder.path, env: { BAROMETER_CACHE: folder.path } };
    expect(await barometer(SHORT, options)).toMatchObject({ exitCode: 0 });
    const path = calibrationIn(folder.path);
    const calibration = parseCalibration(readFileSync(path, 'utf8'), path);
    calibration.families.noop!.noiseFloor = 0.5;
    writeFileSync(path, JSON.stringify(calibration));
    const { exitCode, stdout, stderr } = await barometer([...AB, '--fail-on', 'regression'], options);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /--margin 1%: below the noise floor of noop on this host, 50% .* expected --margin 50%/,
    );
    // Without a gate nothing depends on it.
    expect(await barometer(AB, options)).toMatchObject({ exitCode: 0, stderr: '' });
    const wide = [...AB, '--fail-on', 'regression', '--margin', '50%'];
    expect(await barometer(wide, options)).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('does not pass where nothing could be compared', async () => {
    using folder = temporaryFolder();
    const args = ['config-read/call', '--filter', 'library', '--impl', 'noop', '--budget', '1ms'];
    const options = { cwd: folder.path, env: { BAROMETER_CACHE: folder.path } };
    const gate = ['ab', ROOT, ROOT, ...args, '--fail-on', 'regression'];
    const { exitCode, stdout, stderr } = await barometer(gate, options);
    expect(exitCode).toBe(2);
    expect(stdout).toContain('path library reads registers itself');
    expect(stderr).toMatch(/^barometer: --fail-on: nothing was compared: .* Expected a workload/);
  });

  test('is inconclusive where one process alone measured, which matters only where it is asked', async () => {
    using folder = temporaryFolder();
    const options = { cwd: folder.path, env: { BAROMETER_CACHE: folder.path } };
    const outcomes = await Promise.all(
      ['regression', 'regression,inconclusive'].map((list) => barometer([...AB, '--fail-on', list], options)),
    );
    expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 4]);
  });
});
