/** The script of the composite action, as a runner would start it. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { WORKLOADS } from '../../src/cli/gate-experiment.ts';
import { loadSamples } from '../../src/results/store.ts';
import { selectWorkloads } from '../../src/workload/catalog.ts';
import { loadWorkloads } from '../../src/workload/scenario.ts';
import { ENTRY, finish, type Outcome, temporaryFolder } from './barometer.ts';

const ACTION = fileURLToPath(new URL('../../.github/actions/ab/', import.meta.url));
const sumOf = (term: string) =>
  `export function sum(n) { let sum = 0; for (let i = 0; i < n; i++) sum = (sum + ${term}) | 0; return sum; }\n`;

function action(
  folder: string,
  env: Record<string, string>,
  stdout: 'pipe' | number = 'pipe',
): Promise<Outcome> {
  const child = spawn('bash', [join(ACTION, 'ab.sh')], {
    cwd: folder,
    env: {
      PATH: process.env.PATH ?? '',
      BAROMETER: `${process.execPath} ${ENTRY}`,
      GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
      GITHUB_OUTPUT: join(folder, 'output'),
      GITHUB_ACTIONS: 'true',
      CI: 'true',
      BAROMETER_CACHE: folder,
      ...env,
    },
    stdio: ['ignore', stdout, 'pipe'],
  });
  return finish(child);
}

describe('the action', () => {
  test('writes a summary, annotations, the samples and the exit code', async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'base.mjs'), sumOf('i'));
    writeFileSync(join(folder.path, 'head.mjs'), sumOf('i + 0'));
    const env = {
      BASE: 'base.mjs',
      HEAD: 'head.mjs',
      OPTIONS: '--forks=1\n--budget=1ms\n\n',
      FAIL_ON: 'regression,inconclusive',
    };
    const { exitCode, stdout } = await action(folder.path, env);
    // One process cannot decide.
    expect(exitCode).toBe(4);
    expect(stdout).toMatch(/^::warning title=barometer%3A not decided::sum B: /m);
    expect(readFileSync(join(folder.path, 'summary.md'), 'utf8')).toMatch(/^## barometer: 1 inconclusive\n/);
    expect(readFileSync(join(folder.path, 'output'), 'utf8')).toBe('exit-code=4\n');
    expect(loadSamples(join(folder.path, 'barometer-ab.json')).series.length).toBeGreaterThan(0);
  });

  test('writes everything to standard output where there is nowhere else, also where that is a file', async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'base.mjs'), sumOf('i'));
    const log = openSync(join(folder.path, 'log'), 'w');
    const env = { BASE: 'base.mjs', HEAD: 'base.mjs', OPTIONS: '--forks=1\n--budget=1ms' };
    const { exitCode } = await action(
      folder.path,
      { ...env, GITHUB_STEP_SUMMARY: '', GITHUB_OUTPUT: '', GITHUB_ACTIONS: '' },
      log,
    );
    closeSync(log);
    expect(exitCode).toBe(0);
    const text = readFileSync(join(folder.path, 'log'), 'utf8');
    expect(text).toMatch(
      /^saved {5}barometer-ab\.json$[\s\S]*^## barometer: 1 inconclusive$[\s\S]*^exit-code=0$/m,
    );
  });

  test('passes on what fails, and takes no old samples for new ones', async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'barometer-ab.json'), 'of yesterday');
    const { exitCode, stderr } = await action(folder.path, { BASE: 'none.mjs', HEAD: 'none.mjs' });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/none\.mjs: there is no such file/);
    expect(existsSync(join(folder.path, 'summary.md'))).toBe(false);
    expect(readFileSync(join(folder.path, 'output'), 'utf8')).toBe('exit-code=2\n');
  });

  test('runs nothing that an input says, whatever it says', async () => {
    using folder = temporaryFolder();
    const evil = '$(touch evil) `touch evil` ; touch evil';
    const env = { BASE: evil, HEAD: '--help', WORKLOADS: evil, OPTIONS: '', MARGIN: evil };
    const { exitCode } = await action(folder.path, env);
    expect(exitCode).toBe(2);
    expect(existsSync(join(folder.path, 'evil'))).toBe(false);
  });

  test('is used by this project on workloads that there are, those of its proof among them', () => {
    const workflow = readFileSync(join(ACTION, '../../workflows/ab.yml'), 'utf8');
    const [, lines] = /workloads: \|\n((?: {12}\S+\n)+)/.exec(workflow)!;
    const names = lines!.trim().split(/\s+/);
    expect(names).toEqual(expect.arrayContaining(WORKLOADS));
    for (const name of names) expect(selectWorkloads(loadWorkloads(), [name])).not.toEqual([]);
  });

  test('has no input inside a script', () => {
    const text = readFileSync(join(ACTION, 'action.yml'), 'utf8');
    const run = text.split('\n').filter((line) => /^\s*run:/.test(line));
    expect(run).toEqual([`      run: '"$GITHUB_ACTION_PATH/ab.sh"'`]);
    const inputs = [...text.matchAll(/^ {2}([a-z-]+):$/gm)].map(([, name]) => name!);
    for (const name of inputs.slice(0, inputs.indexOf('exit-code'))) {
      expect(text).toContain(`\${{ inputs.${name} }}`);
    }
  });
});
