import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BatchAccess, openDevice, UsageError } from '../../src/index.ts';
import { temporaryFolder } from '../e2e/barometer.ts';

const USEMEM = 4;
const GPU = 'gh200-120gb';

describe.each(['wasm', 'ts', 'native'] as const)('a device in %s', (implementation) => {
  const open = () => openDevice(GPU, { implementation });

  test('has registers that software sizes', () => {
    const device = open();
    expect(device.size('qemu').bars.map(({ barIdx }) => barIdx)).toEqual([0, 2, 4]);
    expect(device.configRead(0, 4)).toBe(0x234210de);
    expect(device.configWrite(0x24, 4, 0xffffffff)).toBe(4);
    expect(device.configRead(0x24, 4)).toBe(0xffffffe0);
    expect(device.configRead(2 ** 20, 4)).toBe(-14);
  });

  test('keeps what is written to memory, across pages and pieces', () => {
    const device = open();
    const written = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 7) & 0xff);
    const offset = 2 ** 36 - 1000;
    expect(device.regionWrite(USEMEM, offset, written)).toBe(written.length);
    const read = new Uint8Array(written.length);
    expect(device.regionRead(USEMEM, offset, read)).toBe(read.length);
    expect(read).toEqual(written);
    expect(device.regionCopy(USEMEM, 0, offset, 64)).toBe(64);
    expect(device.regionFill(USEMEM, 64, 64, 0xa5)).toBe(64);
    const start = new Uint8Array(128);
    device.regionRead(USEMEM, 0, start);
    expect([...start]).toEqual([...written.subarray(0, 64), ...Array(64).fill(0xa5)]);
  });

  test('runs a batch as it runs single accesses', () => {
    const single = open();
    const batched = open();
    const accesses: BatchAccess[] = [
      { kind: 'config-write', offsetBytes: 0x24, widthBytes: 4, value: 0xffffffff },
      { kind: 'config-read', offsetBytes: 0x24, widthBytes: 4 },
      { kind: 'region-write', regionIndex: USEMEM, offsetBytes: 4096, widthBytes: 4, value: 0xdeadbeef },
      { kind: 'region-read', regionIndex: USEMEM, offsetBytes: 4096, widthBytes: 8 },
    ];
    const batch = batched.batch(accesses);
    const checksum = batch.run();
    expect(batch.accessCount).toBe(4);
    expect(batched.batch(accesses).run()).toBe(checksum);
    expect(openDevice(GPU, { implementation: 'ts' }).batch(accesses).run()).toBe(checksum);
    single.configWrite(0x24, 4, 0xffffffff);
    expect(batched.configRead(0x24, 4)).toBe(single.configRead(0x24, 4));
    const word = new Uint8Array(4);
    batched.regionRead(USEMEM, 4096, word);
    expect(new DataView(word.buffer).getUint32(0, true)).toBe(0xdeadbeef);
  });
});

describe('a device', () => {
  test('is sized by every consumer in its own way', () => {
    const bars = openDevice(GPU).size('linux').bars;
    expect(bars.find(({ barIdx }) => barIdx === USEMEM)).toMatchObject({
      kind: 'mem64',
      sizeBytes: 2n ** 37n,
    });
    expect(() => openDevice(GPU).size('plan9')).toThrow(/expected linux/);
  });

  test('is made of a file too', () => {
    using folder = temporaryFolder();
    const config = new Uint8Array(256);
    config.set([0x86, 0x80, 0x34, 0x12]);
    writeFileSync(join(folder.path, 'config'), config);
    expect(openDevice(join(folder.path, 'config')).configRead(0, 4)).toBe(0x12348086);
  });

  test('reads ones past the end of its memory, and has no more pages than it was given', () => {
    const device = openDevice(GPU, { memoryBytes: 65_536 });
    const memlength = Number(
      device.spec.regions.find(({ regionIndex }) => regionIndex === USEMEM)!.memlengthBytes,
    );
    const across = new Uint8Array(8);
    expect(device.regionRead(USEMEM, memlength - 4, across)).toBe(8);
    expect([...across]).toEqual([0, 0, 0, 0, 255, 255, 255, 255]);
    expect(device.regionWrite(USEMEM, 0, new Uint8Array(16))).toBe(16);
    expect(device.regionWrite(USEMEM, 2 ** 30, new Uint8Array(16))).toBe(-12);
  });

  test('comes back to its state at open after a reset', () => {
    const device = openDevice(GPU, { policy: 'strict' });
    const before = device.configRead(0x24, 4);
    device.configWrite(0x24, 4, 0xffffffff);
    device.reset('flr');
    expect(device.configRead(0x24, 4)).toBe(before);
  });

  test('says what is wrong with what it was given', () => {
    expect(() => openDevice('gh200-120')).toThrow(/did you mean gh200-120gb/);
    expect(() => openDevice(GPU, { policy: 'loose' as never })).toThrow(/expected strict/);
    expect(() => openDevice(GPU, { implementation: 'wsam' as never })).toThrow(/expected wasm, ts, native/);
    expect(() => openDevice(GPU, { memoryBytes: -1 })).toThrow(/memoryBytes -1/);
    expect(() => openDevice(GPU, { memoryBytes: 2 ** 31 })).toThrow(/memoryBytes 2147483648: expected/);
    expect(() => openDevice(GPU, { batchCapacity: 0 })).toThrow(/batchCapacity 0/);
    const device = openDevice(GPU, { batchCapacity: 2 });
    const read = { kind: 'config-read', offsetBytes: 0, widthBytes: 4 } as const;
    expect(() => device.batch([])).toThrow(UsageError);
    expect(() => device.batch([read, read, read])).toThrow(/2 of 2 are left/);
    expect(() => device.batch([{ ...read, widthBytes: 8 as never }])).toThrow(
      /access 0: widthBytes 8: expected 1, 2, 4/,
    );
    expect(() => device.batch([{ ...read, kind: 'read' as never }])).toThrow(/kind "read"/);
    expect(device.batch([read, read]).run()).toBeGreaterThan(0);
  });

  test('takes no malformed access, whatever it is', () => {
    const device = openDevice(GPU, { batchCapacity: 1000 });
    const sound = { kind: 'region-write', regionIndex: 4, offsetBytes: 8, widthBytes: 4, value: 1 };
    const odd = fc.oneof(
      fc.constantFrom(undefined, null, Number.NaN, -1, 0.5, 2 ** 60, 'toString', '__proto__', '4'),
      fc.double({ max: -1e-9 }),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(sound)), odd, (field, value) => {
        expect(() => device.batch([{ ...sound, [field]: value } as never]), field).toThrow(UsageError);
      }),
      { seed: 1, numRuns: 500 },
    );
    expect(device.batch([sound as never]).accessCount).toBe(1);
  });
});
