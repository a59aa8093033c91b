import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as layout from '../../assembly/layout.ts';
import { Random } from '../../src/random.ts';
import type { Access } from '../../src/workload/access-stream.ts';
import { isRegisterAccess, type RegionWork, regionAccesses } from '../../src/workload/region-stream.ts';

const MIB = 2 ** 20;
const work: RegionWork = {
  operation: 'copy',
  path: 'emulated',
  regionIndex: 4,
  sizeBytes: 4096,
  srcOffsetBytes: 0,
  dstOffsetBytes: 0,
  windowBytes: MIB,
  fixedOffset: null,
  addressOf: (offset) => offset,
};

function draw(changes: Partial<RegionWork>, count = 50, seed = 1): Access[] {
  return [...regionAccesses({ ...work, ...changes }, new Random(seed), count)];
}

const anyWork = fc.record({
  operation: fc.constantFrom('read' as const, 'write' as const, 'copy' as const, 'fill' as const),
  sizeBytes: fc.constantFrom(1, 2, 4, 8, 64, 100, 4096, 65536, 2 * MIB),
  srcOffsetBytes: fc.nat(63),
  dstOffsetBytes: fc.nat(63),
});

describe('regionAccesses', () => {
  test('never leave the windows', () => {
    fc.assert(
      fc.property(anyWork, fc.nat(1000), (drawn, seed) => {
        const windowBytes = Math.max(MIB, 2 * drawn.sizeBytes);
        const accesses = draw({ ...drawn, windowBytes }, 20, seed);
        const isCopy = drawn.operation === 'copy';
        for (const [i, { offset }] of accesses.entries()) {
          // A copy's destination, which comes first, lies in a window of its own behind the source's.
          const start = isCopy && i % 2 === 0 ? windowBytes : 0;
          // An offset may reach into the block after the last, which the window keeps free.
          expect(offset).toBeGreaterThanOrEqual(start);
          expect(offset + drawn.sizeBytes).toBeLessThanOrEqual(start + windowBytes + 63);
        }
      }),
      { seed: 1 },
    );
  });

  test('with equal seeds are equal, with others are others', () => {
    expect(draw({})).toEqual(draw({}));
    expect(draw({}, 50, 2)).not.toEqual(draw({}));
  });

  test.each([
    ['read', 3, 0, 3],
    ['write', 0, 17, 17],
    ['fill', 0, 63, 63],
  ] as const)(
    '%s: the side on the device is as far from aligned as asked',
    (operation, src, dst, expected) => {
      const accesses = draw({ operation, srcOffsetBytes: src, dstOffsetBytes: dst });
      expect(new Set(accesses.map(({ offset }) => offset % 64))).toEqual(new Set([expected]));
    },
  );

  test('copy: two accesses each, destination and count first, then the source', () => {
    const accesses = draw({ srcOffsetBytes: 3, dstOffsetBytes: 17 }, 10);
    expect(accesses).toHaveLength(20);
    for (let i = 0; i < accesses.length; i += 2) {
      const [to, from] = [accesses[i]!, accesses[i + 1]!];
      expect([to.op, from.op]).toEqual([layout.OP_REGION_COPY, layout.OP_REGION_COPY]);
      expect([to.regionIndex, from.regionIndex]).toEqual([4, 4]);
      expect([to.offset % 64, from.offset % 64]).toEqual([17, 3]);
      expect(to.value).toBe(4096);
      expect(from.value).toBeUndefined();
    }
  });

  test('fill: the byte goes where the width of others is', () => {
    expect(draw({ operation: 'fill' }, 1)[0]).toMatchObject({
      op: layout.OP_REGION_FILL,
      width: 0x5a,
      value: 4096,
    });
  });

  test.each([1, 2, 4, 8])('%i bytes go as a register access, aligned to themselves', (sizeBytes) => {
    const reads = draw({ operation: 'read', sizeBytes });
    expect(reads.every(({ op, width }) => op === layout.OP_REGION_READ && width === sizeBytes)).toBe(true);
    expect(reads.every(({ offset }) => offset % sizeBytes === 0)).toBe(true);
    expect(draw({ operation: 'write', sizeBytes })[0]!.op).toBe(layout.OP_REGION_WRITE);
  });

  test('other sizes, copies and fills of any size do not', () => {
    for (const sizeBytes of [3, 16, 64, 4096]) {
      expect(isRegisterAccess({ operation: 'read', sizeBytes })).toBe(false);
    }
    expect(isRegisterAccess({ operation: 'copy', sizeBytes: 4 })).toBe(false);
    expect(isRegisterAccess({ operation: 'fill', sizeBytes: 4 })).toBe(false);
  });

  test('direct: addresses in place of offsets, and no region', () => {
    const addressOf = (offset: number) => 10 * MIB + offset;
    for (const operation of ['read', 'write', 'copy', 'fill'] as const) {
      const emulated = draw({ operation });
      const direct = draw({ operation, path: 'direct', addressOf });
      expect(direct.map(({ offset }) => offset)).toEqual(emulated.map(({ offset }) => addressOf(offset)));
      expect(new Set(direct.map(({ regionIndex }) => regionIndex))).toEqual(new Set([0]));
      expect(direct[0]!.op).not.toBe(emulated[0]!.op);
    }
  });

  test('at a fixed place: every access is there, past 4 GiB too', () => {
    const fixedOffset = 95 * 2 ** 30 - 2048;
    const accesses = draw({ operation: 'write', fixedOffset });
    expect(new Set(accesses.map(({ offset }) => offset))).toEqual(new Set([fixedOffset]));
  });
});
