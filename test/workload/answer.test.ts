import { describe, expect, test } from 'vitest';
import { CONFIG_VALUE, USEMEM_BAR_OFFSET } from '../../assembly/layout.ts';
import { Device } from '../../src/device/device.ts';
import { specFromFlags } from '../../src/device/device-flags.ts';
import { LinearMemory } from '../../src/memory/linear-memory.ts';
import { answerOf, digestBytes, digestState, digestWords } from '../../src/workload/answer.ts';

/** Offset basis of 32-bit FNV-1a (draft-eastlake-fnv). */
const FNV_BASIS = 0x811c9dc5;
const text = (value: string) => new TextEncoder().encode(value);

describe('digestBytes', () => {
  // Published with the algorithm.
  test.each([
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['foobar', 0xbf9cf968],
  ])('%j as FNV-1a has it', (value, expected) => {
    expect(digestBytes(text(value), 0, value.length, FNV_BASIS) >>> 0).toBe(expected);
  });

  test('starts anywhere, and in two pieces gives the same', () => {
    const bytes = text('__foobar');
    const half = digestBytes(bytes, 2, 3, FNV_BASIS);
    expect(digestBytes(bytes, 5, 3, half)).toBe(digestBytes(text('foobar'), 0, 6, FNV_BASIS));
  });
});

describe('digestWords', () => {
  const words = Int32Array.from({ length: 64 }, (_, i) => i * 0x01234567);
  const whole = digestWords(words, 0, 256, FNV_BASIS);

  test('sees every bit of every word, and their order', () => {
    const digests = new Set([whole]);
    for (let bit = 0; bit < 64 * 32; bit += 7) {
      const changed = words.slice();
      changed[bit >> 5]! ^= 1 << (bit & 31);
      digests.add(digestWords(changed, 0, 256, FNV_BASIS));
    }
    digests.add(digestWords(words.toReversed(), 0, 256, FNV_BASIS));
    expect(digests.size).toBe(Math.ceil((64 * 32) / 7) + 2);
  });

  test('two wrong top bits do not cancel each other', () => {
    for (const [a, b] of [
      [0, 1],
      [0, 63],
      [7, 40],
    ] as const) {
      const changed = words.slice();
      changed[a]! ^= 1 << 31;
      changed[b]! ^= 1 << 31;
      expect(digestWords(changed, 0, 256, FNV_BASIS)).not.toBe(whole);
    }
    const flipped = words.map((word) => word ^ (1 << 31));
    expect(digestWords(flipped, 0, 256, FNV_BASIS)).not.toBe(whole);
  });

  test('leaves bytes past the last whole word out, and what lies around it', () => {
    const changed = words.slice();
    changed[63] = 0;
    expect(digestWords(changed, 0, 255, FNV_BASIS)).toBe(digestWords(words, 0, 252, FNV_BASIS));
  });
});

describe('answerOf', () => {
  test('is 8 hex digits whatever comes in', () => {
    for (const [checksum, digest] of [
      [0, 0],
      [-1, 0],
      [0xffffffff, -1],
      [1, 0x7fffffff],
    ] as const) {
      expect(answerOf(checksum, digest)).toMatch(/^[0-9a-f]{8}$/);
    }
  });

  test('depends on both parts', () => {
    expect(answerOf(1, 2)).not.toBe(answerOf(3, 2));
    expect(answerOf(1, 2)).not.toBe(answerOf(1, 3));
  });
});

describe('digestState', () => {
  function device(device: string, policy: string) {
    const spec = specFromFlags({ device, policy });
    const memory = new LinearMemory(32 * 2 ** 20, 'private');
    const made = new Device(spec, 'ts', memory, 2 ** 20);
    const buffer = memory.allocate(2 ** 17, 2 ** 16).address;
    return { made, memory, digest: () => digestState(made, [], buffer), buffer };
  }

  test.each([
    ['gh200-120gb', 'nvgrace'],
    ['gh200-120gb', 'strict'],
    ['gh200-120gb', 'core'],
    ['generic-type0', 'core'],
  ])('%s, %s: sees every byte of configuration space, emulated BARs included', (name, policy) => {
    const { made, memory, digest } = device(name, policy);
    const before = digest();
    const first = made.placement.stateBlock + CONFIG_VALUE;
    for (let at = 0; at < made.spec.configBytes.length; at++) {
      memory.u8[first + at]! ^= 0x40;
      expect(digest(), `byte ${at.toString(16)}`).not.toBe(before);
      memory.u8[first + at]! ^= 0x40;
    }
    expect(digest()).toBe(before);
  });

  test('nvgrace: sees an address written to the BAR of usemem', () => {
    const { made, digest } = device('gh200-120gb', 'nvgrace');
    const before = digest();
    expect(made.model.configWrite(USEMEM_BAR_OFFSET + 4, 4, 0x6620)).toBe(4);
    expect(digest()).not.toBe(before);
  });

  test('sees the last byte of every window', () => {
    const { made, memory, buffer } = device('gh200-120gb', 'strict');
    const windows = [
      { regionIndex: 4, offset: 0, sizeBytes: 4096 },
      { regionIndex: 4, offset: 2 ** 36, sizeBytes: 2 ** 16 + 4096 },
    ];
    const digests = new Set([digestState(made, windows, buffer)]);
    for (const { regionIndex, offset, sizeBytes } of windows) {
      memory.u8[buffer] = 1;
      made.model.regionWrite(regionIndex, offset + sizeBytes - 1, 1, buffer);
      digests.add(digestState(made, windows, buffer));
    }
    expect(digests.size).toBe(3);
  });
});
