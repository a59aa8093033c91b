import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as layout from '../../assembly/layout.ts';
import { LinearMemory } from '../../src/memory/linear-memory.ts';
import { type Access, AccessStream } from '../../src/workload/access-stream.ts';

/** Reads an access back by the offsets of the shared layout, not by those of the writer. */
function unpack({ view }: LinearMemory, address: number): Required<Access> {
  const control = view.getUint32(address + layout.ACCESS_CONTROL, true);
  const low = view.getUint32(address + layout.ACCESS_OFFSET_LOW, true);
  const high = view.getUint32(address + layout.ACCESS_OFFSET_HIGH, true);
  return {
    op: control & 0xff,
    regionIndex: (control >>> 8) & 0xff,
    width: (control >>> 16) & 0xff,
    offset: high * 2 ** 32 + low,
    value: view.getUint32(address + layout.ACCESS_VALUE, true),
  };
}

const anyAccess: fc.Arbitrary<Required<Access>> = fc.record({
  op: fc.integer({ min: 0, max: layout.OP_DIRECT_FILL }),
  regionIndex: fc.nat(9),
  width: fc.nat(255),
  // Both halves of the offset, and their border, matter.
  offset: fc.oneof(fc.maxSafeNat(), fc.nat(2 ** 16), fc.integer({ min: 2 ** 32 - 8, max: 2 ** 32 + 8 })),
  value: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
});

describe('AccessStream', () => {
  test('any accesses come back from memory as they were put, in order', () => {
    fc.assert(
      fc.property(fc.array(anyAccess, { maxLength: 32 }), (accesses) => {
        const memory = new LinearMemory(65536);
        const stream = new AccessStream(memory, 32);
        for (const access of accesses) stream.put(access);
        expect(stream.count).toBe(accesses.length);
        const read = accesses.map((_, i) => unpack(memory, stream.address + i * layout.ACCESS_BYTES));
        expect(read).toEqual(accesses);
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  test('what is not given is 0, also where the memory was written before', () => {
    const memory = new LinearMemory(65536);
    memory.u8.fill(0xff);
    const stream = new AccessStream(memory, 1);
    stream.put({ op: layout.OP_CONFIG_READ, offset: 4 });
    expect(unpack(memory, stream.address)).toEqual({ op: 0, regionIndex: 0, width: 0, offset: 4, value: 0 });
  });

  test('holds what it was made for, and not one access more', () => {
    const memory = new LinearMemory(65536);
    const stream = new AccessStream(memory, 2);
    const behind = memory.allocate(16, 1).address;
    stream.put({ op: layout.OP_WALK, offset: 1 });
    stream.put({ op: layout.OP_WALK, offset: 2 });
    expect(() => stream.put({ op: layout.OP_WALK, offset: 3 })).toThrow('access stream holds 2 accesses');
    expect(stream.count).toBe(2);
    expect([...memory.u8.subarray(behind, behind + 16)]).toEqual(new Array(16).fill(0));
  });
});
