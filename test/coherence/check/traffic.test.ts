import { expect, test } from 'vitest';
import { checkTraffic } from '../../../src/coherence/check/traffic.ts';
import { openCoherenceProfile } from '../../../src/coherence/profiles/profiles.ts';
import { tsCore } from '../../../src/coherence/simulate/ts-core.ts';

const { values } = openCoherenceProfile('gh200-120gb');

test('random traffic through caches of eight lines ends, repeats, and its latencies are the sums of their parts', () => {
  const row = checkTraffic(values, 10_000, tsCore);
  expect(row).toMatchObject({ accesses: 60_000, repeats: true, sumsUp: true });
  expect(row.traceHash).toMatch(/^[0-9a-f]{8}$/);
});

test('accesses that get lost are noticed', () => {
  const core = () => {
    const whole = tsCore();
    // Never begins.
    return { ...whole, start: () => {} };
  };
  expect(() => checkTraffic(values, 10, core)).toThrow('agent 0 waits for ever');
});
