import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BarometerError } from '../../src/errors.ts';
import type { ModuleVersion } from '../../src/measure/fork-protocol.ts';
import { Fork } from '../../src/run/fork.ts';
import { temporaryFolder } from '../e2e/barometer.ts';

function startFork(): Fork {
  const ended = (end: object) => new BarometerError(JSON.stringify(end));
  return new Fork({ runtime: process.execPath, silenceMs: 60_000, progress: () => {}, ended });
}

test('a result of any length arrives before the process ends', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'long.mjs');
  // A megabyte of parameters, which the description repeats; a pipe holds a few hundred kilobytes.
  writeFileSync(
    path,
    'export const f = (n) => n;\n' +
      "const params = Array.from({ length: 20 }, (_, i) => ({ word: String(i).padEnd(50_000, 'x') }));\n" +
      'export const barometer = { f: { operations: 7, params } };\n',
  );
  const fork = startFork();
  const workloads = await fork.describe({ path, build: 'b' });
  expect(workloads).toHaveLength(20);
  expect(JSON.stringify(workloads).length).toBeGreaterThan(1_000_000);
});

test('one that has ended is not waited for', async () => {
  const fork = startFork();
  const process = (fork as unknown as { process: NodeJS.EventEmitter }).process;
  fork.kill();
  await once(process, 'exit');
  const version: ModuleVersion = { path: '/nowhere.mjs', build: 'b' };
  await expect(fork.describe(version)).rejects.toThrow('"signal":"SIGKILL"');
});
