import { describe, expect, test } from 'vitest';
import { type DeviceOptions, deviceSpec } from '../../src/device/device-spec.ts';
import { findProfile } from '../../src/device/profiles.ts';
import { UsageError } from '../../src/errors.ts';
import type { PciFunction } from '../../src/pci/function.ts';

const GIB = 2n ** 30n;
const gh200 = findProfile('gh200-120gb')!;
const generic = findProfile('generic-type0')!.source;

const bridge: PciFunction = {
  slot: null,
  configBytes: Uint8Array.from({ length: 256 }, (_, offset) => (offset === 0x0e ? 1 : 0)),
  bars: [],
  rom: null,
  origin: 'a bridge',
};

describe('a device that cannot be', () => {
  test.each<[string, PciFunction, Omit<DeviceOptions, 'name'>, string]>([
    ['nvgrace without memory', generic, { policy: 'nvgrace' }, 'which has no GPU memory'],
    ['v13 without memory', generic, { policy: 'v13' }, 'policy v13 was asked for profile generic-type0'],
    ['passthrough without memory', generic, { policy: 'passthrough' }, 'give its size with --gpu-memory'],
    [
      'passthrough of no memory',
      generic,
      { policy: 'passthrough', gpuMemory: { sizeBytes: 0n } },
      'refuses 0 bytes of GPU memory with ENOMEM; expected more than 0',
    ],
    [
      'virtio with a physical BAR 0',
      generic,
      { policy: 'virtio' },
      'policy virtio was asked for profile generic-type0, which has a physical BAR 0; the virtio driver emulates one only where there is none: use --policy core, or a device like the profile virtio-net-vf',
    ],
    ['virtio on a bridge', bridge, { policy: 'virtio-flags' }, 'vfio-pci drives type 0 functions only'],
    ['core on a bridge', bridge, { policy: 'core' }, 'policy core was asked for a type 1 header (a bridge)'],
    [
      'less than the carve-out',
      gh200.source,
      { policy: 'nvgrace', gpuMemory: { sizeBytes: GIB - 1n, migHardwareBug: true } },
      'nvgrace-gpu refuses 1073741823 bytes of GPU memory with EOVERFLOW; expected at least 1.5 GiB',
    ],
    [
      'the carve-out alone',
      gh200.source,
      { policy: 'strict', gpuMemory: { sizeBytes: GIB, migHardwareBug: true } },
      'with EINVAL; expected at least 1.5 GiB',
    ],
    [
      'no memory',
      gh200.source,
      { policy: 'nvgrace', gpuMemory: { sizeBytes: 0n, migHardwareBug: false } },
      'with ENOMEM; expected more than 0',
    ],
  ])('is refused: %s', (_, source, options, message) => {
    expect(() => deviceSpec(source, { name: 'x', ...options })).toThrow(message);
    expect(() => deviceSpec(source, { name: 'x', ...options })).toThrow(UsageError);
  });
});

