import { describe, expect, test } from 'vitest';
import {
  ACCESS_BYTES,
  CONFIG_SIZE,
  OP_CONFIG_READ,
  OP_DIRECT_COPY,
  OP_DIRECT_FILL,
  OP_DIRECT_READ,
  OP_DIRECT_WRITE,
  OP_REGION_COPY,
  OP_REGION_READ_BYTES,
  OP_REGION_WRITE_BYTES,
  OP_WALK,
  PM_OFFSET,
  REGION_BASE,
  REGION_BYTES,
  REGION_MEMLENGTH,
  REGION_PAGE_MAP,
  REGION_PAGE_SHIFT,
  REGIONS,
  STATE_BYTES,
} from '../../../assembly/layout.ts';
import { Device } from '../../../src/device/device.ts';
import { type DeviceSpec, deviceSpec } from '../../../src/device/device-spec.ts';
import { loadNative } from '../../../src/device/native/builder.ts';
import { NativeDevice } from '../../../src/device/native/native-device.ts';
import { findProfile } from '../../../src/device/profiles.ts';
import type { RegionSpec } from '../../../src/device/region-spec.ts';
import { placeDevice } from '../../../src/device/state-block.ts';
import { LinearMemory } from '../../../src/memory/linear-memory.ts';
import { NATIVE_NOTE, NATIVE_REASON } from '../../implementations.ts';

const MEMORY_BYTES = 2 ** 24;
const FLAT_BYTES = 65536;

const { source, gpuMemory } = findProfile('gh200-120gb')!;
const sparseSpec = deviceSpec(source, { name: 'x', policy: 'nvgrace', gpuMemory });
const flatRegion: RegionSpec = {
  regionIndex: 4,
  barSizeBytes: BigInt(FLAT_BYTES),
  memlengthBytes: BigInt(FLAT_BYTES),
  rules: 'memory',
  backing: 'flat',
  pageShift: 16,
};
const plannedRegion: RegionSpec = { ...flatRegion, regionIndex: 0, rules: 'io-bar' };
const flatSpec: DeviceSpec = { ...sparseSpec, regions: [plannedRegion, flatRegion] };

function open(spec = flatSpec, sharing: 'shared' | 'private' = 'shared') {
  const memory = new LinearMemory(MEMORY_BYTES, sharing);
  const device = new Device(spec, 'native', memory, 2 ** 20);
  const accesses = memory.allocate(8 * ACCESS_BYTES).address;
  const buffer = memory.allocate(FLAT_BYTES).address;
  const { core } = device.model as NativeDevice;
  const batch = (...list: readonly (readonly number[])[]) => {
    memory.i32.set(list.flat(), accesses >> 2);
    return core.runBatch(accesses, list.length, buffer, 0);
  };
  return { memory, device, core, batch };
}

