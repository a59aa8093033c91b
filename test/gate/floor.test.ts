import { expect, test } from 'vitest';
import { floorOf } from '../../src/gate/floor.ts';
import { calibrationDocument } from '../results/calibration-document.ts';

const read = { workload: 'config-read/call', implementation: 'wasm' };
const copy = { workload: 'region-copy', implementation: 'ts' };
const sizing = { workload: 'bar-size/linux', implementation: 'native' };
const calibration = calibrationDocument();

test.each([
  ['the only family', [read], { margin: 0.005, of: 'config-read' }],
  ['the noisiest of several', [read, copy], { margin: 0.023, of: 'region-copy' }],
  ['that of all where one was not calibrated', [read, sizing], { margin: 0.02, of: 'all workloads' }],
  ['none without arms', [], null],
])('the floor is %s', (_, arms, floor) => {
  expect(floorOf(calibration, arms, 'interleaved')).toEqual(floor);
});

test('two runs that are compared afterwards have a floor of their own', () => {
  expect(floorOf(calibration, [read], 'apart')).toEqual({ margin: 0.03, of: 'config-read' });
});

test('a calibration of one run says nothing of two', () => {
  const { overall } = calibration;
  const single = calibrationDocument({ overall: { ...overall, noiseFloorApart: null }, families: {} });
  expect(floorOf(single, [read], 'apart')).toBeNull();
});
