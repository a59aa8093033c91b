import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BarometerError } from '../../src/errors.ts';
import { GAP_BYTES, LinearMemory } from '../../src/memory/linear-memory.ts';
import { Random } from '../../src/random.ts';

describe('linear memory', () => {
  test.each([0, -1, Number.NaN, 2 ** 31, 2 ** 40, Number.POSITIVE_INFINITY])(
    'of %d bytes is refused',
    (sizeBytes) => {
      expect(() => new LinearMemory(sizeBytes)).toThrow(BarometerError);
      expect(() => new LinearMemory(sizeBytes)).toThrow(`linear memory of ${sizeBytes} bytes was asked for`);
    },
  );

  test.each([
    [1, 65536],
    [65536, 65536],
    [65537, 131072],
  ])('of %i bytes holds whole pages', (sizeBytes, expected) => {
    const memory = new LinearMemory(sizeBytes);
    expect(memory.u8.length).toBe(expected);
    expect(memory.freeBytes).toBe(expected - 64);
    expect(memory.memory.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  test('has one content in every view', () => {
    const memory = new LinearMemory(1);
    memory.view.setUint32(64, 0x0403_0201, true);
    expect([...memory.u8.subarray(64, 68)]).toEqual([1, 2, 3, 4]);
    expect(memory.i32[16]).toBe(0x0403_0201);
  });

  test('never hands out address 0', () => {
    expect(new LinearMemory(1).allocate(0, 1).address).toBeGreaterThan(0);
  });

  test('that is full says what was asked for and what is left, and hands out nothing', () => {
    const memory = new LinearMemory(65536);
    expect(() => memory.allocate(65536)).toThrow(
      'linear memory is full: 65536 bytes asked for, 65472 left of 65536',
    );
    expect(memory.freeBytes).toBe(65472);
    expect(memory.allocate(65472).address).toBe(64);
    expect(memory.freeBytes).toBe(0);
    expect(() => memory.allocate(1, 1)).toThrow(BarometerError);
  });

  const drawn = (seed: number) => {
    const random = new Random(seed);
    return (n: number) => random.below(n);
  };

  test.each([
    ['close together', undefined],
    ['with gaps', drawn(7)],
  ])('hands out aligned ranges that do not meet, %s', (_, drawBelow) => {
    const request = fc.tuple(
      fc.nat(5000),
      fc.integer({ min: 0, max: 16 }).map((log2) => 2 ** log2),
    );
    fc.assert(
      fc.property(fc.array(request, { maxLength: 20 }), (requests) => {
        const memory = new LinearMemory(2 ** 22, 'shared', drawBelow);
        let end = 0;
        for (const [sizeBytes, alignBytes] of requests) {
          const range = memory.allocate(sizeBytes, alignBytes);
          expect(range.address % alignBytes).toBe(0);
          expect(range.address).toBeGreaterThanOrEqual(end);
          expect(range.sizeBytes).toBe(sizeBytes);
          end = range.address + sizeBytes;
        }
        expect(memory.freeBytes).toBe(memory.u8.length - Math.max(64, end));
      }),
      { seed: 1 },
    );
  });

  test.each([
    // Places of 400 draws: about all of 16 pages or 2 places, most of what 1024 lines allow.
    [64, 300, 1024],
    [1, 300, 1024],
    [4096, 16, 16],
    [32768, 2, 2],
    [65536, 1, 1],
  ])('draws places aligned to %i, each range for itself', (alignBytes, atLeast, atMost) => {
    const drawBelow = drawn(1);
    const gaps = new Set<number>();
    for (let i = 0; i < 400; i++) {
      const memory = new LinearMemory(2 ** 20, 'private', drawBelow);
      const first = memory.allocate(64, 64).address;
      const { address } = memory.allocate(100, alignBytes);
      const closest = Math.ceil((first + 64) / alignBytes) * alignBytes;
      expect(address % Math.max(64, alignBytes)).toBe(0);
      expect(address - closest).toBeLessThan(GAP_BYTES);
      gaps.add(address - closest);
    }
    expect(gaps.size).toBeGreaterThanOrEqual(atLeast);
    expect(gaps.size).toBeLessThanOrEqual(atMost);
    expect(gaps).toContain(0);
  });

  test('zeroes what it hands out, and equal draws give equal places', () => {
    const places = [drawn(3), drawn(3), drawn(4)].map((drawBelow) => {
      const memory = new LinearMemory(2 ** 20, 'shared', drawBelow);
      return [1, 64, 4096].map((alignBytes) => {
        const { address, sizeBytes } = memory.allocate(5000, alignBytes);
        expect(memory.u8.subarray(address, address + sizeBytes).every((byte) => byte === 0)).toBe(true);
        return address;
      });
    });
    expect(places[1]).toEqual(places[0]);
    expect(places[2]).not.toEqual(places[0]);
  });
});
