import { describe, expect, test } from 'vitest';
import { deviceSpec, isVirtio, NEEDS_GPU_MEMORY } from '../../src/device/device-spec.ts';
import { findProfile, PROFILE_NAMES, PROFILES } from '../../src/device/profiles.ts';
import { resizableBarSizes } from '../../src/pci/resizable-bar-sizes.ts';
import { POLICIES } from '../../src/types.ts';

describe.each(PROFILES)('profile $name', (profile) => {
  const view = new DataView(profile.source.configBytes.buffer);

  test('makes a device under its own policy', () => {
    const { name, policy, gpuMemory } = profile;
    expect(deviceSpec(profile.source, { name, policy, gpuMemory }).policy).toBe(policy);
  });

  test.each(POLICIES)('makes a device under policy %s, or says what it lacks', (policy) => {
    const { name, gpuMemory, source } = profile;
    const make = () => deviceSpec(source, { name, policy, gpuMemory });
    if (NEEDS_GPU_MEMORY.includes(policy) && !gpuMemory) expect(make).toThrow('which has no GPU memory');
    else if (isVirtio(policy) && source.bars[0]?.barIdx === 0) expect(make).toThrow('a physical BAR 0');
    else expect(make().bars.length).toBeGreaterThan(0);
  });

  test('has BARs that fit beside each other, each address aligned to its size', () => {
    const slots = profile.source.bars.flatMap(({ barIdx, kind }) =>
      kind === 'mem64' ? [barIdx, barIdx + 1] : [barIdx],
    );
    expect(new Set(slots).size).toBe(slots.length);
    expect(Math.max(...slots)).toBeLessThan(6);
    for (const { address, sizeBytes } of profile.source.bars) expect(address % sizeBytes).toBe(0n);
  });

  test('resizes BARs that it has, to the size that they have', () => {
    for (const [barIdx, sizeBytes] of resizableBarSizes(profile.source.configBytes)) {
      expect(profile.source.bars).toContainEqual(expect.objectContaining({ barIdx, sizeBytes }));
    }
  });

  test('has sane chains of capabilities', () => {
    const seen = new Set<number>();
    for (let at = view.getUint8(0x34); at !== 0; at = view.getUint8(at + 1)) {
      expect(at >= 0x40 && at % 4 === 0 && !seen.has(at)).toBe(true);
      seen.add(at);
    }
    for (let at = 0x100; at !== 0 && at < view.byteLength; at = view.getUint32(at, true) >>> 20) {
      expect(at % 4 === 0 && !seen.has(at)).toBe(true);
      seen.add(at);
    }
  });
});

test('Grace profiles have the memory layout that their capabilities say', () => {
  const regionsOf = (name: string) => {
    const { source, gpuMemory } = findProfile(name)!;
    const { regions } = deviceSpec(source, { name, policy: 'nvgrace', gpuMemory });
    return regions.map(({ regionIndex, memlengthBytes, barSizeBytes, rules }) => [
      ...[regionIndex, Number(memlengthBytes >> 20n), Number(barSizeBytes >> 20n), rules],
    ]);
  };
  expect(regionsOf('gh200-480gb')).toEqual(regionsOf('gh200-120gb'));
  expect(regionsOf('gh200-2348')).toEqual([
    [0, 16, 16, 'bar'],
    [2, 1024, 1024, 'uncached'],
    [4, 143 * 1024, 256 * 1024, 'memory'],
  ]);
  expect(regionsOf('gb200')).toEqual([
    [0, 16, 16, 'bar'],
    [2, 128 * 1024, 128 * 1024, 'bar'],
    [4, 186 * 1024, 256 * 1024, 'memory'],
  ]);
  expect(regionsOf('gb300').at(-1)).toEqual([4, 288 * 1024, 512 * 1024, 'memory']);
});

test('a virtual function has no physical BAR 0, and shows the ids that its driver gives it', () => {
  const { source, virtualFunction, policy } = findProfile('virtio-net-vf')!;
  expect(source.bars.map(({ barIdx }) => barIdx)).toEqual([4]);
  expect(deviceSpec(source, { name: 'x', policy: 'core', virtualFunction }).virtualFunction).toBe(true);
  expect(deviceSpec(source, { name: 'x', policy }).virtualFunction).toBe(true);
});

test('profiles are found by name', () => {
  expect(new Set(PROFILE_NAMES).size).toBe(PROFILES.length);
  for (const name of PROFILE_NAMES) expect(findProfile(name)?.name).toBe(name);
  expect(findProfile('gh300')).toBeUndefined();
});
