import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Summary } from '../../src/report/summary.ts';
import { loadSamples } from '../../src/results/store.ts';
import { ANSWERING, NATIVE_NOTE, NATIVE_REASON } from '../implementations.ts';
import { barometer, ENTRY, finish, start, temporaryFolder } from './barometer.ts';

/** The shortest run of a command: every workload gets its fewest rounds. */
const SHORT = ['--budget', '1ms'];

const estimate = z.strictObject({ estimate: z.number(), low: z.number(), high: z.number() });
const params = z.record(z.string(), z.union([z.number(), z.string()]));
const side = z.object({
  workload: z.string(),
  params,
  implementation: z.string(),
  runtime: z.string(),
  build: z.string(),
});
const rowHead = z.object({
  name: z.string(),
  params,
  implementation: z.enum(['wasm', 'ts', 'native', 'noop']),
  runtime: z.string().startsWith('node '),
  build: z.string().startsWith('barometer '),
  evidence: z.literal('measured'),
  latencyNs: z.null(),
});
const measured = rowHead.extend({
  available: z.literal(true),
  reason: z.null(),
  checksum: z.string().regex(/^[0-9a-f]{8}$/),
  tier: z.enum(['turbofan', 'liftoff', 'maglev', 'interpreter', 'native', 'mixed']),
  nsPerOp: estimate,
  opsPerSec: z.number().positive(),
  bytesPerSec: z.object({ payload: z.number(), traffic: z.number() }).nullable(),
});
const unavailable = rowHead.extend({
  available: z.literal(false),
  reason: z.string().min(1),
  checksum: z.null(),
  tier: z.null(),
  nsPerOp: z.null(),
  opsPerSec: z.null(),
  bytesPerSec: z.null(),
});
/** What programs may rely on: fields may come, none may go or change its meaning. */
const summarySchema = z.object({
  schema: z.literal('barometer/summary/1'),
  fingerprint: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  settings: z.looseObject({ seed: z.int() }),
  workloads: z.array(z.discriminatedUnion('available', [measured, unavailable])),
  comparisons: z.array(
    z.object({
      kind: z.enum(['implementation', 'emulation', 'sparse', 'alignment', 'runtime', 'build', 'call']),
      baseline: side,
      candidate: side,
      ratio: estimate,
      verdict: z.enum(['faster', 'slower', 'same', 'inconclusive']).nullable(),
    }),
  ),
});

