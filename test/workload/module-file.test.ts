import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectModuleFile, isModuleArgument, moduleBuild } from '../../src/workload/module-file.ts';
import { loadWorkloads } from '../../src/workload/scenario.ts';
import { temporaryFolder } from '../e2e/barometer.ts';

test('files are told from names and patterns of workloads', () => {
  const files = [
    './my-bench.ts',
    '../a/b',
    '/tmp/x.mjs',
    'my-bench.ts',
    'bench/x.js',
    'x.MTS',
    'x.cjs',
    'x.tsx',
  ];
  expect(files.filter((file) => !isModuleArgument(file))).toEqual([]);
  const names = [
    ...loadWorkloads().map(({ name }) => name),
    '*',
    'config-*',
    'config-read/*',
    '*/call',
    '',
    '.',
  ];
  expect(names.filter(isModuleArgument)).toEqual([]);
});

test('a build is the name of the file and the digest of its text', () => {
  using folder = temporaryFolder();
  const [one, same, other] = ['one', 'same', 'other'].map((name) => join(folder.path, name));
  for (const path of [one!, same!, other!]) mkdirSync(path);
  writeFileSync(join(one!, 'x.ts'), 'export {};\n');
  writeFileSync(join(same!, 'x.ts'), 'export {};\n');
  writeFileSync(join(other!, 'x.ts'), 'export { };\n');
  // sha256sum of "export {};\n"
  expect(moduleBuild(join(one!, 'x.ts'))).toBe('x.ts 8e609bb71c20');
  expect(moduleBuild(join(same!, 'x.ts'))).toBe(moduleBuild(join(one!, 'x.ts')));
  expect(moduleBuild(join(other!, 'x.ts'))).not.toBe(moduleBuild(join(one!, 'x.ts')));
});

test('what cannot be a module is refused before anything runs', () => {
  using folder = temporaryFolder();
  const missing = join(folder.path, 'missing.ts');
  const named = join(folder.path, 'folder.ts');
  const script = join(folder.path, 'script.py');
  mkdirSync(named);
  writeFileSync(script, '');
  expect(() => expectModuleFile(missing)).toThrow(`${missing}: there is no such file; expected a module`);
  expect(() => expectModuleFile(named)).toThrow(`${named}: is a folder; expected a module`);
  expect(() => expectModuleFile(script)).toThrow(
    `${script}: the extension is ".py"; expected a module with one of the extensions .ts, .mts, .js, .mjs`,
  );
  expect(() => expectModuleFile('/dev/null')).toThrow('/dev/null: is not a regular file');
  expect(() => expectModuleFile(join(script, 'x.ts'))).toThrow('cannot be opened (ENOTDIR)');
});
