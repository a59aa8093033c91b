import { type Calibration, machineOf } from '../../src/results/calibration.ts';
import { arm, samplesDocument } from './document.ts';

const verdicts = {
  margin: 0.01,
  same: 60,
  inconclusive: 10,
  faster: 0,
  slower: 0,
  falseShare: 0,
  falseShareBound: 0.042,
  suiteRuns: 5,
  suiteRunsWithFalse: 0,
};

/** Of the machine that `samplesDocument` was measured on, with `changes` applied. */
export function calibrationDocument(changes: Partial<Calibration> = {}): Calibration {
  const { fingerprint } = samplesDocument();
  const limits = { comparisons: 70, noiseFloor: 0.02, noiseFloorApart: 0.05, smallestEffect: 0.04 };
  return {
    schema: 'barometer/calibration/1',
    createdAt: '2026-11-20T10:00:00.000Z',
    machine: machineOf(fingerprint, arm.runtime),
    fingerprint,
    settings: { seed: 1, margin: 0.01, looks: [4, 6, 9, 12], budgetMs: 180_000 },
    interrupted: false,
    atMargin: verdicts,
    atFloor: { ...verdicts, margin: 0.02, same: 66, inconclusive: 4 },
    overall: limits,
    families: {
      'config-read': { ...limits, comparisons: 20, noiseFloor: 0.005, noiseFloorApart: 0.03 },
      'region-copy': { ...limits, comparisons: 20, noiseFloor: 0.023, noiseFloorApart: 0.08 },
    },
    ...changes,
  };
}
