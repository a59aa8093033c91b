import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as layout from '../../assembly/layout.ts';
import { busyNs } from '../../src/agent/overlap.ts';
import { PATTERNS } from '../../src/agent/patterns.ts';
import { type AgentPlan, AgentPool, type AgentResult } from '../../src/agent/pool.ts';
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
    const options = { agentCount: AGENTS, footprintBytes: FOOTPRINT_BYTES, role: 'cpu-core' } as const;
    const otherBytes = Math.max(...PATTERNS.map((pattern) => pattern.otherBytes?.(options) ?? 0));
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
    const options = { agentCount: AGENTS, footprintBytes: FOOTPRINT_BYTES, role: 'cpu-core' } as const;

    test('leaves what it must, on either path, window for window', async () => {
      expect(pattern.refuses(options)).toBe(null);
      const planWindow = pattern.prepare(pool, { ...options, random: new Random(1) });
      for (const path of ['direct', 'emulated', 'direct'] as const) {
        const window = planWindow({ path });
        const results = await pool.run(window.plans, path, WINDOW_MS);
        expect(window.check(results)).toBe(null);
        expect(window.operations(results)).toBeGreaterThan(0);
        for (const [i, result] of results.entries()) {
          expect(result.stopped).toBe(false);
          if (window.plans[i]!.ending !== 'assists') expect(busyNs(result)).toBeGreaterThan(0);
        }
      }
    });

    test('is found out where what is measured did nothing', async () => {
      const planWindow = pattern.prepare(pool, { ...options, random: new Random(1) });
      const window = planWindow({ path: 'direct' });
      await pool.run(window.plans, 'direct', WINDOW_MS).then((results) => window.check(results));
      const idle = planWindow({ path: 'direct' });
      const results = await pool.run(idle.plans.map(idling), 'direct', WINDOW_MS);
      const said = results.map((result, i) => ({ ...result, operations: claimed(idle.plans[i]!, result) }));
      expect(idle.check(said)).not.toBe(null);
    });

    test('is found out where memory is not what it must be', async () => {
      const planWindow = pattern.prepare(pool, { ...options, random: new Random(1) });
      const window = planWindow({ path: 'direct' });
      const results = await pool.run(window.plans, 'direct', WINDOW_MS);
      const one = { ...results[0]!, operations: results[0]!.operations + 1 };
      const { memory, range } = pool;
      const first = range.address >>> 2;
      for (let i = 0; i < range.sizeBytes >>> 2; i++) memory.i32[first + i]! ^= 0x40000000;
      expect(window.check([one, ...results.slice(1)])).not.toBe(null);
    });

    if (!pattern.hasRoles) return;
    test('moves lines of 128 B in the role of a cluster', async () => {
      const role = 'sm-cluster';
      const planWindow = pattern.prepare(pool, { ...options, role, random: new Random(1) });
      const window = planWindow({ path: 'emulated' });
      expect(window.check(await pool.run(window.plans, 'emulated', WINDOW_MS))).toBe(null);
      const bytes = pattern.bytesPerOp(role);
      if (bytes) expect(bytes.payload).toBe(2 * pattern.bytesPerOp('cpu-core')!.payload);
    });
  });
});

/** The same plan, whose measured kernel does nothing to the range: it reads one line of it, again and again. */
function idling(plan: AgentPlan): AgentPlan {
  const { ending, chunkOperations } = plan;
  const task = { kernel: layout.KERNEL_READ, sizeBytes: 64 };
  // Others of a pair, or whoever serves, would wait for what never comes.
  const isPassing = ending === 'passes' || ending === 'assists';
  return { ...plan, task, ending: isPassing ? ending : 'timed', chunkOperations };
}

/** What it says that it has done: as much as the pattern asks for. */
function claimed({ ending, chunkOperations }: AgentPlan, { operations }: AgentResult): number {
  return ending === 'assists' ? operations : Math.max(operations, chunkOperations);
}