describe.skipIf(NATIVE_REASON !== null)(`a native device${NATIVE_NOTE}`, () => {
  test.each(['shared', 'private'] as const)('works on %s memory', (sharing) => {
    const { device, memory } = open(sparseSpec, sharing);
    const buffer = memory.allocate(16).address;
    expect(device.model.regionFill(4, 0x1_2345_6789, 8, 0x5a)).toBe(8);
    expect(device.model.regionRead(4, 0x1_2345_6788, 4, buffer)).toBe(4);
    expect(memory.view.getUint32(buffer, true)).toBe(0x5a5a5a00);
    expect(device.model.configRead(0, 4)).toBe(0x2342_10de);
  });

  test('takes any number for an offset, and has nothing at most of them', () => {
    const { device } = open();
    for (const offset of [-1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53, 1e300, Number.NaN, -Number.MAX_VALUE]) {
      expect(device.model.configRead(offset, 4), `${offset}`).toBe(-14);
      expect(device.model.regionFill(4, offset, 1, 0), `${offset}`).toBe(-22);
    }
  });

  test.each([
    ['nothing', []],
    ['a word', ['0', 4]],
    ['a bigint', [0n, 4]],
    ['an object', [{}, 4]],
    ['too little', [0]],
  ])('refuses %s where numbers are expected', (_, given) => {
    const read = open().core.configRead as (...args: unknown[]) => unknown;
    expect(() => read(...given)).toThrow(TypeError);
    expect(() => read(...given)).toThrow('expected numbers only');
  });

  const outside = [MEMORY_BYTES - 3, MEMORY_BYTES, 2 ** 31, 2 ** 32 - 1];
  test.each(outside)('does not read or write a buffer at 0x%i that leaves the memory', (buffer) => {
    const { core } = open();
    for (const call of [
      () => core.configReadBytes(0, 4, buffer),
      () => core.configWriteBytes(0, 4, buffer),
      () => core.configWriteBytes(0x18, 8, buffer),
      () => core.regionRead(4, 0, 4, buffer),
      () => core.regionWrite(4, 0, 4, buffer),
      () => core.regionRead(0, 0, 4, buffer),
      () => core.regionWrite(0, 0, 4, buffer),
      () => core.regionRead(7, 0, 4, buffer),
      () => core.regionWrite(7, 0, 4, buffer),
      () => core.copyBytes(buffer, 64, 4),
      () => core.copyBytes(64, buffer, 4),
      () => core.overlap(0, 4, 0, 4, buffer),
    ]) {
      expect(call).toThrow(RangeError);
    }
    // The refusal is over with the call that met it.
    expect(core.configRead(0, 4)).toBe(0x2342_10de);
  });

  test('does not look for the owner of a byte behind configuration space', () => {
    expect(() => open().core.chunkWidth(4096, 4)).toThrow(RangeError);
  });

  test.each(outside)('does not run accesses at 0x%i that leave the memory', (accesses) => {
    const { core } = open();
    expect(() => core.runBatch(accesses, 1, 0, 0)).toThrow(RangeError);
    expect(() => core.runBatch(64, 2 ** 32 - 1, 0, 0)).toThrow(RangeError);
  });

  test.each(outside)('does not access address 0x%i in a batch', (address) => {
    const { batch } = open();
    const control = (op: number, width: number) => op | (4 << 8) | (width << 16);
    expect(() => batch([control(OP_DIRECT_READ, 4), address | 0, 0, 0])).toThrow(RangeError);
    expect(() => batch([control(OP_DIRECT_WRITE, 8), address | 0, 0, 0])).toThrow(RangeError);
    expect(() => batch([control(OP_DIRECT_FILL, 0), address | 0, 0, 4])).toThrow(RangeError);
    expect(() => batch([OP_DIRECT_COPY, address | 0, 0, 4], [0, 64, 0, 0])).toThrow(RangeError);
    expect(() => batch([OP_DIRECT_COPY, 64, 0, 4], [0, address | 0, 0, 0])).toThrow(RangeError);
  });

  test('moves no more than there is room for in the transfer buffer', () => {
    const { core, memory, batch } = open();
    const read = [OP_REGION_READ_BYTES | (4 << 8), 0, 0, FLAT_BYTES];
    const write = [OP_REGION_WRITE_BYTES | (4 << 8), 0, 0, FLAT_BYTES];
    expect(batch(read, write)).toBeTypeOf('number');
    const accesses = memory.allocate(ACCESS_BYTES).address;
    for (const access of [read, write]) {
      memory.i32.set(access, accesses >> 2);
      expect(() => core.runBatch(accesses, 1, MEMORY_BYTES - FLAT_BYTES + 1, 0)).toThrow(RangeError);
    }
  });

  test('does not read the second half of a copy behind the memory', () => {
    const { core, memory } = open();
    const last = MEMORY_BYTES - ACCESS_BYTES;
    memory.i32.set([OP_REGION_COPY | (4 << 8), 0, 0, 4], last >> 2);
    expect(() => core.runBatch(last, 1, 0, 0)).toThrow(RangeError);
  });

  test('runs batches at the very end of the memory', () => {
    const { core, memory } = open();
    const last = MEMORY_BYTES - ACCESS_BYTES;
    memory.i32.set([OP_CONFIG_READ | (4 << 16), 0, 0, 0], last >> 2);
    expect(core.runBatch(last, 1, 0, 0)).toBe(0x2342_10de);
    memory.i32.set([OP_DIRECT_READ | (4 << 16), MEMORY_BYTES - 4, 0, 0x77], last >> 2);
    expect(core.runBatch(last, 1, 0, 0)).toBe(0x77);
  });

  test('holds its memory for as long as one of its functions is there', () => {
    const run = open().core.runBatch;
    // As much garbage as makes V8 collect the rest of the device.
    for (let i = 0; i < 200; i++) open();
    expect(run(0, 0, 0, 5)).toBe(5);
    expect((run as unknown as { memory: Uint8Array }).memory).toHaveLength(MEMORY_BYTES);
  });

  test('walks over accesses of any kind without a device’s help', () => {
    expect(open().batch([OP_WALK, 1, 2, 4])).toBe(7);
  });
});

