import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Summary } from '../../src/report/summary.ts';
import { loadSamples } from '../../src/results/store.ts';
import { writeModule } from '../workload/hostile-modules.ts';
import { barometer, finish, start, temporaryFolder } from './barometer.ts';

const SHORT = ['--budget', '1ms', '--json'];
const sumOf = (term: string) =>
  `export function sum(n) {\n  let sum = 0;\n  for (let i = 0; i < n; i++) sum = (sum + ${term}) | 0;\n  return sum;\n}\n` +
  'function twice(i) {\n  return 2 * i;\n}\n';

describe('a module of one’s own', () => {
  test('is measured by run, with its work counted', async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'my-bench.mjs'), sumOf('twice(i)'));
    const out = join(folder.path, 'a.json');
    const args = ['run', './my-bench.mjs', ...SHORT, '--out', out];
    const { exitCode, stdout, stderr } = await barometer(args, { cwd: folder.path });
    expect([exitCode, stderr]).toEqual([0, '']);
    const { workloads } = JSON.parse(stdout) as Summary;
    expect(workloads).toMatchObject([{ name: 'sum', implementation: 'module', available: true }]);
    const { work } = loadSamples(out);
    expect(work).toMatchObject([{ workload: 'sum', counts: { tsCalls: work![0]!.operations + 1 } }]);
  });

  test('is held against another version by ab, which says how their work differs', async () => {
    using folder = temporaryFolder();
    for (const [name, term] of [
      ['old', 'twice(i)'],
      ['new', 'twice(i) + twice(1) - 2'],
    ] as const) {
      mkdirSync(join(folder.path, name));
      writeFileSync(join(folder.path, name, 'my-bench.mjs'), sumOf(term));
    }
    const args = ['ab', 'old/my-bench.mjs', 'new/my-bench.mjs', '--forks', '1'];
    const { exitCode, stdout, stderr } = await barometer(args, { cwd: folder.path });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^changed: sum, module: tsCalls (\d+) -> (\d+) \(2\)/m);
    expect(stdout).toContain('work: 0 of 1 unchanged');
  });

  test('is told from a namesake by its folder, and refused where it is named twice', async () => {
    using folder = temporaryFolder();
    for (const name of ['a', 'b']) {
      mkdirSync(join(folder.path, name));
      writeFileSync(join(folder.path, name, 'x.mjs'), sumOf('i'));
    }
    const options = { cwd: folder.path };
    const { stdout } = await barometer(['run', './a/x.mjs', './b/x.mjs', ...SHORT], options);
    const builds = (JSON.parse(stdout) as Summary).workloads.map(({ build }) => build.replace(/ .*/, ''));
    expect(builds).toEqual(['./a/x.mjs', './b/x.mjs']);
    const { exitCode, stderr } = await barometer(['run', './a/x.mjs', './b/../a/x.mjs'], options);
    expect([exitCode, stderr]).toEqual([
      2,
      'barometer: ./b/../a/x.mjs: was named twice; expected each module once\n',
    ]);
  });

  test.each([
    ['--suite', 'smoke'],
    ['--policy', 'strict'],
    ['--gpu-memory', '1GiB'],
  ])('has no %s', async (option, value) => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'x.mjs'), sumOf('i'));
    const { exitCode, stderr } = await barometer(['run', './x.mjs', option, value], { cwd: folder.path });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^barometer: --[a-z-]+ \S+: only modules are measured/);
  });
});

describe('a module that never comes back', () => {
  /** Runs it, and does `then` once it has begun. Ends when nothing holds the output open any more: no process is left. */
  async function endless(name: 'endless.mjs' | 'endless-when-called.mjs', signal: NodeJS.Signals) {
    using folder = temporaryFolder();
    const child = start(['run', writeModule(folder.path, name)], { cwd: folder.path });
    await once(child.stderr!, 'data');
    child.kill(signal);
    return await finish(child);
  }

  test.each(['endless.mjs', 'endless-when-called.mjs'] as const)('%s ends with Ctrl-C', async (name) => {
    expect(await endless(name, 'SIGINT')).toMatchObject({ exitCode: 130, stdout: '' });
  });

  test('ends with its parent, however that ends', async () => {
    expect(await endless('endless.mjs', 'SIGKILL')).toMatchObject({ exitCode: null });
  });
});
