import { expect, test } from 'vitest';
import { predictPatterns } from '../../src/cli/coherence-patterns.ts';

test('a filter that leaves nothing is told where names and parameters are', async () => {
  const asked = predictPatterns(['chase'], { profile: 'gh200-120gb', filter: 'chase-2' });
  await expect(asked).rejects.toThrow(
    '--filter "chase-2" leaves no workload of 4; `barometer coherence predict PATTERN --json` shows names and parameters',
  );
});
