import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BarometerError } from '../../src/errors.ts';
import { LinearMemory } from '../../src/memory/linear-memory.ts';

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

  test('hands out aligned ranges that do not meet', () => {
    const request = fc.tuple(
      fc.nat(5000),
      fc.integer({ min: 0, max: 16 }).map((log2) => 2 ** log2),
    );
    fc.assert(
      fc.property(fc.array(request, { maxLength: 20 }), (requests) => {
        const memory = new LinearMemory(2 ** 22);
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
});