describe.skipIf(NATIVE_REASON !== null)(`open${NATIVE_NOTE}`, () => {
  const openAt = (...given: unknown[]) => {
    const native = loadNative('O3');
    if (!native.available) throw new Error(native.reason);
    return (native.addon.open as (...args: unknown[]) => unknown)(...given);
  };

  test.each([
    ['nothing', []],
    ['no address', [new Uint8Array(64)]],
    ['another array', [new Int32Array(65536), 64]],
    ['a buffer', [new ArrayBuffer(65536), 64]],
    ['a word', [new Uint8Array(65536), '64']],
  ])('refuses %s', (_, given) => {
    expect(() => openAt(...given)).toThrow(TypeError);
  });

  test.each([-1, 65536, 65536 - STATE_BYTES + 1, 2 ** 32, 2 ** 53, Number.NaN])(
    'refuses a state block at %d',
    (address) => {
      expect(() => openAt(new Uint8Array(65536), address)).toThrow(RangeError);
    },
  );

  test('refuses a block of zeros: configuration space has 256 or 4096 bytes', () => {
    expect(() => openAt(new Uint8Array(65536), 64)).toThrow(RangeError);
  });

  /** A placed device whose state block was tampered with at `offset`. */
  function tampered(spec: DeviceSpec, offset: number, value: number): void {
    const memory = new LinearMemory(MEMORY_BYTES);
    const { stateBlock } = placeDevice(spec, memory, 2 ** 20);
    memory.view.setUint32(stateBlock + offset, value, true);
    openAt(memory.u8, stateBlock);
  }
  const region4 = REGIONS + 4 * REGION_BYTES;

  test.each([
    ['configuration space of 512 bytes', flatSpec, CONFIG_SIZE, 512],
    ['flat memory that begins too late', flatSpec, region4 + REGION_BASE, MEMORY_BYTES - FLAT_BYTES + 1],
    ['flat memory that is too long', flatSpec, region4 + REGION_MEMLENGTH, MEMORY_BYTES],
    ['flat memory of 2^32 bytes and more', flatSpec, region4 + REGION_MEMLENGTH + 4, 1],
    ['frames outside', sparseSpec, region4 + REGION_BASE, MEMORY_BYTES - 2 ** 20],
    ['a page map outside', sparseSpec, region4 + REGION_PAGE_MAP, MEMORY_BYTES - 4096],
    ['pages so small that their map is too large', sparseSpec, region4 + REGION_PAGE_SHIFT, 12],
    ['a page size of 2^32', sparseSpec, region4 + REGION_PAGE_SHIFT, 32],
    ['more memory than the map has pages', sparseSpec, region4 + REGION_MEMLENGTH + 4, 0xffff],
    ['a backing that does not exist', flatSpec, region4, 9],
    ['a power management capability behind the first 256 bytes', flatSpec, PM_OFFSET, 256],
    ['memory for the region that does not exist', flatSpec, REGIONS + 9 * REGION_BYTES, 1],
  ])('refuses %s', (_, spec, offset, value) => {
    expect(() => tampered(spec, offset, value)).toThrow(RangeError);
  });

  test.each([6, 7, 8])('refuses memory outside in region %i, which is no BAR', (regionIndex) => {
    const spec = { ...sparseSpec, regions: [{ ...flatRegion, regionIndex }] };
    const base = REGIONS + regionIndex * REGION_BYTES + REGION_BASE;
    expect(() => tampered(spec, base, MEMORY_BYTES - FLAT_BYTES + 1)).toThrow(RangeError);
  });

  test('takes both devices as they were placed', () => {
    for (const spec of [flatSpec, sparseSpec]) {
      const memory = new LinearMemory(MEMORY_BYTES);
      expect(new NativeDevice(memory, placeDevice(spec, memory, 2 ** 20).stateBlock)).toBeDefined();
    }
  });
});
