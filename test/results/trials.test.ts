import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { appendTrial, readTrials } from '../../src/results/trials.ts';
import { trial } from './trial.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'barometer-trials-'));
  path = join(folder, 'deep', 'trials.ndjson');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('a file that is not there has no trials', () => {
  expect(readTrials(path)).toEqual([]);
});

test('trials come back in the order in which they were appended', () => {
  const trials = [trial(['same']), trial(['slower', 'inconclusive']), trial([null])];
  for (const one of trials) appendTrial(path, one);
  expect(readTrials(path)).toEqual(trials);
});

test('a line that was cut off, wherever, is left out, and takes no other with it', () => {
  const whole = JSON.stringify(trial(['slower', 'same']));
  for (let length = 1; length < whole.length; length++) {
    rmSync(path, { force: true });
    appendTrial(path, trial(['same']));
    appendFileSync(path, whole.slice(0, length));
    appendTrial(path, trial(['faster']));
    expect(readTrials(path)).toEqual([trial(['same']), trial(['faster'])]);
  }
});

test('what is no JSON and never began as a trial is refused', () => {
  appendTrial(path, trial(['same']));
  appendFileSync(path, 'aa: held\n');
  expect(() => readTrials(path)).toThrow(/trials\.ndjson:2: .*expected a trial of selftest/);
});

test('a line that is no trial is refused by its number', () => {
  appendTrial(path, trial(['same']));
  appendFileSync(path, '{"schema":"barometer/samples/1"}\n');
  expect(() => readTrials(path)).toThrow(/trials\.ndjson:2: .*expected a trial of selftest/);
});
