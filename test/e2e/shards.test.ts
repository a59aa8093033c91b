/** Parts of the work on several machines: what they save is joined to the same bytes, in whatever order. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadSamples } from '../../src/results/store.ts';
import { barometer, temporaryFolder } from './barometer.ts';

const RUN = ['run', 'config-read/*', '--impl', 'wasm,ts', '--budget', '1ms', '--forks', '1', '--quiet'];

const rowsOf = (path: string) => {
  const rows = loadSamples(path).series.map(({ workload, params }) => JSON.stringify([workload, params]));
  return [...new Set(rows.filter((row) => row.includes('config-read')))].sort();
};

test('all shards together measure what one run does, and merge to the same bytes', async () => {
  using folder = temporaryFolder();
  const at = (name: string) => join(folder.path, name);
  const shards = ['1.json', '2.json', '3.json'].map(at);
  for (const [i, out] of shards.entries()) {
    const env = { CI_NODE_INDEX: `${i + 1}`, CI_NODE_TOTAL: '3' };
    const { exitCode, stderr } = await barometer([...RUN, '--shard', 'auto', '--out', out], { env });
    expect([exitCode, stderr]).toEqual([0, '']);
  }
  expect((await barometer([...RUN, '--out', at('all.json')])).exitCode).toBe(0);
  const parts = shards.map(rowsOf);
  expect(parts.flat().sort()).toEqual(rowsOf(at('all.json')));
  expect(parts.every(({ length }) => length > 0)).toBe(true);
  await barometer(['merge', ...shards, '--out', at('forward.json')]);
  await barometer(['merge', shards[2]!, shards[0]!, '--out', at('some.json')]);
  await barometer(['merge', shards[1]!, at('some.json'), '--out', at('backward.json')]);
  expect(readFileSync(at('backward.json'), 'utf8')).toBe(readFileSync(at('forward.json'), 'utf8'));
  const { exitCode, stdout } = await barometer(['report', ...shards, '--csv']);
  expect(exitCode).toBe(0);
  expect(stdout).toBe((await barometer(['report', at('forward.json'), '--csv'])).stdout);
});

test('functions of several modules are shared out one by one', async () => {
  using folder = temporaryFolder();
  for (const name of ['a', 'b', 'c']) {
    const text = `export function ${name}(n) { let s = 0; for (let i = 0; i < n; i++) s = (s + i) | 0; return s; }\n`;
    writeFileSync(join(folder.path, `${name}.mjs`), text);
  }
  const found: string[] = [];
  for (const shard of ['1/2', '2/2']) {
    const out = join(folder.path, 'out.json');
    const args = [
      'run',
      './a.mjs',
      './b.mjs',
      './c.mjs',
      '--shard',
      shard,
      '--budget',
      '1ms',
      '--forks',
      '1',
    ];
    const { exitCode, stderr } = await barometer([...args, '--out', out], { cwd: folder.path });
    expect([exitCode, stderr]).toEqual([0, '']);
    const { series, work, settings } = loadSamples(out);
    expect(settings.shard).toBe(shard);
    const names = [...new Set(series.map(({ workload }) => workload))].sort();
    expect([...new Set(work!.map(({ workload }) => workload))].sort()).toEqual(names);
    found.push(...names);
  }
  expect(found).toEqual(['a', 'c', 'b']);
});

test('a shard that nothing is left for, or that is none, is an error that says so', async () => {
  const none = await barometer([...RUN, '--shard', '99/99']);
  expect([none.exitCode, none.stdout]).toEqual([2, '']);
  expect(none.stderr).toMatch(/--shard 99\/99: nothing is left for it: \d+ groups/);
  const bad = await barometer([...RUN, '--shard', '3/2']);
  expect(bad.exitCode).toBe(2);
  expect(bad.stderr).toMatch(/expected a number and how many there are, .* as 2\/4/);
});
