import { expect, test } from 'vitest';
import { modelNote } from '../../src/cli/coherence-model.ts';
import { withValues } from '../../src/coherence/profiles/changed.ts';
import { openCoherenceProfile } from '../../src/coherence/profiles/profiles.ts';

test('only figures of the profile that was fitted are called calibrated to GH200', () => {
  expect(modelNote(openCoherenceProfile('gh200-120gb'))).toContain('calibrated to published GH200 latencies');
  const own = withValues(openCoherenceProfile('gh200-120gb'), { 'cpu-cores': 2 });
  expect(modelNote(own)).toContain('with parameters of which its profile calls some calibrated');
  expect(modelNote(openCoherenceProfile('pcie-gen5-io-coherent'))).toContain('not calibrated to any machine');
});
