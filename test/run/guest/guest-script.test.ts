import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { guestScript, parseGuest } from '../../../src/run/guest/guest-script.ts';

const access = { barIdx: 4, offset: 2n ** 36n, widthBytes: 4 } as const;

describe('the script', () => {
  const script = guestScript('0000:01:00.0', [
    { ...access, value: 0x11223344n },
    { ...access, value: null },
  ]);

  test('is one that a shell takes', () => {
    expect(spawnSync('sh', ['-n'], { input: script }).stderr.toString()).toBe('');
  });

  test('makes each access where the BAR is, and says what it read', () => {
    expect(script).toContain('[ -n "$B4" ] && devmem $((B4+68719476736)) 32 0x11223344\n');
    expect(script).toContain('[ -n "$B4" ] && echo "GUEST read 1 $(devmem $((B4+68719476736)) 32)"\n');
  });
});

describe('what the guest said', () => {
  test('is read between the lines of firmware and kernel', () => {
    const serial = [
      'SeaBIOS\x1bc\r\nBooting from ROM..GUEST bar 4 0x0000008000000000 0x0000009fffffffff 0x000000000014220c\r',
      '[    1.0] pci 0000:01:00.0: BAR 4\r',
      'GUEST bar 0 0x0000000000001000 0x000000000000101f 0x0000000000040101\r',
      'GUEST unassigned BAR 2 [mem size 0x8000000000 64bit pref]\r',
      'GUEST unassigned ROM [mem size 0x00010000 pref]\r',
      'GUEST read 1 0xFFFFFFFFFFFFFFFF\r',
      'GUEST read 3 0x12\r',
      'GUEST config de104223\r',
      'GUEST config 06041000\r',
      'GUEST end\r',
    ].join('\n');
    expect(parseGuest(serial)).toEqual({
      bars: [
        {
          barIdx: 4,
          sizeBytes: 2n ** 37n,
          is64Bit: true,
          isPrefetchable: true,
          isIo: false,
          isAssigned: true,
        },
        { barIdx: 0, sizeBytes: 32n, is64Bit: false, isPrefetchable: false, isIo: true, isAssigned: true },
        {
          barIdx: 2,
          sizeBytes: 2n ** 39n,
          is64Bit: true,
          isPrefetchable: true,
          isIo: false,
          isAssigned: false,
        },
        {
          barIdx: 6,
          sizeBytes: 65536n,
          is64Bit: false,
          isPrefetchable: true,
          isIo: false,
          isAssigned: false,
        },
      ],
      values: new Map([
        [1, 2n ** 64n - 1n],
        [3, 0x12n],
      ]),
      config: Buffer.from('de10422306041000', 'hex'),
      isComplete: true,
    });
  });

  test.each([
    '',
    'GUEST bar 4',
    'GUEST read 1',
    'GUEST read 1 ',
    'GUEST read x 0x1',
    'GUEST read 1 0xzz',
    'GUEST unassigned bridge window [mem size 0x1000]',
    'GUEST unassigned BAR 2 [mem 0x0-0xff]',
    'GUEST config xyz',
    'GUEST config abc',
    'GUEST',
  ])('%j is nothing', (serial) => {
    expect(parseGuest(serial)).toEqual({
      bars: [],
      values: new Map(),
      config: Buffer.alloc(0),
      isComplete: false,
    });
  });
});
