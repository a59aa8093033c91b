import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { planOptions } from '../../src/cli/plan-options.ts';
import { parseRuntimes } from '../../src/cli/runtime-option.ts';
import { UsageError } from '../../src/errors.ts';
import { temporaryFolder } from '../e2e/barometer.ts';

describe('planOptions', () => {
  test('without flags: this Node, 1 %, 18 forks at most, looks before the last', () => {
    const { looks, ...options } = planOptions({});
    expect(options).toMatchObject({
      margin: 0.01,
      seed: 1,
      runtimes: [{ path: process.execPath, label: `node ${process.versions.node}` }],
    });
    expect(looks.at(-1)).toBe(18);
    expect(looks.length).toBeGreaterThan(1);
    expect(looks.toSorted((a, b) => a - b)).toEqual(looks);
  });

  test.each(['1', '2', '3', '1000'])('--forks %s is the last look', (forks) => {
    const { looks } = planOptions({ forks });
    expect(looks.at(-1)).toBe(Number(forks));
    expect(new Set(looks).size).toBe(looks.length);
  });

  test.each([{ forks: '0' }, { forks: '1001' }, { forks: 'x' }, { margin: '1' }, { seed: '0' }])(
    '%j is refused',
    (flags) => {
      expect(() => planOptions(flags)).toThrow(UsageError);
    },
  );
});

describe('parseRuntimes', () => {
  test('asks each binary for its version; two of one version are told apart by their paths', () => {
    using folder = temporaryFolder();
    const other = join(folder.path, 'node');
    writeFileSync(other, '#!/bin/sh\necho v22.15.0\n');
    chmodSync(other, 0o755);
    const [a, b] = parseRuntimes(`${process.execPath}, ${other}`);
    expect(a).toEqual({ path: process.execPath, label: `node ${process.versions.node}` });
    expect(b).toEqual({ path: other, label: 'node 22.15.0' });
    const twin = join(folder.path, 'twin');
    writeFileSync(twin, '#!/bin/sh\necho v22.15.0\n');
    chmodSync(twin, 0o755);
    expect(parseRuntimes(`${other},${twin}`).map(({ label }) => label)).toEqual([
      `node 22.15.0 (${other})`,
      `node 22.15.0 (${twin})`,
    ]);
  });

  test.each([
    ['/nowhere/node', /nowhere.*ENOENT.*expected paths of Node binaries/],
    ['', /--runtime "": /],
    ['/bin/echo', /it answered "--version|it answered "/],
  ])('refuses %j', (path, message) => {
    expect(() => parseRuntimes(path)).toThrow(UsageError);
    expect(() => parseRuntimes(path)).toThrow(message);
  });

  test('refuses what is too old', () => {
    using folder = temporaryFolder();
    const old = join(folder.path, 'node');
    writeFileSync(old, '#!/bin/sh\necho v20.20.2\n');
    chmodSync(old, 0o755);
    expect(() => parseRuntimes(old)).toThrow(/it is Node v20\.20\.2; expected 22\.15 or newer/);
  });
});
