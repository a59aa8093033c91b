import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PATTERNS } from '../../src/agent/patterns.ts';
import { AgentPool } from '../../src/agent/pool.ts';
import { AGENT_IMPLEMENTATIONS } from '../../src/device/agent-model.ts';
import { deviceSpec } from '../../src/device/device-spec.ts';
import { findProfile } from '../../src/device/profiles.ts';
import { Random } from '../../src/random.ts';

const FOOTPRINT_BYTES = 2 ** 18;
const AGENTS = 2;
const WINDOW_MS = 5;

const profile = findProfile('gh200-120gb')!;
const spec = deviceSpec(profile.source, profile);

describe.each(AGENT_IMPLEMENTATIONS)('agents in %s', (implementation) => {
  let pool: AgentPool;
  beforeAll(() => {
    const otherBytes = Math.max(...PATTERNS.map((pattern) => pattern.otherBytes?.(AGENTS) ?? 0));
    pool = new AgentPool({
      spec,
      implementation,
      agentCount: AGENTS,
      rangeBytes: FOOTPRINT_BYTES,
      otherBytes,
    });
  });
  afterAll(() => pool.close());

  describe.each(PATTERNS.map((pattern) => [pattern.name, pattern] as const))('%s', (_, pattern) => {
    test.each(['direct', 'emulated'] as const)('leaves what it must, %s', async (path) => {
      const options = { agentCount: AGENTS, footprintBytes: FOOTPRINT_BYTES, path, random: new Random(1) };
      expect(pattern.refuses(options)).toBe(null);
      const window = pattern.plan(pool, options);
      const results = await pool.run(window.plans, path, WINDOW_MS);
      expect(window.check(results)).toBe(null);
      expect(window.operations(results)).toBeGreaterThan(0);
      for (const { stopped, startNs, endNs } of results) {
        expect(stopped).toBe(false);
        expect(endNs).toBeGreaterThan(startNs);
      }
    });
  });
});