describe('a device', () => {
  test.each(['passthrough', 'v13'] as const)('has all GPU memory in region 2 under %s', (policy) => {
    const spec = deviceSpec(gh200.source, { name: 'x', policy, gpuMemory: { sizeBytes: 65n * GIB } });
    const all = { memlengthBytes: 65n * GIB, barSizeBytes: 128n * GIB, rules: 'memory' };
    expect(spec.regions).toHaveLength(3);
    expect(spec.regions).toContainEqual(expect.objectContaining({ regionIndex: 2, ...all }));
    expect(spec.emulatedBarBytes).toEqual([policy === 'v13' ? 128n * GIB : 0n, 0n]);
    expect(spec.bars).toEqual(gh200.source.bars);
  });

  test.each(['virtio', 'virtio-flags', 'virtio-flags2'] as const)(
    'has a region 0 of 32 bytes under %s',
    (policy) => {
      const { source } = findProfile('virtio-net-vf')!;
      const { regions } = deviceSpec(source, { name: 'x', policy });
      expect(regions.map(({ regionIndex }) => regionIndex).sort()).toEqual([0, 4]);
      const whole = { memlengthBytes: 32n, barSizeBytes: 32n, rules: 'virtio' };
      expect(regions).toContainEqual(expect.objectContaining({ regionIndex: 0, ...whole }));
    },
  );

  test('is carved as its capabilities say, unless told otherwise', () => {
    const { source } = findProfile('gb200')!;
    const carved = (migHardwareBug?: boolean) =>
      deviceSpec(source, {
        name: 'x',
        policy: 'nvgrace',
        gpuMemory: { sizeBytes: 96n * GIB, migHardwareBug },
      }).emulatedBarBytes[0] > 0n;
    expect([carved(), carved(true), carved(false)]).toEqual([false, true, false]);
  });

  test('of a GH200 has the emulated BARs and regions under nvgrace', () => {
    const spec = deviceSpec(gh200.source, { name: 'x', policy: 'nvgrace', gpuMemory: gh200.gpuMemory });
    expect(spec.emulatedBarBytes).toEqual([GIB, 128n * GIB]);
    expect(spec.bars).toEqual(gh200.source.bars);
    const [physical, ...gpu] = spec.regions;
    expect(physical).toMatchObject({ regionIndex: 0, barSizeBytes: 2n ** 24n, memlengthBytes: 2n ** 24n });
    expect(gpu).toEqual([
      {
        regionIndex: 2,
        barSizeBytes: GIB,
        memlengthBytes: GIB,
        rules: 'uncached',
        backing: 'sparse',
        pageShift: 16,
      },
      {
        regionIndex: 4,
        barSizeBytes: 128n * GIB,
        memlengthBytes: 95n * GIB,
        rules: 'memory',
        backing: 'sparse',
        pageShift: 16,
      },
    ]);
  });

  test('of a GH200 has them as real BARs under strict', () => {
    const spec = deviceSpec(gh200.source, { name: 'x', policy: 'strict', gpuMemory: gh200.gpuMemory });
    expect(spec.emulatedBarBytes).toEqual([0n, 0n]);
    expect(spec.bars.map(({ barIdx, sizeBytes }) => [barIdx, sizeBytes])).toEqual([
      [0, 2n ** 24n],
      [2, GIB],
      [4, 128n * GIB],
    ]);
    expect(spec.regions.map((region) => region.regionIndex)).toEqual([0, 2, 4]);
  });

  test('shows its BARs in its registers, whatever the bytes said', () => {
    const source: PciFunction = {
      ...generic,
      configBytes: new Uint8Array(64).fill(0xff, 0x10, 0x34),
      bars: [
        {
          barIdx: 0,
          kind: 'io',
          prefetchable: false,
          address: 0xc04cn,
          sizeBytes: 4n,
          sizeSource: 'profile',
        },
        {
          barIdx: 1,
          kind: 'mem64',
          prefetchable: true,
          address: 0x12_3456_0000n,
          sizeBytes: 0x10000n,
          sizeSource: 'profile',
        },
      ],
      rom: { address: 0xfe00_0000n, sizeBytes: 0x10000n, enabled: true, sizeSource: 'profile' },
    };
    const { configBytes } = deviceSpec(source, { name: 'x', policy: 'strict' });
    const view = new DataView(configBytes.buffer);
    const dwords = [0x10, 0x14, 0x18, 0x1c, 0x20, 0x24, 0x30].map((offset) => view.getUint32(offset, true));
    expect(dwords).toEqual([0xc04d, 0x3456_000c, 0x12, 0, 0, 0, 0xfe00_0001]);
    expect(configBytes).toHaveLength(256);
  });

  test('leaves the source as it was', () => {
    const before = Uint8Array.from(gh200.source.configBytes);
    deviceSpec(gh200.source, { name: 'x', policy: 'strict', gpuMemory: gh200.gpuMemory });
    expect(gh200.source.configBytes).toEqual(before);
  });

  test.each([
    [64, 256],
    [128, 256],
    [256, 256],
    [4096, 4096],
  ])('of %i bytes has a configuration space of %i', (given, expected) => {
    const source = { ...generic, configBytes: new Uint8Array(given) };
    expect(deviceSpec(source, { name: 'x', policy: 'strict' }).configBytes).toHaveLength(expected);
  });
});
