import { describe, expect, test } from 'vitest';
import { type ArmProfile, profileRun } from '../../src/profile/profile-run.ts';
import type { ProfileRequest } from '../../src/profile/protocol.ts';
import { type Stacks, selfTimes, stacksOf } from '../../src/profile/stacks.ts';
import { wasmNames } from '../../src/profile/wasm-names.ts';
import { loadWorkloads } from '../../src/workload/scenario.ts';
import { NATIVE_REASON } from '../implementations.ts';

function request(
  name: string,
  implementation: ProfileRequest['implementation'],
  durationMs = 300,
): ProfileRequest {
  const workload = loadWorkloads().find((one) => one.name === name)!;
  const device = { device: 'gh200-120gb' };
  return { workload, implementation, device, nativeBuild: 'O3', seed: 1, version: '0.0.0', durationMs };
}

/** Long enough for V8 to optimise, and for samples, on a busy machine. */
const LONG_MS = 1500;

async function profile(
  name: string,
  implementation: ProfileRequest['implementation'],
  durationMs?: number,
): Promise<ArmProfile & { readonly stacks: Stacks }> {
  const { signal } = new AbortController();
  const found = (await profileRun(request(name, implementation, durationMs), {
    progress: () => {},
    signal,
  }))!;
  return { ...found, stacks: stacksOf(found.v8, wasmNames()) };
}

/** A host that stops everything for a while leaves gaps, which are no function of the arm. */
const hottestOf = (stacks: Stacks) => selfTimes(stacks).find(({ frame }) => frame.share !== 'other');

describe('a profile', () => {
  test('of WebAssembly has the names of AssemblyScript, and what V8 made of the functions', async () => {
    const { stacks, code, tier, nsPerOp, stack: costs } = await profile('config-read/batch', 'wasm', LONG_MS);
    expect(tier).toBe('turbofan');
    expect(Object.keys(costs!.stack)).toEqual(
      expect.arrayContaining(['harness', 'boundary', 'copy', 'decode']),
    );
    expect(Math.min(nsPerOp.unprofiled, nsPerOp.profiled)).toBeGreaterThan(0);
    const hottest = hottestOf(stacks);
    expect(hottest!.frame).toMatchObject({ name: 'fast', file: 'assembly/access-batch.ts', share: 'decode' });
    expect(code.get(hottest!.frame.place)).toMatchObject({ tier: 'turbofan', deoptimisations: [] });
    const stack = stacks.samples.find((sample) => stacks.frames[sample.at(-1)!] === hottest!.frame)!;
    const names = stack.map((idx) => stacks.frames[idx]!.name);
    expect(names[0]).toBe('profiledPasses');
    expect(names).toEqual(expect.arrayContaining(['timeBatches', 'runBatch', 'fast']));
  });

  test('of calls into WebAssembly has the boundary as a frame of its own', async () => {
    const { stacks } = await profile('config-read/call', 'wasm');
    const times = selfTimes(stacks);
    expect(times.filter(({ frame }) => frame.share === 'boundary').map(({ frame }) => frame.name)).toContain(
      'configRead',
    );
    expect(times.some(({ frame }) => frame.file === 'assembly/config-space.ts')).toBe(true);
  });

  test('of TypeScript has the functions of its core, by their sources', async () => {
    const { stacks, code } = await profile('config-read/batch', 'ts');
    const hottest = hottestOf(stacks);
    expect(hottest!.frame).toMatchObject({ name: 'reads32', file: 'src/device/ts/config-runs.ts' });
    expect(code.get(hottest!.frame.place)!.sizeBytes).toBeGreaterThan(0);
  });

  test.skipIf(NATIVE_REASON)(
    'of C is one frame, under no name that may be that of another function',
    async () => {
      const { stacks, tier } = await profile('config-read/batch', 'native');
      expect(tier).toBe('native');
      expect(hottestOf(stacks)!.frame).toMatchObject({ name: '(native call)', share: 'native' });
      expect(stacks.frames.map(({ name }) => name)).not.toContain('emptyOf4');
    },
  );

  test('is of the passes alone: self times add up to all time between the first and the last', async () => {
    const { v8, stacks } = await profile('region-copy', 'wasm', LONG_MS);
    const selfUs = selfTimes(stacks).reduce((sum, time) => sum + time.selfUs, 0);
    expect(selfUs + stacks.outsideUs).toBeCloseTo(v8.endTime - v8.startTime, 3);
    expect(stacks.samples.length).toBeGreaterThan(5);
    expect(stacks.outsideUs).toBeGreaterThan(0);
    expect(Math.min(...stacks.weightsUs)).toBeGreaterThanOrEqual(0);
  });
});

test('one of a fraction of a millisecond more is taken as any other', async () => {
  const { signal } = new AbortController();
  const found = await profileRun(request('config-read/call', 'wasm', 150.5), { progress: () => {}, signal });
  expect(found).not.toBeNull();
});

test('one that is ended early has what there is until then', async () => {
  const controller = new AbortController();
  const progress = (phase: string) => {
    if (phase === 'profiling') setTimeout(() => controller.abort(), 1000);
  };
  const found = await profileRun(request('config-read/batch', 'wasm', 60_000), {
    progress,
    signal: controller.signal,
  });
  const { v8 } = found!;
  expect(v8.endTime - v8.startTime).toBeLessThan(30e6);
  expect(stacksOf(v8, wasmNames()).samples.length).toBeGreaterThan(0);
});

test('one that is ended before it begins is none', async () => {
  const found = await profileRun(request('config-read/batch', 'wasm'), {
    progress: () => {},
    signal: AbortSignal.abort(),
  });
  expect(found).toBeNull();
});

test('a workload that the device cannot serve is an error that says so', async () => {
  const unsuitable = { ...request('guest-boot', 'wasm'), device: { device: 'generic-type0' } };
  const { signal } = new AbortController();
  await expect(profileRun(unsuitable, { progress: () => {}, signal })).rejects.toThrow(
    /guest-boot on wasm: /,
  );
});
