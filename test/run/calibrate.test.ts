import { expect, test } from 'vitest';
import { calibrate } from '../../src/run/calibrate.ts';
import { deviceGroups } from '../../src/run/group-plan.ts';
import type { RunPlan } from '../../src/run/run-workloads.ts';
import { TWIN_BUILDS } from '../../src/run/twins.ts';
import { workload } from '../workload/one-workload.ts';

/** Two forks of one arm and its twin. */
function planOf(idx: number): RunPlan {
  return {
    groups: deviceGroups([workload('noop/call')], {
      implementations: ['ts'],
      builds: TWIN_BUILDS,
      device: { device: 'gh200-120gb' },
      nativeBuild: 'O3',
      version: '0.0.0',
    }),
    runtimes: [{ path: process.execPath, label: 'node' }],
    budgetMs: 1e6,
    looks: [2],
    silenceMs: 60_000,
    seed: 1 + idx,
    head: {
      id: `run-${idx}`,
      createdAt: '2026-11-22T15:30:12.000Z',
      settings: { seed: 1 + idx, device: 'gh200-120gb', policy: 'nvgrace', suite: null, budgetMs: 1 },
      fingerprint: {},
    },
  };
}

const forksOf = ({ runs }: Awaited<ReturnType<typeof calibrate>>) =>
  runs.map(({ series }) => new Set(series.map(({ fork }) => fork)).size);

test('makes one whole run, whatever the budget', async () => {
  const hooks = { progress: () => {}, signal: new AbortController().signal };
  const calibrated = await calibrate({ budgetMs: 1, planOf }, hooks);
  expect(forksOf(calibrated)).toEqual([2]);
  expect(calibrated.failure).toBeNull();
  const steady = calibrated.runs[0]!.series.filter(({ phase }) => phase === 'steady');
  expect(steady.map(({ build }) => build[0])).toEqual(['A', 'B', 'A', 'B']);
});

test('goes on with other runs, and keeps what an interrupted one has measured', async () => {
  const controller = new AbortController();
  let runs = 0;
  const hooks = {
    signal: controller.signal,
    progress: ({ pass, phase }: { pass: number; phase: string }) => {
      if (runs === 2 && pass === 1 && phase === 'preparing') controller.abort();
    },
  };
  const counted = (idx: number) => {
    runs = idx + 1;
    return planOf(idx);
  };
  const measured = await calibrate({ budgetMs: 1e6, planOf: counted }, hooks);
  expect(forksOf(measured)).toEqual([2, 1]);
});

test('ends where nothing can be measured: another run would find no more', async () => {
  const hooks = { progress: () => {}, signal: new AbortController().signal };
  const library = workload('config-read/call', { path: 'library' });
  const nothing = (idx: number) => ({
    ...planOf(idx),
    groups: deviceGroups([library], {
      implementations: ['noop'],
      builds: TWIN_BUILDS,
      device: { device: 'gh200-120gb' },
      nativeBuild: 'O3',
      version: '0.0.0',
    }),
  });
  expect(await calibrate({ budgetMs: 1e6, planOf: nothing }, hooks)).toEqual({ runs: [], failure: null });
});

test('a fork that fails ends it, and costs no run before it', async () => {
  const hooks = { progress: () => {}, signal: new AbortController().signal };
  const broken = { path: '/bin/false', label: 'node x' };
  const second = (idx: number) => (idx === 0 ? planOf(idx) : { ...planOf(idx), runtimes: [broken] });
  const calibrated = await calibrate({ budgetMs: 1e6, planOf: second }, hooks);
  expect(forksOf(calibrated)).toEqual([2]);
  expect(calibrated.failure!.message).toMatch(/exited with code 1/);
});
