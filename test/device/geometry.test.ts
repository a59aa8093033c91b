import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Geometry, nvgraceGeometry } from '../../src/device/geometry.ts';
import { nextPowerOfTwo } from '../../src/pci/power-of-two.ts';
import { DRIVER_GENERATIONS } from '../../src/types.ts';

const MIB = 2n ** 20n;
const GIB = 2n ** 30n;

/** Up to 1 TiB, and every edge of a block and of a power of two on the way. */
const memoryBytes = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 40n }),
  fc.tuple(fc.integer({ min: 0, max: 2048 }), fc.integer({ min: -1, max: 1 })).map(([blocks, by]) => {
    const bytes = BigInt(blocks) * 512n * MIB + BigInt(by);
    return bytes < 0n ? 0n : bytes;
  }),
);
const generation = fc.constantFrom(...DRIVER_GENERATIONS);

const isPowerOfTwo = (n: bigint) => n > 0n && (n & (n - 1n)) === 0n;

function holding(geometry: ReturnType<typeof nvgraceGeometry>): Geometry {
  if (typeof geometry === 'string') throw new Error(`refused with ${geometry}`);
  return geometry;
}

describe('nextPowerOfTwo', () => {
  test.each([
    [1n, 1n],
    [2n, 2n],
    [3n, 4n],
    [4n, 4n],
    [5n, 8n],
    [2n ** 62n, 2n ** 62n],
    [2n ** 62n + 1n, 2n ** 63n],
  ])('of %s is %s', (n, expected) => {
    expect(nextPowerOfTwo(n)).toBe(expected);
  });

  test('is the smallest power of two that holds its argument', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 63n }), (n) => {
        const power = nextPowerOfTwo(n);
        return isPowerOfTwo(power) && power >= n && power / 2n < n;
      }),
      { seed: 1 },
    );
  });
});

describe('the geometry of nvgrace-gpu', () => {
  test('with the carve-out divides the memory without a gap', () => {
    fc.assert(
      fc.property(memoryBytes, generation, (bytes, driver) => {
        fc.pre(bytes >= GIB + 512n * MIB);
        const { usememBytes, usememBarBytes, resmemBytes, resmemBarBytes } = holding(
          nvgraceGeometry(bytes, true, driver),
        );
        expect(usememBytes + resmemBytes).toBe(bytes);
        expect(usememBytes % (512n * MIB)).toBe(0n);
        expect(resmemBytes >= GIB && resmemBytes < GIB + 512n * MIB).toBe(true);
        expect(isPowerOfTwo(usememBarBytes) && usememBarBytes >= usememBytes).toBe(true);
        expect(resmemBarBytes).toBe(resmemBytes === GIB ? GIB : 2n * GIB);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  test('without it is the whole memory', () => {
    fc.assert(
      fc.property(memoryBytes, generation, (bytes, driver) => {
        fc.pre(bytes > 0n);
        const { usememBytes, usememBarBytes, resmemBytes, resmemBarBytes } = holding(
          nvgraceGeometry(bytes, false, driver),
        );
        expect([usememBytes, resmemBytes, resmemBarBytes]).toEqual([bytes, 0n, 0n]);
        expect(usememBarBytes).toBe(nextPowerOfTwo(bytes));
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  test('of both drivers differs in the size of the usemem BAR alone, by a factor of two at most', () => {
    fc.assert(
      fc.property(memoryBytes, (bytes) => {
        const [first, current] = [nvgraceGeometry(bytes, true, '6.9'), nvgraceGeometry(bytes, true, '6.14')];
        if (typeof first === 'string' || typeof current === 'string') {
          expect(first).toBe(current);
          return;
        }
        expect({ ...first, usememBarBytes: 0n }).toEqual({ ...current, usememBarBytes: 0n });
        expect([1n, 2n]).toContain(current.usememBarBytes / first.usememBarBytes);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  test('is the current one unless another driver is named', () => {
    const bytes = 65n * GIB + 256n * MIB;
    expect(nvgraceGeometry(bytes, true)).toEqual(nvgraceGeometry(bytes, true, '6.14'));
    expect(nvgraceGeometry(bytes, true)).not.toEqual(nvgraceGeometry(bytes, true, '6.9'));
  });
});
