import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { savedLines } from '../../src/cli/saved-lines.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'barometer-saved-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('names the samples, and the command that opens their report', () => {
  const path = join(folder, 'run.json');
  writeFileSync(path, '');
  expect(savedLines(path)).toBe(
    `saved     ${path}\nreport    npx barometer report ${path} --html ${folder}/run.html --open\n`,
  );
});

test.each(["a b'c.json", '$(id).json', '~.json', 'a&b', 'é.json'])('of %j, as a shell reads it', (name) => {
  const path = join(folder, name);
  writeFileSync(path, '');
  const command = savedLines(path).split('\n')[1]!.replace('report    npx', 'printf "%s\\n"');
  const { stdout } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
  const page = `${path.replace(/\.json$/, '')}.html`;
  expect(stdout.split('\n').slice(0, -1)).toEqual(['barometer', 'report', path, '--html', page, '--open']);
});

test('of what cannot be read again, or not be copied from a terminal, only the name', () => {
  expect(savedLines('/dev/null')).toBe('saved     /dev/null\n');
  const path = join(folder, 'red\x1b[31m.json');
  writeFileSync(path, '');
  expect(savedLines(path)).toBe(`saved     ${folder}/red.json\n`);
});
