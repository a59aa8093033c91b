/** What `npm pack` gives, installed into an empty project: the library, its types, and every command without a checkout. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENTRY } from './barometer.ts';
import { INSTALL_MS, type PackedProject, packedProject } from './packed-project.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MOST_BYTES = 2_000_000;

let project: PackedProject;
let folder: string;

const barometer = (...args: string[]) =>
  project.ended(process.execPath, ['node_modules/barometer/dist/src/cli/barometer.cjs', ...args]);

beforeAll(async () => {
  project = await packedProject();
  folder = project.folder;
}, INSTALL_MS);
afterAll(() => project?.remove());

describe('the package', () => {
  test('is below 2 MB, and has what it needs and no sources of tests', () => {
    expect(statSync(project.tarball).size).toBeLessThan(MOST_BYTES);
    for (const path of [
      'dist/barometer.wasm',
      'dist/coherence.wasm',
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
      expect(project.files).toContain(path);
    }
    expect(project.files.filter((path) => path.includes('library/api.'))).toEqual([]);
    expect(project.files.filter((path) => /^(test|\.github|\.ci)\//.test(path))).toEqual([]);
  });

  test('has no script that runs at its installation', () => {
    const { scripts } = JSON.parse(readFileSync(join(folder, 'node_modules/barometer/package.json'), 'utf8'));
    for (const name of ['preinstall', 'install', 'postinstall']) expect(scripts).not.toHaveProperty(name);
  });

  test('brings its cores with their digests', async () => {
    const check = 'cd node_modules/barometer/dist && sha256sum -c SHA256SUMS';
    const { exitCode, stdout } = await project.ended('sh', ['-c', check]);
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
    const { exitCode, stdout, stderr } = await project.ended(process.execPath, ['script.js']);
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
    const { exitCode, stdout } = await project.ended(process.execPath, args);
    expect([exitCode, stdout]).toEqual([0, '']);
  });
});

function writeModule(name: string, term: string): void {
  const text = `export function sum(n) { let s = 0; for (let i = 0; i < n; i++) s = (s + ${term}) | 0; return s; }\n`;
  writeFileSync(join(folder, name), text);
}

test('the command of a checkout can be executed, however often it was built', () => {
  expect(statSync(ENTRY).mode & 0o111).toBe(0o111);
});

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
