import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BarometerError } from '../../src/errors.ts';
import type { ModuleVersion } from '../../src/measure/fork-protocol.ts';
import { Fork } from '../../src/run/fork.ts';
import { ForkSupply } from '../../src/run/fork-supply.ts';
import { temporaryFolder } from '../e2e/barometer.ts';

function startFork(): Fork {
  const ended = (end: object) => new BarometerError(JSON.stringify(end));
  const fork = new Fork(process.execPath);
  fork.useFor({ silenceMs: 60_000, progress: () => {}, ended });
  return fork;
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

describe('forks that are started ahead', () => {
  const RUNTIMES = [{ path: process.execPath, label: 'node' }];

  test('are those that are taken next, and those that died meanwhile are not', async () => {
    const supply = new ForkSupply(RUNTIMES);
    await supply.stock();
    const [first] = supply.take();
    await supply.stock();
    const [second] = supply.take();
    expect(first === second).toBe(false);
    await supply.stock();
    const dead = (supply as unknown as { ahead: Fork[] }).ahead[0]!;
    dead.kill();
    await once((dead as unknown as { process: NodeJS.EventEmitter }).process, 'exit');
    const [third] = supply.take();
    expect([dead.isAlive, third!.isAlive, third === dead]).toEqual([false, true, false]);
    for (const fork of [first!, second!, third!]) fork.kill();
  });

  test('that cannot start are waited for no longer than that takes', async () => {
    const supply = new ForkSupply([{ path: '/nowhere/node', label: 'node x' }]);
    await supply.stock();
    supply.close();
  });
});
