import { describe, expect, test } from 'vitest';
import { hasMigHardwareBug } from '../../src/device/mig-hardware-bug.ts';
import { findProfile } from '../../src/device/profiles.ts';

const DVSEC = 0x100;

/** A chain of one DVSEC at 0x100, or of two where `next` says so; words are `[offset, value]`. */
function config(words: readonly (readonly [offset: number, value: number])[], size = 4096): Uint8Array {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint16(0x00, 0x10de, true);
  for (const [offset, value] of words) view.setUint16(offset, value, true);
  return bytes;
}

function dvsec(at: number, vendor: number, id: number, features: number, next = 0) {
  return [
    [at, 0x0023],
    [at + 0x02, 1 | (next << 4)],
    [at + 0x04, vendor],
    [at + 0x08, id],
    [at + 0x0a, features],
  ] as const;
}

describe('the MIG hardware bug', () => {
  test.each([
    ['bit 0 is set', dvsec(DVSEC, 0x10de, 3, 0x0001), false],
    ['bit 0 is set beside others', dvsec(DVSEC, 0x10de, 3, 0xffff), false],
    ['bit 0 is clear', dvsec(DVSEC, 0x10de, 3, 0xfffe), true],
    ['the capability is of another vendor', dvsec(DVSEC, 0x1e98, 3, 1), true],
    ['the capability has another id', dvsec(DVSEC, 0x10de, 0, 1), true],
    ['another capability is at its place', [...dvsec(DVSEC, 0x10de, 3, 1), [DVSEC, 0x000b] as const], true],
    [
      'it comes after one of another vendor',
      [...dvsec(DVSEC, 0x1e98, 3, 0, 0x200), ...dvsec(0x200, 0x10de, 3, 1)],
      false,
    ],
    ['there is no capability', [], true],
  ])('where %s', (_, words, expected) => {
    expect(hasMigHardwareBug(config(words))).toBe(expected);
  });

  test('is assumed where extended space was not read, or ends inside the capability', () => {
    expect(hasMigHardwareBug(config([], 256))).toBe(true);
    expect(hasMigHardwareBug(config([...dvsec(0x100, 1, 1, 1, 0xff8), [0xff8, 0x0023], [0xffa, 1]]))).toBe(
      true,
    );
  });

  test('of the profiles is that of their generation', () => {
    const names = ['gh200-120gb', 'gh200-no-bar2', 'gh200-480gb', 'gh200-2348', 'gb200', 'gb300'];
    const bugs = names.map((name) => hasMigHardwareBug(findProfile(name)!.source.configBytes));
    expect(bugs).toEqual([true, true, true, true, false, false]);
  });
});
