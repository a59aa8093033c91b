import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { runServed, selectServed } from '../../src/cli/run-served.ts';

const names = (patterns: readonly string[], flags = {}) => [
  ...new Set(selectServed(patterns, flags).map(({ name }) => name)),
];

describe('workloads of a served device', () => {
  test('only read, unless writes are allowed', () => {
    expect(names([])).toEqual(['served/config-read', 'served/region-read']);
    expect(names([], { allowWrites: true })).toEqual([
      'served/config-read',
      'served/region-read',
      'served/region-write',
    ]);
  });

  test('by pattern and filter', () => {
    expect(names(['served/config*'])).toEqual(['served/config-read']);
    const one = selectServed(['served/region-read'], { filter: '4096.*"inFlight":64' });
    expect(one).toEqual([{ name: 'served/region-read', params: { sizeBytes: 4096, inFlight: 64 } }]);
  });

  test.each([
    [
      ['config-read/batch'],
      {},
      /no workload "config-read\/batch".*A served device has served\/config-read, served\/region-read, and with --allow-writes served\/region-write/,
    ],
    [
      ['served/region-write'],
      {},
      /no workload "served\/region-write"; did you mean "served\/region-read"\? A served/,
    ],
    [['served/region-wrte'], { allowWrites: true }, /did you mean "served\/region-write"\?/],
    [[], { filter: 'nothing' }, /--filter "nothing" leaves no workload of 6/],
  ])('%j with %j are refused', (patterns, flags, message) => {
    expect(() => selectServed(patterns, flags)).toThrow(message);
  });
});

describe('what says nothing of a served device is refused', () => {
  const device = 'vfio-user:/nowhere';
  test.each([
    [{ impl: 'wasm' }, /--impl wasm: vfio-user:\/nowhere is what its server makes it/],
    [{ policy: 'strict' }, /--policy strict: /],
    [{ gpuMemory: '1GiB' }, /--gpu-memory 1GiB: /],
    [{ suite: 'smoke' }, /--suite smoke: /],
    [{ shard: '1/2' }, /--shard 1\/2: /],
    [{ nativeBuild: 'O3' }, /--native-build O3: /],
    [{ runtime: 'a,b' }, /--runtime a,b: a server has one client at a time; expected one Node binary/],
    [{}, /vfio-user:\/nowhere: there is nothing; expected the socket of a vfio-user server/],
  ])('%j', async (flags, message) => {
    await expect(runServed([], { device, ...flags })).rejects.toThrow(message);
  });

  test('a file that is no socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'barometer-'));
    const path = join(folder, 'file');
    writeFileSync(path, '');
    await expect(runServed([], { device: `vfio-user:${path}` })).rejects.toThrow(/file: it is no socket/);
    rmSync(folder, { recursive: true });
  });

  test('--allow-writes of any other', async () => {
    const flags = { device: 'gh200-120gb', impl: 'ts', allowWrites: true };
    await expect(run([], flags)).rejects.toThrow('--allow-writes: gh200-120gb is none that somebody serves');
  });
});
