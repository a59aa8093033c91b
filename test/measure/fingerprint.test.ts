import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { selectNativeBuild } from '../../src/device/native/native-device.ts';
import { wasmPath } from '../../src/device/wasm/module.ts';
import { buildOf, fingerprint, gitCommit } from '../../src/measure/fingerprint.ts';
import { NATIVE_NOTE, NATIVE_REASON } from '../implementations.ts';

test('the fingerprint names machine, runtime, flags and build', () => {
  const text = expect.stringMatching(/./);
  const found = fingerprint(['wasm']);
  expect(found).toEqual({
    cpuModel: cpus()[0]?.model ?? null,
    coreCount: cpus().length,
    memoryBytes: expect.any(Number),
    kernel: text,
    arch: process.arch,
    governor: found.governor === null ? null : text,
    turbo: expect.toBeOneOf(['on', 'off', null]),
    cpuQuotaCores: found.cpuQuotaCores === null ? null : expect.any(Number),
    loadAverage1m: expect.any(Number),
    stolenShare: found.stolenShare === null ? null : expect.any(Number),
    nodeVersion: process.versions.node,
    v8Version: process.versions.v8,
    flags: expect.any(String),
    wasmDigest: expect.stringMatching(/^[0-9a-f]{12}$/),
    gitCommit: found.gitCommit === null ? null : expect.stringMatching(/^[0-9a-f]{12,40}(-dirty)?$/),
    nativeCompiler: null,
  });
  expect(found.memoryBytes).toBeGreaterThan(2 ** 20);
});

test('holds nothing but words, numbers and null: it is saved with every result', () => {
  expect(JSON.parse(JSON.stringify(fingerprint(['ts'])))).toMatchObject({
    ...fingerprint(['ts']),
    loadAverage1m: expect.any(Number),
    stolenShare: fingerprint(['ts']).stolenShare === null ? null : expect.any(Number),
  });
});

describe('the commit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'barometer-git-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  // What a hook of git's sets, or its user, must not lead this to another repository.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  const env = { ...Object.fromEntries(own), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const git = (...args: string[]) => {
    const who = ['-c', 'user.name=a', '-c', 'user.email=a@b'];
    const { status, stdout } = spawnSync('git', [...who, ...args], { cwd: folder, encoding: 'utf8', env });
    expect(status).toBe(0);
    return stdout.trim();
  };
  const hasGit = spawnSync('git', ['--version']).status === 0;

  test('is unknown outside of a repository, and where there is no such folder', () => {
    const outside = spawnSync('git', ['rev-parse'], { cwd: tmpdir() }).status !== 0;
    if (outside) expect(gitCommit(tmpdir())).toBeNull();
    expect(gitCommit(join(folder, 'missing'))).toBeNull();
  });

  test.skipIf(!hasGit)(
    'is that of the folder, and says where files differ from it (skipped without git)',
    () => {
      git('init', '-q');
      writeFileSync(join(folder, 'a'), '1');
      git('add', 'a');
      git('commit', '-q', '-m', 'one');
      const head = git('rev-parse', 'HEAD').slice(0, 12);
      git('tag', '-a', 'v1', '-m', 'v1');
      expect(gitCommit(folder)).toBe(head);
      writeFileSync(join(folder, 'a'), '2');
      expect(gitCommit(folder)).toBe(`${head}-dirty`);
    },
  );
});

test.skipIf(NATIVE_REASON !== null)(`names compiler and flags of a native core${NATIVE_NOTE}`, () => {
  expect(fingerprint(['wasm', 'native']).nativeCompiler).toMatch(/\d .*-O3/);
});

test('the build is the version and the code of the core', () => {
  const digest = createHash('sha256').update(readFileSync(wasmPath())).digest('hex').slice(0, 12);
  for (const implementation of ['wasm', 'ts', 'native'] as const) {
    expect(buildOf(implementation, '1.2.3')).toBe(`barometer 1.2.3 ${digest}`);
  }
  expect(fingerprint([]).wasmDigest).toBe(digest);
});

test('a native core that is not the reference build says so', () => {
  selectNativeBuild('march-native');
  expect(buildOf('native', '1.2.3')).toMatch(/^barometer 1\.2\.3 [0-9a-f]{12} -march=native$/);
  expect(buildOf('wasm', '1.2.3')).not.toContain('march');
  selectNativeBuild('O3');
});
