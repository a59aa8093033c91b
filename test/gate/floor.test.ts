import { expect, test } from 'vitest';
import { floorOf } from '../../src/gate/floor.ts';
import { calibrationDocument } from '../results/calibration-document.ts';

const read = { workload: 'config-read/call', implementation: 'wasm' };
const copy = { workload: 'region-copy', implementation: 'ts' };
const sizing = { workload: 'bar-size/linux', implementation: 'native' };
const calibration = calibrationDocument();

const noisiest = { margin: 0.023, of: 'the noisiest workloads' };

test.each([
  ['the only family', [read], { margin: 0.005, of: 'config-read' }],
  ['the noisiest of several', [read, copy], { margin: 0.023, of: 'region-copy' }],
  ['the highest there is where one was not calibrated', [read, sizing], noisiest],
  ['none without arms', [], null],
])('the floor is %s', (_, arms, floor) => {
  expect(floorOf(calibration, arms, 'interleaved')).toEqual(floor);
});

test('a family that was not calibrated never gets less than all together', () => {
  const { overall } = calibration;
  const loud = calibrationDocument({ overall: { ...overall, noiseFloor: 0.03 } });
  expect(floorOf(loud, [sizing], 'interleaved')).toEqual({ ...noisiest, margin: 0.03 });
});

test('two runs that are compared afterwards have a floor of their own', () => {
  expect(floorOf(calibration, [read], 'apart')).toEqual({ margin: 0.03, of: 'config-read' });
});

test('a calibration of one run says nothing of two', () => {
  const { overall } = calibration;
  const single = calibrationDocument({ overall: { ...overall, noiseFloorApart: null }, families: {} });
  expect(floorOf(single, [read], 'apart')).toBeNull();
});
