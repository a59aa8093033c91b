import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { expect, test } from 'vitest';
import { wasmPath } from '../../src/device/wasm/module.ts';
import { buildName, fingerprint } from '../../src/measure/fingerprint.ts';

test('the fingerprint names machine, runtime, flags and build', () => {
  const text = expect.stringMatching(/./);
  const found = fingerprint();
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
  });
  expect(found.memoryBytes).toBeGreaterThan(2 ** 20);
});

test('holds nothing but words, numbers and null: it is saved with every result', () => {
  expect(JSON.parse(JSON.stringify(fingerprint()))).toMatchObject({
    ...fingerprint(),
    loadAverage1m: expect.any(Number),
  });
});

test('the build is the version and the code of the core', () => {
  const digest = createHash('sha256').update(readFileSync(wasmPath())).digest('hex');
  expect(buildName('1.2.3')).toBe(`barometer 1.2.3 ${digest.slice(0, 12)}`);
  expect(fingerprint().wasmDigest).toBe(digest.slice(0, 12));
});
