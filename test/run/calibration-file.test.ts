import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadCalibration, saveCalibration } from '../../src/run/calibration-file.ts';
import { calibrationDocument } from '../results/calibration-document.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'barometer-calibration-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const env = () => ({ BAROMETER_CACHE: join(folder, 'cache') });
const calibration = calibrationDocument();

test('what was saved is found by the machine that it is of, and by no other', () => {
  const path = saveCalibration(calibration, env());
  expect(readdirSync(env().BAROMETER_CACHE)).toEqual([path.split('/').at(-1)]);
  expect(loadCalibration(calibration.machine, env())).toEqual(calibration);
  expect(loadCalibration({ ...calibration.machine, kernel: 'Linux 7' }, env())).toBeNull();
});

test('a newer one takes the place of an older one', () => {
  saveCalibration(calibration, env());
  const newer = calibrationDocument({ createdAt: '2026-11-21T10:00:00.000Z' });
  saveCalibration(newer, env());
  expect(loadCalibration(calibration.machine, env())).toEqual(newer);
});

test('a damaged one is refused by its name', () => {
  const path = saveCalibration(calibration, env());
  writeFileSync(path, '{');
  expect(() => loadCalibration(calibration.machine, env())).toThrow(`${path}: is not JSON`);
});
