/** Calibrations in the user's cache folder: one file for each machine and runtime, where later runs find it. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolders, prepareFolder } from '../device/native/cache.ts';
import { BarometerError } from '../errors.ts';
import { type Calibration, parseCalibration } from '../results/calibration.ts';
import { canonicalJson } from '../results/canonical-json.ts';
import { replaceFile } from '../results/store.ts';

const KEY_DIGITS = 12;

/**
 * Saves in the first cache folder that can be written.
 * @returns the path
 * @throws BarometerError where none can
 */
export function saveCalibration(calibration: Calibration, env: NodeJS.ProcessEnv): string {
  const failures: string[] = [];
  for (const folder of cacheFolders(env)) {
    const path = pathIn(folder, calibration.machine);
    try {
      prepareFolder(folder);
      replaceFile(path, formatCalibration(calibration));
      return path;
    } catch (error) {
      failures.push(`${folder}: ${(error as Error).message}`);
    }
  }
  throw new BarometerError(
    `the calibration could not be saved (${failures.join('; ')}); set BAROMETER_CACHE to a folder of yours`,
  );
}

/**
 * The calibration of `machine` (see `machineOf`), or null where there is none.
 * @throws UsageError where the file holds something else
 */
export function loadCalibration(machine: Calibration['machine'], env: NodeJS.ProcessEnv): Calibration | null {
  for (const folder of cacheFolders(env)) {
    const path = pathIn(folder, machine);
    if (existsSync(path)) return parseCalibration(readFileSync(path, 'utf8'), path);
  }
  return null;
}

export function formatCalibration(calibration: Calibration): string {
  return `${JSON.stringify(calibration, null, 2)}\n`;
}

function pathIn(folder: string, machine: Calibration['machine']): string {
  const key = createHash('sha256').update(canonicalJson(machine)).digest('hex').slice(0, KEY_DIGITS);
  return join(folder, `calibration-${key}.json`);
}
