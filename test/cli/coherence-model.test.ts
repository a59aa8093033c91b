import { expect, test } from 'vitest';
import { modelNote } from '../../src/cli/coherence-model.ts';
import { openCoherenceProfile } from '../../src/coherence/profiles/profiles.ts';

test('only figures of a profile with calibrated parameters are called calibrated', () => {
  expect(modelNote(openCoherenceProfile('gh200-120gb'))).toContain('calibrated to published GH200 latencies');
  expect(modelNote(openCoherenceProfile('pcie-gen5-io-coherent'))).toContain('not calibrated to any machine');
});