describe('a run', () => {
  test('of the smoke suite prints the table and saves the samples where it is told to', async () => {
    using folder = temporaryFolder();
    const out = join(folder.path, 'deep', 'a.json');
    const { exitCode, stdout, stderr } = await barometer(['run', '--suite', 'smoke', ...SHORT, '--out', out]);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('config-read');
    expect(stdout).toContain('a.json');
    expect(stdout).not.toContain('\x1b');
    const { series, settings } = loadSamples(out);
    expect(settings).toMatchObject({ suite: 'smoke', budgetMs: 1, device: 'gh200-120gb', policy: 'nvgrace' });
    expect(new Set(series.map(({ implementation }) => implementation))).toEqual(
      new Set([...ANSWERING, 'noop']),
    );
  });

  test('--json is one document on standard output and nothing else there', async () => {
    using folder = temporaryFolder();
    const args = [
      'run',
      'config-read/*',
      'region-read/call',
      'noop/call',
      '--filter',
      'header|call',
      ...SHORT,
    ];
    const { exitCode, stdout, stderr } = await barometer([...args, '--json'], { cwd: folder.path });
    expect([exitCode, stderr]).toEqual([0, '']);
    const summary = summarySchema.parse(JSON.parse(stdout));
    const kinds = new Set(summary.comparisons.map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['implementation', 'call']));
    expect(summary.workloads.filter(({ available }) => !available)).toMatchObject([
      { name: 'config-read/call', implementation: 'noop' },
    ]);
    const bytes = summary.workloads.find(
      ({ name, implementation }) => name === 'region-read/call' && implementation === 'ts',
    )!.bytesPerSec!;
    expect(bytes.traffic / bytes.payload).toBeCloseTo(2);
    // Saved all the same, in the folder of results, named after the time.
    const [file, ...others] = readdirSync(join(folder.path, 'results'));
    expect(others).toEqual([]);
    expect(file).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.json$/);
    expect(loadSamples(join(folder.path, 'results', file!)).series.length).toBeGreaterThan(0);
  });

  test('on a machine without a C compiler has rows that say so, and measures the others', async () => {
    using folder = temporaryFolder();
    const args = [
      'run',
      'config-read/batch',
      '--filter',
      'header',
      '--impl',
      'wasm,native',
      ...SHORT,
      '--json',
    ];
    const { exitCode, stdout, stderr } = await barometer(args, {
      cwd: folder.path,
      env: { CC: '/nowhere/cc' },
    });
    expect([exitCode, stderr]).toEqual([0, '']);
    const { workloads } = summarySchema.parse(JSON.parse(stdout));
    const [wasm, native] = ['wasm', 'native'].map((name) =>
      workloads.filter((row) => row.implementation === name),
    );
    expect(native).toHaveLength(wasm!.length);
    expect(new Set(native!.map(({ reason }) => reason))).toEqual(
      new Set(['CC is "/nowhere/cc", which does not run: set it to a C compiler, or unset it']),
    );
    expect(wasm!.every(({ available }) => available)).toBe(true);
  });

  test('of nothing but what the machine lacks says why, and is no failure', async () => {
    using folder = temporaryFolder();
    const args = ['run', 'noop/*', '--impl', 'native', ...SHORT];
    const { exitCode, stdout } = await barometer(args, { cwd: folder.path, env: { CC: '/nowhere/cc' } });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Nothing was measured\.\n\n– native is not available: CC is "\/nowhere\/cc"/);
  });

  test.skipIf(NATIVE_REASON !== null)(
    `of native code for this processor is of a build of its own${NATIVE_NOTE}`,
    async () => {
      using folder = temporaryFolder();
      const args = ['run', 'noop/batch', '--impl', 'wasm,native', '--native-build', 'march-native', ...SHORT];
      const { exitCode, stdout } = await barometer([...args, '--json'], { cwd: folder.path });
      expect(exitCode).toBe(0);
      const { workloads, comparisons } = summarySchema.parse(JSON.parse(stdout));
      const builds = Object.fromEntries(workloads.map((row) => [row.implementation, row.build]));
      expect(builds.native).toBe(`${builds.wasm} -march=native`);
      expect(comparisons).toEqual([]);
    },
  );

  test('--plot draws the forks below the table, in ASCII unless the locale is of UTF-8', async () => {
    using folder = temporaryFolder();
    const args = ['run', 'noop/batch', '--impl', 'wasm,ts', '--plot', ...SHORT];
    const { exitCode, stdout } = await barometer(args, { cwd: folder.path, env: { LC_ALL: 'C' } });
    expect(exitCode).toBe(0);
    const [, plots] = stdout.split('\nTime per operation. ');
    expect(plots).toMatch(/^noop batch\n {2}wasm .*O.*\n {2}ts .*O.*\n +[-+]+\n/m);
    expect(plots).toMatch(/^[\n -~]*$/);
  });

  test('of one implementation measures that one alone', async () => {
    using folder = temporaryFolder();
    const args = ['run', 'noop/batch', '--impl', 'ts', '--seed', '7', ...SHORT, '--json'];
    const { exitCode, stdout } = await barometer(args, { cwd: folder.path });
    expect(exitCode).toBe(0);
    const { workloads, settings } = summarySchema.parse(JSON.parse(stdout));
    expect(workloads.map(({ implementation }) => implementation)).toEqual(['ts']);
    expect(settings.seed).toBe(7);
  });

  test.each(['core', 'strict'])('on generic-type0 under policy %s', async (policy) => {
    using folder = temporaryFolder();
    const args = [
      'run',
      'config-*/batch',
      '--device',
      'generic-type0',
      '--policy',
      policy,
      ...SHORT,
      '--json',
    ];
    const { exitCode, stdout, stderr } = await barometer(args, { cwd: folder.path });
    expect([exitCode, stderr]).toEqual([0, '']);
    const { workloads, settings } = summarySchema.parse(JSON.parse(stdout));
    expect(settings).toMatchObject({ device: 'generic-type0', policy });
    const missing = workloads.filter(({ available }) => !available);
    expect(new Set(missing.map(({ reason }) => reason))).toEqual(
      new Set(['generic-type0 has no capabilities']),
    );
    expect(workloads.length - missing.length).toBeGreaterThan(20);
  });

  test('with memory of another size than the profile has', async () => {
    using folder = temporaryFolder();
    const args = ['run', 'region-read/batch', '--filter', 'memlength', '--gpu-memory', '2GiB', ...SHORT];
    expect(await barometer(args, { cwd: folder.path })).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

describe('a results folder that cannot be written', () => {
  test('costs the file and nothing else: the table is printed, the message says path and advice', async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'results'), 'a file where a folder is needed');
    const { exitCode, stdout, stderr } = await barometer(['run', 'noop/call', ...SHORT], {
      cwd: folder.path,
    });
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/^noop\n {2}call /m);
    expect(stdout).not.toContain('saved');
    expect(stderr).toMatch(
      /^barometer: could not save the samples to results\/\S+\.json: .*(EEXIST|ENOTDIR).*Choose another place with --out FILE\n$/,
    );
  });

  test('with --json the document is printed too', async () => {
    using folder = temporaryFolder();
    const out = join(folder.path, 'file', 'a.json');
    writeFileSync(join(folder.path, 'file'), '');
    const { exitCode, stdout, stderr } = await barometer([
      'run',
      'noop/call',
      ...SHORT,
      '--json',
      '--out',
      out,
    ]);
    expect(exitCode).toBe(2);
    expect(summarySchema.parse(JSON.parse(stdout)).workloads).toHaveLength(4);
    expect(stderr).toContain(out);
  });
});

