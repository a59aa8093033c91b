import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { appendTrial, readTrials } from '../../src/results/trials.ts';
import { trial } from '../results/trial.ts';
import { finish, temporaryFolder } from './barometer.ts';

const SELFTEST = fileURLToPath(new URL('../../dist/src/cli/selftest.js', import.meta.url));

function selftest(args: readonly string[], cwd: string) {
  const env = { PATH: process.env.PATH ?? '', BAROMETER_CACHE: join(cwd, 'cache') };
  return finish(
    spawn(process.execPath, [SELFTEST, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] }),
  );
}

describe('selftest', () => {
  test.each([
    [['aa'], /this host has no calibration: run `barometer calibrate`, or give --margin/],
    [['--hog'], /--hog: is for experiments only/],
    [['kill', '--budget', '1s'], /--budget: is for experiments only/],
    [['a.json', 'b.json'], /2 files were given; expected one/],
    [['aa', '--margin', '2%', '--budget', '1'], /--budget "1": expected a duration/],
    [['slow', '--effect', '3'], /--effect "3": expected a percentage/],
  ])('%j is refused', async (args, message) => {
    using folder = temporaryFolder();
    const { exitCode, stdout, stderr } = await selftest(args, folder.path);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  test('reads what an experiment has left, and says what is missed', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'aa.ndjson');
    for (let i = 0; i < 3; i++) appendTrial(path, trial(['same', 'slower']));
    const { exitCode, stdout } = await selftest(['tinybench', '--out', path], folder.path);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('6 of 6 pairs called different');
    expect(readTrials(path)).toHaveLength(3);
  });

  test('goes on where the file ends, with another seed', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'aa.ndjson');
    appendTrial(path, trial(['same'], { seed: 1 }));
    // One trial, however short the time.
    const short = ['--forks', '2', '--margin', '90%', '--budget', '1ms'];
    const { exitCode, stdout } = await selftest(['aa', ...short, '--out', path], folder.path);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('not enough trials yet');
    expect(readTrials(path).map(({ seed }) => seed)).toEqual([1, 2]);
  });
});
