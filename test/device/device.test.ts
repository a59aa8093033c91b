import { describe, expect, test } from 'vitest';
import {
  ACCESS_BYTES,
  OP_CONFIG_READ,
  OP_CONFIG_WRITE,
  OP_REGION_READ,
  OP_REGION_READ_BYTES,
  OP_REGION_WRITE,
  OP_WALK,
} from '../../assembly/layout.ts';
import { Device } from '../../src/device/device.ts';
import { deviceSpec } from '../../src/device/device-spec.ts';
import { findProfile } from '../../src/device/profiles.ts';
import { BarometerError } from '../../src/errors.ts';
import { LinearMemory } from '../../src/memory/linear-memory.ts';
import type { Implementation } from '../../src/types.ts';
import { ANSWERING } from '../implementations.ts';

const EINVAL = -22;

function gh200(implementation: Implementation, policy: 'nvgrace' | 'strict' | 'core' = 'nvgrace') {
  const { source, gpuMemory } = findProfile('gh200-120gb')!;
  const memory = new LinearMemory(2 ** 25);
  const device = new Device(
    deviceSpec(source, { name: 'x', policy, gpuMemory }),
    implementation,
    memory,
    2 ** 20,
  );
  return {
    device,
    memory,
    accesses: memory.allocate(16 * ACCESS_BYTES).address,
    buffer: memory.allocate(64).address,
  };
}

function pack(memory: LinearMemory, accesses: number, list: readonly (readonly number[])[]): void {
  memory.i32.set(list.flat(), accesses >> 2);
}

describe.each([...ANSWERING, 'noop'] as const)('a device on %s', (implementation) => {
  test('is of that implementation', () => {
    expect(gh200(implementation).device.model.implementation).toBe(implementation);
  });

  test('does nothing for an empty batch', () => {
    const { device, accesses, buffer } = gh200(implementation);
    expect(device.model.runBatch(accesses, 0, buffer, 0xdead_beef)).toBe(0xdead_beef | 0);
  });
});

describe.each(ANSWERING)('a device on %s', (implementation) => {
  test('serves single accesses and its model from the same bytes', () => {
    const { device } = gh200(implementation);
    expect(device.configRead(0, 4)).toBe(0x2342_10de);
    expect(device.configWrite(0x24, 4, 0xffff_ffff)).toBe(4);
    expect(device.model.configRead(0x24, 4)).toBe(0xffff_ffe0);
    expect(device.model.configWrite(0x24, 4, 0x40)).toBe(4);
    expect(device.configRead(0x24, 4)).toBe(0x40);
    device.model.reset('ioctl');
    expect(device.configRead(0x24, 4)).toBe(0);
  });

  test('tells all ones from an errno', () => {
    const { device } = gh200(implementation, 'strict');
    device.configWrite(0x1c, 4, 0xffff_ffff);
    expect(device.model.configRead(0x1c, 4)).toBe(0xffff_ffff);
    expect(device.model.configRead(0x1000, 4)).toBe(-14);
    expect(device.model.configRead(0x1c, 4)).toBe(0xffff_ffff);
    expect(device.model.configRead(0xffff_ffff, 1)).toBe(-14);
  });

  test('two in one memory keep apart', () => {
    const { source, gpuMemory } = findProfile('gh200-120gb')!;
    const memory = new LinearMemory(2 ** 25);
    const spec = deviceSpec(source, { name: 'x', policy: 'nvgrace', gpuMemory });
    const [a, b] = [
      new Device(spec, implementation, memory, 65536),
      new Device(spec, implementation, memory, 65536),
    ];
    const buffer = memory.allocate(8).address;
    a.model.configWrite(0x24, 4, 0x40);
    a.model.regionFill(4, 0, 8, 0x5a);
    expect([a.model.configRead(0x24, 4), b.model.configRead(0x24, 4)]).toEqual([0x40, 0]);
    expect(b.model.regionRead(4, 0, 8, buffer)).toBe(8);
    expect(memory.view.getBigUint64(buffer, true)).toBe(0n);
  });

  test('mixes values and return values into the checksum in order', () => {
    const { device, memory, accesses, buffer } = gh200(implementation);
    const read = (width: number) => OP_CONFIG_READ | (width << 16);
    pack(memory, accesses, [
      [read(4), 0x00, 0, 0],
      [read(4), 0x20, 0, 0],
      [read(2), 0x02, 0, 0],
      [OP_CONFIG_WRITE | (4 << 16), 0x24, 0, 0x80],
      [read(1), 0x24, 0, 0],
      [read(4), 0x1000, 0, 0],
    ]);
    // checksum := rotate left by 5, plus the value; from 1.
    let expected = 1;
    for (const value of [0x2342_10de, 0xc, 0x2342, 4, 0x80, -14]) {
      expected = (((expected << 5) | (expected >>> 27)) + value) | 0;
    }
    expect(device.model.runBatch(accesses, 6, buffer, 1)).toBe(expected | 0);
  });

  test('walks over packed accesses without making them', () => {
    const { device, memory, accesses, buffer } = gh200(implementation);
    pack(memory, accesses, [
      [OP_WALK, 0x24, 0x10, 0x3],
      [OP_WALK, 0x1, 0x2, 0x4],
    ]);
    expect(device.model.runBatch(accesses, 2, buffer, 0)).toBe(
      ((0x24 ^ 0x10 ^ 0x3) << 5) + (0x1 ^ 0x2 ^ 0x4),
    );
    expect(device.configRead(0x24, 4)).toBe(0);
  });

  test.each([0x1_0000, 0x10_0000, 0x4000_0000, 0x8000_0000, 0xffff_ffff])(
    'refuses packed region accesses with 0x%i in the high half of the offset',
    (high) => {
      const { device, memory, accesses, buffer } = gh200(implementation);
      device.model.regionFill(4, 0, 64, 0x5a);
      for (const [op, width] of [
        [OP_REGION_READ, 4],
        [OP_REGION_READ, 8],
        [OP_REGION_WRITE, 4],
        [OP_REGION_WRITE, 1],
      ] as const) {
        pack(memory, accesses, [[op | (4 << 8) | (width << 16), 0, high | 0, 0]]);
        expect(device.model.runBatch(accesses, 1, buffer, 0) | 0).toBe(EINVAL);
      }
      pack(memory, accesses, [[OP_REGION_READ_BYTES | (4 << 8), 0, high | 0, 4]]);
      memory.i32[buffer >> 2] = 0;
      expect(device.model.runBatch(accesses, 1, buffer, 0) | 0).toBe((EINVAL << 5) | (EINVAL >>> 27));
      expect(device.model.regionRead(4, 0, 1, buffer)).toBe(1);
      expect(memory.u8[buffer]).toBe(0x5a);
    },
  );
});

test('a device that does not fit its memory is refused', () => {
  const { source, gpuMemory } = findProfile('gh200-120gb')!;
  const spec = deviceSpec(source, { name: 'x', policy: 'nvgrace', gpuMemory });
  expect(() => new Device(spec, 'ts', new LinearMemory(65536), 0)).toThrow(BarometerError);
  expect(() => new Device(spec, 'ts', new LinearMemory(65536), 0)).toThrow(
    /linear memory is full: \d+ bytes asked for/,
  );
});