describe('an interrupted run', () => {
  /** Interrupts a run of many groups as soon as it has saved the first. */
  async function interrupted(folder: string, signal: NodeJS.Signals, whom: 'parent' | 'all' = 'parent') {
    const out = join(folder, 'a.json');
    const args = ['run', 'noop/*', 'config-*', '--impl', 'ts', '--budget', '8s', '--out', out];
    const child = start(args, { detached: whom === 'all' });
    let isSent = false;
    const watcher = watch(folder, () => {
      // Once: a second signal ends the process where it stands.
      if (isSent || !existsSync(out)) return;
      isSent = true;
      process.kill(whom === 'all' ? -child.pid! : child.pid!, signal);
    });
    const outcome = await finish(child);
    watcher.close();
    return { out, ...outcome };
  }

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'by %s keeps the file, prints the table, exits 130',
    async (signal) => {
      using folder = temporaryFolder();
      const { out, exitCode, stdout, stderr } = await interrupted(folder.path, signal);
      expect([exitCode, stderr]).toEqual([130, '']);
      expect(stdout).toContain(basename(out));
      const rows = loadSamples(out).series.filter(({ phase, layer }) => phase === 'steady' && !layer);
      const names = new Set(rows.map(({ workload }) => workload));
      expect(names.size).toBeGreaterThan(0);
      expect(names.size).toBeLessThan(6);
      for (const name of names) expect(stdout).toContain(name.split('/')[0]);
      expect(readdirSync(folder.path)).toEqual(['a.json']);
    },
  );

  // The process that measures the next group is just being started then, and dies of it.
  test.each(['SIGINT', 'SIGHUP'] as const)(
    'by %s of its terminal, which reaches its forks as well, is no failure of theirs',
    async (signal) => {
      using folder = temporaryFolder();
      const { out, exitCode, stderr } = await interrupted(folder.path, signal, 'all');
      expect([exitCode, stderr]).toEqual([130, '']);
      expect(loadSamples(out).excluded).toEqual([]);
    },
  );
});

const DUMPS = fileURLToPath(new URL('../../../shared/data/lspci/', import.meta.url));

