import { describe, expect, test } from 'vitest';
import { specFromFlags } from '../../../src/device/device-flags.ts';
import { accessesOf, wrongValues } from '../../../src/run/guest/guest-check.ts';
import type { GuestAccess } from '../../../src/run/guest/guest-script.ts';

const spec = specFromFlags({ device: 'gh200-120gb', policy: 'nvgrace' });
const { barSizeBytes, memlengthBytes } = spec.regions.find(({ regionIndex }) => regionIndex === 4)!;
const accesses = accessesOf(spec, 'vfio-user');

/** What memory of that length answers, one byte at a time. */
function answers(list: readonly GuestAccess[], lengthBytes = memlengthBytes): Map<number, bigint> {
  const bytes = new Map<bigint, bigint>();
  const values = new Map<number, bigint>();
  for (const [i, { offset, widthBytes, value }] of list.entries()) {
    let read = 0n;
    for (let k = 0n; k < widthBytes; k++) {
      const isThere = offset + k < lengthBytes;
      if (value !== null && isThere) bytes.set(offset + k, (value >> (8n * k)) & 0xffn);
      read |= (isThere ? (bytes.get(offset + k) ?? 0n) : 0xffn) << (8n * k);
    }
    if (value === null) values.set(i, read);
  }
  return values;
}

const saw = (values: ReadonlyMap<number, bigint>) => ({
  bars: [],
  values,
  config: new Uint8Array(),
  isComplete: true,
});

describe('accesses of a guest', () => {
  test('are of every width, at both ends, at the end of memory, and in the middle', () => {
    for (const width of [1, 2, 4, 8]) {
      const places = new Set(
        accesses.filter(({ widthBytes }) => widthBytes === width).map(({ offset }) => offset),
      );
      expect(places).toContain(0n);
      expect(places).toContain(memlengthBytes - BigInt(width));
      expect(places).toContain(memlengthBytes);
      expect(places).toContain(barSizeBytes - BigInt(width));
      expect(places.size).toBe(5);
    }
    expect(
      accesses.every(({ barIdx, offset, widthBytes }) => barIdx === 4 && offset % BigInt(widthBytes) === 0n),
    ).toBe(true);
  });

  test('are none where there is no memory', () => {
    expect(accessesOf(specFromFlags({ device: 'virtio-net-vf' }), 'vfio-user')).toEqual([]);
  });

  test("go to a BAR of 32 bits over QEMU's proxy, which maps no other", () => {
    expect(accessesOf(spec, 'proxy')).toEqual([]);
    const generic = accessesOf(specFromFlags({ device: 'generic-type0' }), 'proxy');
    expect(new Set(generic.map(({ barIdx }) => barIdx))).toEqual(new Set([1]));
  });
});

describe('what a guest read', () => {
  test('is right where it is what memory of that length answers', () => {
    expect(wrongValues(spec, accesses, saw(answers(accesses)))).toEqual([]);
  });

  test.each([
    ['more of it', memlengthBytes + 4096n],
    ['less of it', memlengthBytes - 4096n],
  ])('is wrong where there is %s', (_, length) => {
    expect(wrongValues(spec, accesses, saw(answers(accesses, length))).length).toBeGreaterThan(0);
  });

  test('is wrong where it said nothing, or something else', () => {
    const values = answers(accesses);
    const [first] = values.keys();
    values.delete(first!);
    expect(wrongValues(spec, accesses, saw(values))).toMatchObject([{ found: null }]);
    values.set(first!, 5n);
    expect(wrongValues(spec, accesses, saw(values))).toMatchObject([{ found: 5n }]);
  });
});
