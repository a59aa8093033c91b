import { expect, test } from 'vitest';
import { deviceGroups } from '../../src/run/group-plan.ts';
import type { RunPlan } from '../../src/run/run-workloads.ts';
import { runTrial, trialFacts } from '../../src/run/trial.ts';
import { TWIN_BUILDS } from '../../src/run/twins.ts';
import { workload } from '../workload/one-workload.ts';

test('a trial ends with a verdict of our own and those of tinybench on the same samples', async () => {
  const plan: RunPlan = {
    groups: deviceGroups([workload('noop/call')], {
      implementations: ['wasm', 'ts'],
      builds: TWIN_BUILDS,
      device: { device: 'gh200-120gb' },
      nativeBuild: 'O3',
      version: '0.0.0',
    }),
    runtimes: [{ path: process.execPath, label: 'node' }],
    budgetMs: 1e6,
    looks: [2],
    silenceMs: 60_000,
    seed: 3,
    head: {
      id: 'run',
      createdAt: '2026-11-22T15:30:12.000Z',
      settings: {
        seed: 3,
        device: 'gh200-120gb',
        policy: 'nvgrace',
        suite: null,
        budgetMs: 1,
        margin: 0.5,
        looks: [2],
      },
      fingerprint: {},
    },
  };
  const hooks = { progress: () => {}, signal: new AbortController().signal };
  const { durationMs, comparisons } = await runTrial({ ...plan, kinds: ['build'] }, hooks);
  expect(durationMs).toBeGreaterThan(0);
  expect(
    comparisons.map(({ candidate, kind, forkCount }) => [candidate.split(' ')[0], kind, forkCount]),
  ).toEqual([
    ['wasm', 'build', 2],
    ['ts', 'build', 2],
  ]);
  for (const { tinybench } of comparisons) {
    expect(tinybench).toEqual({
      fork: { welch: expect.any(Boolean), apart: expect.any(Boolean) },
      all: { welch: expect.any(Boolean), apart: expect.any(Boolean) },
    });
  }
  expect(trialFacts(plan)).toEqual({ createdAt: plan.head.createdAt, seed: 3, margin: 0.5, looks: [2] });
});
