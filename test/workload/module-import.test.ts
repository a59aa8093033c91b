import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ownUrl } from '../../src/workload/module-import.ts';
import { temporaryFolder } from '../e2e/barometer.ts';

describe('the mark of a load', () => {
  test.each([
    ['file:///a/parser.ts', 'file:///a/my-bench.ts?module=3', '?module=3'],
    ['file:///a/lexer.ts', 'file:///a/parser.ts?module=12', '?module=12'],
    // Loaded once: what is installed, what has a query of its own, and whatever no module asks for.
    ['file:///a/node_modules/p/index.js', 'file:///a/my-bench.ts?module=3', ''],
    ['file:///a/parser.ts?raw', 'file:///a/my-bench.ts?module=3', ''],
    ['node:fs', 'file:///a/my-bench.ts?module=3', ''],
    ['file:///a/parser.ts', 'file:///a/other.ts', ''],
    ['file:///a/parser.ts', undefined, ''],
  ])('%s from %s', (url, parent, mark) => {
    expect(ownUrl(url, parent)).toBe(url + mark);
  });
});

const FILES = {
  'package.json': '{ "type": "module" }',
  'my-bench.ts': `
    import { helper } from './helper.ts';
    import { script } from './script.cjs';
    import data from './data.json' with { type: 'json' };
    const { helper: late } = await import('./helper.ts');
    export const parts = [sum, helper, helper === late, script, data.size, import.meta.filename] as const;
    export function sum(n: number): number { return helper(n); }
  `,
  'helper.ts': 'export function helper(n: number): number { return n; }',
  'script.cjs': 'exports.script = require("./required.cjs");',
  'required.cjs': 'module.exports = () => 1;',
  'data.json': '{ "size": 4 }',
  'bench.cjs': 'exports.sum = (n) => n;',
} as const;

const IMPORT = JSON.stringify(new URL('../../dist/src/workload/module-import.js', import.meta.url).href);

// Under Node alone: Vitest loads modules by itself, past the hooks of Node.
test('loads of one file share no function, nor do the files that it imports', () => {
  using folder = temporaryFolder();
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder.path, name), text);
  const program = `
    const { importAnew } = await import(${IMPORT});
    const load = () => importAnew('my-bench.ts').then(({ parts }) => parts);
    const [first, second] = [await load(), await load()];
    const [script, same] = [await importAnew('bench.cjs'), await importAnew('bench.cjs')];
    console.log(JSON.stringify({
      equal: first.map((part, i) => part === second[i]),
      script: script.sum === same.sum,
      parts: first.slice(2, 5).map(String),
    }));
  `;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: folder.path,
    encoding: 'utf8',
  });
  expect(JSON.parse(output)).toEqual({
    // Its function, its helper's, that there is one helper, the script of CommonJS, data, the name of the file.
    equal: [false, false, true, true, true, true],
    script: false,
    parts: ['true', '() => 1', '4'],
  });
});
