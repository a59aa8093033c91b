/** The import rule: a file imports only strictly lower ranks, or its own folder. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Folders and files below src/, by rank. A folder that is not named here has no place yet. */
const RANKS: readonly (readonly string[])[] = [
  ['types', 'errors'],
  ['units'],
  ['pci', 'memory', 'histogram', 'clock', 'random'],
  ['device', 'results', 'stats'],
  ['workload', 'vfio-user', 'coherence', 'report', 'gate', 'doctor'],
  ['measure', 'conform', 'qemu-proxy', 'replay'],
  ['agent'],
  ['run', 'profile'],
  ['library'],
  ['cli', 'index'],
];

/** Those that see data only: they reach neither a device nor a clock. */
const DATA_ONLY: Readonly<Record<string, readonly string[]>> = {
  results: ['types', 'errors', 'units', 'histogram', 'random'],
  stats: ['types', 'errors', 'units', 'histogram', 'random'],
  // The seeded generator is a pure function: it reaches neither.
  report: ['results', 'stats', 'types', 'errors', 'units', 'histogram', 'random'],
  gate: ['results', 'stats', 'types', 'errors', 'units', 'random'],
};

/** Implementations of the device: none may lean on another. */
const IMPLEMENTATIONS = ['wasm', 'ts', 'native', 'noop'];

/** What src/ shares with AssemblyScript: the layouts of a device and of a simulation. */
const SHARED_ASSEMBLY = ['assembly/layout.ts', 'assembly/coherence/layout.ts'];

const TOP_LEVEL_FOLDERS = [
  'assembly',
  'src',
  'bench',
  'test',
  '.ci',
  '.github',
  '.git',
  'dist',
  'node_modules',
  'results',
];
const TOP_LEVEL_FILES = [
  'package.json',
  'package-lock.json',
  'asconfig.json',
  'tsconfig.json',
  'biome.json',
  'vitest.config.ts',
  '.gitignore',
  'README.md',
  'DESIGN.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'LICENSE',
];

interface Import {
  /** Path from the repository's root. */
  readonly from: string;
  readonly to: string;
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .map((path) => join(folder, path));
}

/** Static imports, re-exports and dynamic imports of a file. */
function specifiers(path: string): string[] {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const statement =
    /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;
  return [...text.matchAll(statement)].map((match) => (match[1] ?? match[2] ?? match[3])!);
}

function importsOf(folder: string): Import[] {
  return sources(folder).flatMap((from) =>
    specifiers(from)
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => ({ from, to: relative(ROOT, join(ROOT, dirname(from), specifier)) })),
  );
}

/** Folder or file below src/ that a path belongs to. */
function unitOf(path: string): string {
  return path.split('/')[1]!.replace(/\.[a-z]+$/, '');
}

function rankOf(unit: string): number {
  return RANKS.findIndex((units) => units.includes(unit));
}

function format({ from, to }: Import): string {
  return `${from} imports ${to}`;
}

describe('imports', () => {
  const imports = importsOf('src');
  const inside = imports.filter(({ to }) => to.startsWith('src/'));

  test('are found at all', () => {
    expect(imports.length).toBeGreaterThan(50);
    expect(imports.map(format)).toContain('src/device/ts/ts-device.ts imports src/device/ts/regions.ts');
  });

  test('come from folders that have a rank', () => {
    const units = new Set(sources('src').map(unitOf));
    expect([...units].filter((unit) => rankOf(unit) < 0)).toEqual([]);
  });

  test('go to strictly lower ranks, or stay in their folder', () => {
    const wrong = inside.filter(({ from, to }) => {
      const [importer, imported] = [unitOf(from), unitOf(to)];
      return importer !== imported && rankOf(imported) >= rankOf(importer);
    });
    expect(wrong.map(format)).toEqual([]);
  });

  test('of results, stats, report and gate go to data only', () => {
    const wrong = inside.filter(({ from, to }) => {
      const allowed = DATA_ONLY[unitOf(from)];
      return allowed && unitOf(from) !== unitOf(to) && !allowed.includes(unitOf(to));
    });
    expect(wrong.map(format)).toEqual([]);
  });

  test('of an implementation of the device go to no other implementation', () => {
    const implementationOf = (path: string) => /^src\/device\/([^/]+)\//.exec(path)?.[1] ?? '';
    const wrong = inside.filter(({ from, to }) => {
      const [importer, imported] = [implementationOf(from), implementationOf(to)];
      const both = IMPLEMENTATIONS.includes(importer) && IMPLEMENTATIONS.includes(imported);
      return both && importer !== imported;
    });
    expect(wrong.map(format)).toEqual([]);
  });

  test('leave src/ only for the layouts that it shares with AssemblyScript', () => {
    const outside = imports.filter(({ to }) => !to.startsWith('src/'));
    expect(outside.filter(({ to }) => !SHARED_ASSEMBLY.includes(to)).map(format)).toEqual([]);
  });

  test('of assembly/ stay in assembly/', () => {
    const specified = sources('assembly').flatMap((from) => specifiers(from).map((to) => ({ from, to })));
    expect(specified.filter(({ to }) => !to.startsWith('.')).map(format)).toEqual([]);
    expect(
      importsOf('assembly')
        .filter(({ to }) => !to.startsWith('assembly/'))
        .map(format),
    ).toEqual([]);
  });

  test.each(SHARED_ASSEMBLY)('of the shared %s: none, and its constants are below 2^31', (path) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    expect(specifiers(path)).toEqual([]);
    const statements = text
      .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      .split(';')
      .map((line) => line.trim());
    const constants = statements.filter((line) => line !== '');
    expect(constants.filter((line) => !/^export const [A-Z0-9_]+ = \d+$/.test(line))).toEqual([]);
    expect(constants.filter((line) => Number(line.split('= ')[1]) >= 2 ** 31)).toEqual([]);
  });
});

describe('the top level', () => {
  test('holds what the project layout names and nothing else', () => {
    const entries = readdirSync(ROOT, { withFileTypes: true });
    const ignored = readFileSync(join(ROOT, '.gitignore'), 'utf8')
      .split('\n')
      .map((line) => line.replaceAll('/', ''));
    const unknown = entries.filter((entry) => {
      if (ignored.includes(entry.name)) return false;
      const allowed = entry.isDirectory() ? TOP_LEVEL_FOLDERS : TOP_LEVEL_FILES;
      return !allowed.includes(entry.name);
    });
    expect(unknown.map((entry) => entry.name)).toEqual([]);
  });
});

test('pictures of the README are there', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const pictures = [...readme.matchAll(/(?:src|srcset)="([^"]+)"/g)].map(([, path]) => path!);
  expect(pictures.length).toBeGreaterThan(0);
  expect(pictures.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('links into sections of documents lead somewhere', () => {
  const documents = ['README.md', 'DESIGN.md', 'CONTRIBUTING.md', 'bench/README.md'];
  const anchorsOf = (path: string) =>
    [...readFileSync(join(ROOT, path), 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
      title!
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .replaceAll(' ', '-'),
    );
  const broken = documents.flatMap((from) =>
    [...readFileSync(join(ROOT, from), 'utf8').matchAll(/\]\(([\w./]*)#([\w-]+)\)/g)]
      .map(([, path, anchor]) => ({ to: path === '' ? from : join(dirname(from), path!), anchor: anchor! }))
      .filter(({ to, anchor }) => !anchorsOf(to).includes(anchor))
      .map(({ to, anchor }) => `${from}: ${to}#${anchor}`),
  );
  expect(broken).toEqual([]);
});
