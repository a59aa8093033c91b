/** What `npm pack` gives, installed into an empty project: the library, its types, and every command without a checkout. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MOST_BYTES = 2_000_000;
const INSTALL_MS = 120_000;

let folder: string;
let tarball: string;
let files: string[];

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

function ended(command: string, args: readonly string[], cwd: string): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { ...process.env, CI: 'true', BAROMETER_CACHE: join(folder, 'cache') };
    execFile(command, [...args], { cwd, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      resolve({ exitCode: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });
}

const barometer = (...args: string[]) =>
  ended(process.execPath, ['node_modules/barometer/dist/src/cli/barometer.cjs', ...args], folder);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'barometer-package-'));
  // dist/ is built, and `prepare` would build it again under the tests that read it.
  const packed = await ended(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
    ROOT,
  );
  expect(packed.exitCode, packed.stderr).toBe(0);
  const described = JSON.parse(packed.stdout) as unknown;
  const [report] = (Array.isArray(described) ? described : Object.values(described as object)) as [
    { filename: string; files: { path: string }[] },
  ];
  tarball = join(folder, report.filename);
  files = report.files.map(({ path }) => path);
  writeFileSync(join(folder, 'package.json'), '{"name": "empty", "private": true, "type": "module"}');
  const args = ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball];
  const installed = await ended('npm', args, folder);
  expect(installed.exitCode, installed.stderr).toBe(0);
}, INSTALL_MS);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the package', () => {
  test('is below 2 MB, and has what it needs and no sources of tests', () => {
    expect(statSync(tarball).size).toBeLessThan(MOST_BYTES);
    for (const path of [
      'dist/barometer.wasm',
      'dist/SHA256SUMS',
      'dist/samples-1.schema.json',
      'dist/src/index.js',
      'dist/src/index.d.ts',
      'dist/API.md',
      'src/device/native/device.c',
      'README.md',
      'CHANGELOG.md',
      'LICENSE',
    ]) {
      expect(files).toContain(path);
    }
    expect(files.filter((path) => path.includes('library/api.'))).toEqual([]);
    expect(files.filter((path) => /^(test|\.github|\.ci)\//.test(path))).toEqual([]);
  });

  test('has no script that runs at its installation', () => {
    const { scripts } = JSON.parse(readFileSync(join(folder, 'node_modules/barometer/package.json'), 'utf8'));
    for (const name of ['preinstall', 'install', 'postinstall']) expect(scripts).not.toHaveProperty(name);
  });

  test('brings its cores with their digests', async () => {
    const dist = join(folder, 'node_modules/barometer/dist');
    const { exitCode, stdout } = await ended('sha256sum', ['-c', 'SHA256SUMS'], dist);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('barometer.wasm: OK');
  });
});

describe('its library', () => {
  test('works in a script', async () => {
    writeFileSync(
      join(folder, 'script.js'),
      `import { measure, openDevice, summarize } from 'barometer';
       const device = openDevice('gh200-120gb');
       device.configWrite(0x24, 4, 0xffffffff);
       const samples = await measure('bench.mjs', { budgetMs: 1, forks: 1 });
       console.log(device.configRead(0x24, 4).toString(16), summarize(samples).workloads[0].name);`,
    );
    writeModule('bench.mjs', 'i');
    const { exitCode, stdout, stderr } = await ended(process.execPath, ['script.js'], folder);
    expect([exitCode, stdout, stderr]).toEqual([0, 'ffffffe0 sum\n', '']);
  });

  test('has types that a compiler takes', async () => {
    writeFileSync(
      join(folder, 'script.ts'),
      `import { type BatchAccess, openDevice, type Summary, summarize, loadSamples } from 'barometer';
       const accesses: BatchAccess[] = [{ kind: 'config-read', offsetBytes: 0, widthBytes: 4 }];
       const checksum: number = openDevice('gh200-120gb').batch(accesses).run();
       const summary: Summary = summarize(loadSamples('x.json'));
       export const ratio: number | undefined = summary.comparisons[0]?.ratio.estimate;
       // @ts-expect-error: registers have no width of 3
       openDevice('gh200-120gb').configRead(checksum, 3);`,
    );
    const options = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      'false',
      '--module',
      'nodenext',
      '--target',
      'es2024',
    ];
    const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules/@types')];
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const args = [tsc, ...options, ...types, 'script.ts'];
    const { exitCode, stdout } = await ended(process.execPath, args, folder);
    expect([exitCode, stdout]).toEqual([0, '']);
  });
});

function writeModule(name: string, term: string): void {
  const text = `export function sum(n) { let s = 0; for (let i = 0; i < n; i++) s = (s + ${term}) | 0; return s; }\n`;
  writeFileSync(join(folder, name), text);
}

describe('its commands', () => {
  test.each([
    ['list', /config-read\/batch/],
    ['inspect gh200-120gb', /NVIDIA|10de/i],
    ['size gh200-no-bar2', /passthrough/],
    ['conform --impl ts', /passed/],
    ['doctor', /node/i],
    ['--version', /^\d+\.\d+\.\d+$/m],
  ])('%s', async (line, output) => {
    const { exitCode, stdout, stderr } = await barometer(...line.split(' '));
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(output);
  });

  test('from a run to its reports', async () => {
    mkdirSync(join(folder, 'out'), { recursive: true });
    writeModule('old.mjs', 'i');
    writeModule('new.mjs', 'i + 0');
    const short = ['--budget', '1ms', '--forks', '1'];
    const lines = [
      [
        'run',
        'config-read/batch',
        '--filter',
        '"widthBytes":4,"mix":"header"',
        ...short,
        '--out',
        'out/a.json',
      ],
      [
        'run',
        'config-read/batch',
        '--filter',
        '"widthBytes":4,"mix":"header"',
        ...short,
        '--out',
        'out/b.json',
      ],
      ['ab', 'old.mjs', 'new.mjs', ...short, '--out', 'out/ab.json'],
      ['ab', '.', '.', 'noop/batch', '--impl', 'wasm,ts', ...short, '--out', 'out/installs.json'],
      ['compare', 'out/a.json', 'out/b.json'],
      ['merge', 'out/a.json', 'out/b.json', '--out', 'out/all.json'],
      ['report', 'out/ab.json', '--markdown'],
      ['history', 'add', 'out/all.json', '--file', 'out/history.ndjson'],
      ['history', 'show', '--file', 'out/history.ndjson'],
      ['calibrate', 'bench.mjs', '--budget', '1ms', '--forks', '4', '--out', 'out/calibration.json'],
    ];
    writeModule('bench.mjs', 'i');
    for (const line of lines) {
      const { exitCode, stdout, stderr } = await barometer(...line);
      expect([line[0], exitCode, stderr]).toEqual([line[0], 0, '']);
      expect(stdout).not.toBe('');
    }
  });
});
