import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { expect, test } from 'vitest';
import { selectNativeBuild } from '../../src/device/native/native-device.ts';
import { wasmPath } from '../../src/device/wasm/module.ts';
import { buildOf, fingerprint } from '../../src/measure/fingerprint.ts';
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
    loadAverage1m: expect.any(Number),
    nodeVersion: process.versions.node,
    v8Version: process.versions.v8,
    flags: expect.any(String),
    wasmDigest: expect.stringMatching(/^[0-9a-f]{12}$/),
    nativeCompiler: null,
  });
  expect(found.memoryBytes).toBeGreaterThan(2 ** 20);
});

test('holds nothing but words, numbers and null: it is saved with every result', () => {
  expect(JSON.parse(JSON.stringify(fingerprint(['ts'])))).toMatchObject({
    ...fingerprint(['ts']),
    loadAverage1m: expect.any(Number),
  });
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