describe('devices of others', () => {
  const dump = join(DUMPS, 'cap-rebar.txt');

  test.skipIf(!existsSync(dump))(
    'a function of a real lspci dump (skipped where ../shared/data/lspci is not beside this checkout)',
    async () => {
      using folder = temporaryFolder();
      const slot = /^([0-9a-f:.]+) .*VGA/m.exec(readFileSync(dump, 'utf8'))?.[1];
      const args = [
        'run',
        'config-read/batch',
        '--device',
        `${dump}#${slot}`,
        '--policy',
        'core',
        ...SHORT,
        '--json',
      ];
      const { exitCode, stdout, stderr } = await barometer(args, { cwd: folder.path });
      expect([exitCode, stderr]).toEqual([0, '']);
      expect(summarySchema.parse(JSON.parse(stdout)).workloads.every(({ available }) => available)).toBe(
        true,
      );
    },
  );

  test('a raw configuration file', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'config');
    const config = new Uint8Array(256);
    config.set([0x86, 0x80, 0x02, 0x00]);
    writeFileSync(path, config);
    const args = ['run', 'config-*', '--filter', 'bars', '--device', path, ...SHORT];
    const { exitCode, stdout, stderr } = await barometer(args, { cwd: folder.path });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('policy strict');
  });

  const sysfs = '/sys/bus/pci/devices';
  const own = existsSync(sysfs) ? readdirSync(sysfs)[0] : undefined;
  test.skipIf(own === undefined)(
    'this machine’s own (skipped where sysfs shows no PCI function)',
    async () => {
      using folder = temporaryFolder();
      const args = ['run', 'config-read/batch', '--filter', 'header', '--device', `host:${own}`, ...SHORT];
      expect(await barometer(args, { cwd: folder.path })).toMatchObject({ exitCode: 0, stderr: '' });
      const { exitCode, stdout } = await barometer(['inspect', `host:${own}`]);
      expect(exitCode).toBe(0);
      expect(stdout).toContain(own!);
    },
  );

  test('several functions are not one: the message lists them', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'dump.txt');
    writeFileSync(path, ['00:01.0 A', '00: 86 80 02 00', '', '00:02.0 B', '00: 86 80 03 00', ''].join('\n'));
    const { exitCode, stdout, stderr } = await barometer(['run', '--device', path]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/holds 2 functions; pick one with FILE#SLOT: 00:01\.0, 00:02\.0/);
  });
});

/** Runs in a terminal of its own: util-linux's script(1), as on any Linux. */
function inTerminal(args: readonly string[], columns: number, env: Record<string, string> = {}) {
  const quote = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;
  const command = `stty cols ${columns}; ${[process.execPath, ENTRY, ...args].map(quote).join(' ')}`;
  using folder = temporaryFolder();
  return spawnSync('script', ['-qec', command, '/dev/null'], {
    encoding: 'utf8',
    cwd: folder.path,
    env: { PATH: process.env.PATH ?? '', TERM: 'xterm', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  }).stdout;
}
const hasScript = spawnSync('script', ['-qec', 'stty size', '/dev/null'], { stdio: 'ignore' }).status === 0;

describe.skipIf(!hasScript)('in a terminal (skipped where there is no script(1))', () => {
  const ESCAPE = '\x1b';
  const STYLE = new RegExp(`${ESCAPE}\\[\\d+m`);
  const CLEAR_LINE = `\r${ESCAPE}[2K`;
  const args = ['run', 'noop/call', 'config-read/call', ...SHORT];

  test('shows progress and colours', () => {
    const screen = inTerminal(args, 80);
    expect(screen).toContain(CLEAR_LINE);
    expect(screen).toMatch(STYLE);
  });

  test.each([
    [{ NO_COLOR: '1' }, [], { colours: false, progress: true }],
    [{ CI: 'true' }, [], { colours: true, progress: false }],
    [{}, ['--quiet'], { colours: true, progress: false }],
  ])('%j and %j give %j', (env, flags, { colours, progress }) => {
    const screen = inTerminal([...args, ...flags], 80, env as Record<string, string>);
    expect(STYLE.test(screen)).toBe(colours);
    expect(screen.includes(CLEAR_LINE)).toBe(progress);
  });

  test.each([40, 60, 80])('no line of the report is wider than %i columns', (columns) => {
    const screen = inTerminal([...args, '--quiet'], columns, { NO_COLOR: '1' });
    const lines = screen.split('\r\n').filter((line) => !line.includes('results/'));
    expect(lines.length).toBeGreaterThan(8);
    expect(lines.filter((line) => [...line].length > columns)).toEqual([]);
  });
});

test('ab has ten seconds for each workload, unless --budget says otherwise', async () => {
  using folder = temporaryFolder();
  const checkout = fileURLToPath(new URL('../..', import.meta.url));
  const given = [
    'noop/batch',
    '--impl',
    'wasm',
    '--forks',
    '1',
    '--json',
    '--out',
    join(folder.path, 'a.json'),
  ];
  const { exitCode, stdout } = await barometer(['ab', checkout, checkout, ...given]);
  expect(exitCode).toBe(0);
  const { settings, workloads } = JSON.parse(stdout) as Summary;
  const names = new Set(workloads.map(({ name, params }) => JSON.stringify([name, params])));
  expect(settings.budgetMs).toBe(10_000 * names.size);
});
