import { describe, expect, test } from 'vitest';
import { familyOf, machineOf, parseCalibration } from '../../src/results/calibration.ts';
import { calibrationDocument } from './calibration-document.ts';

const again = '`barometer calibrate` writes a new one';

describe('a calibration as text', () => {
  test('is read back as it was written', () => {
    const calibration = calibrationDocument();
    expect(parseCalibration(JSON.stringify(calibration), 'c.json')).toEqual(calibration);
  });

  test.each([
    ['{"schema"', `c.json: is not JSON; expected a calibration. ${again}`],
    ['[]', /^c\.json: the file: .*expected object/],
    [JSON.stringify({ ...calibrationDocument(), schema: 'barometer/calibration/2' }), /^c\.json: schema: /],
    [JSON.stringify({ ...calibrationDocument(), overall: {} }), /^c\.json: overall\.comparisons: /],
  ])('%.40s is refused', (text, message) => {
    expect(() => parseCalibration(text, 'c.json')).toThrow(message);
  });
});

test('noise depends on machine, kernel, governor and runtime, not on load or build', () => {
  const fingerprint = { cpuModel: 'x', coreCount: 2, arch: 'x64', memoryBytes: 2 ** 34, kernel: 'Linux 6' };
  const machine = machineOf({ ...fingerprint, loadAverage1m: 3, wasmDigest: 'a' }, 'node 26.10.0');
  expect(machineOf({ ...fingerprint, loadAverage1m: 0, wasmDigest: 'b' }, 'node 26.10.0')).toEqual(machine);
  expect(machineOf({ ...fingerprint, governor: 'powersave' }, 'node 26.10.0')).not.toEqual(machine);
  expect(machineOf(fingerprint, 'node 22.15.0')).not.toEqual(machine);
});

test.each([
  ['config-read/batch', 'wasm', 'config-read'],
  ['region-copy', 'ts', 'region-copy'],
  ['squares', 'module', 'module'],
])('%s of %s is calibrated with %s', (workload, implementation, family) => {
  expect(familyOf({ workload, implementation })).toBe(family);
});
