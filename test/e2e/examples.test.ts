/** The examples, as their first lines say that they are run. */
import { spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Summary } from '../../src/report/summary.ts';
import { loadSamples } from '../../src/results/store.ts';
import { barometer, finish, type Outcome, temporaryFolder } from './barometer.ts';

const EXAMPLES = fileURLToPath(new URL('../../bench/example/', import.meta.url));

function node(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  const environment = { ...process.env, ...env };
  return finish(spawn(process.execPath, [...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] }));
}

test('each example has a test', () => {
  expect(readdirSync(EXAMPLES).sort()).toEqual(['compare-versions.js', 'own-model.js', 'size-bars.js']);
});

test('size-bars prints what each consumer concludes', async () => {
  const { exitCode, stdout, stderr } = await node([join(EXAMPLES, 'size-bars.js')]);
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^linux: .*4 mem64 137438953472 bytes/m);
  expect(stdout.trimEnd().split('\n')).toHaveLength(8);
});

test('own-model is measured, and answers as barometer does', async () => {
  using folder = temporaryFolder();
  const args = ['run', join(EXAMPLES, 'own-model.js'), '--forks', '1', '--budget', '1ms', '--json'];
  const { exitCode, stdout, stderr } = await barometer(args, { cwd: folder.path });
  expect([exitCode, stderr]).toEqual([0, '']);
  const { workloads } = JSON.parse(stdout) as Summary;
  expect(workloads.map(({ name }) => name)).toEqual(['barometers', 'own']);
  expect(workloads[0]!.checksum).toBe(workloads[1]!.checksum);
});

test('compare-versions says how two versions differ, and saves the samples', async () => {
  using folder = temporaryFolder();
  const [old, fresh, out] = ['old.mjs', 'new.mjs', 'samples.json'].map((name) => join(folder.path, name)) as [
    string,
    string,
    string,
  ];
  const text = 'export function f(n) { let s = 0; for (let i = 0; i < n; i++) s = (s + i) | 0; return s; }\n';
  writeFileSync(old, text);
  writeFileSync(fresh, text);
  const args = [join(EXAMPLES, 'compare-versions.js'), old, fresh, out];
  const { exitCode, stdout, stderr } = await node(args, { BUDGET_MS: '1' });
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^f: \d\.\d{3} \(\d\.\d{3} to \d\.\d{3}\), one process\n$/);
  expect(loadSamples(out).series.length).toBeGreaterThan(0);
});
