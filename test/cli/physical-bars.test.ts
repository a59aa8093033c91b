import { describe, expect, test } from 'vitest';
import { parsePhysicalBars } from '../../src/cli/physical-bars.ts';
import { UsageError } from '../../src/errors.ts';

describe('--physical-bars', () => {
  test('every kind, in any order, with and without an address', () => {
    const text = '3:mem64p:128GiB@0x662000000000, 0:io:32@0xe060,1:mem32:64KiB,2:mem32p:1MiB@0xfff00000';
    expect(parsePhysicalBars(text, 6)).toEqual([
      { barIdx: 0, kind: 'io', prefetchable: false, sizeBytes: 32n, address: 0xe060n, sizeSource: 'profile' },
      {
        barIdx: 1,
        kind: 'mem32',
        prefetchable: false,
        sizeBytes: 65536n,
        address: 0n,
        sizeSource: 'profile',
      },
      {
        barIdx: 2,
        kind: 'mem32',
        prefetchable: true,
        sizeBytes: 1048576n,
        address: 0xfff00000n,
        sizeSource: 'profile',
      },
      {
        barIdx: 3,
        kind: 'mem64',
        prefetchable: true,
        sizeBytes: 128n << 30n,
        address: 0x662000000000n,
        sizeSource: 'profile',
      },
    ]);
  });

  test.each(['none', ' none '])('%j is no BAR at all', (text) => {
    expect(parsePhysicalBars(text, 6)).toEqual([]);
  });

  test('the limits themselves', () => {
    const text =
      '0:io:64KiB,1:mem32:2GiB@0x80000000,2:mem32:16,3:io:4@0xfffc,4:mem64:1TiB@0xffffff0000000000';
    expect(parsePhysicalBars(text, 6)).toHaveLength(5);
    expect(parsePhysicalBars('0:mem64:16', 2)).toHaveLength(1);
  });

  test.each([
    ['', 6, /"": expected INDEX:KIND:SIZE\[@ADDRESS\], such as 0:mem64p:16MiB/],
    ['0:mem64p', 6, /"0:mem64p": expected INDEX:KIND:SIZE/],
    ['0:mem64p:16MiB,', 6, /"": expected INDEX/],
    ['-1:io:32', 6, /"-1:io:32": expected INDEX/],
    ['0:io:32@e060', 6, /expected INDEX/],
    ['0:mem:16MiB', 6, /kind mem; expected io, mem32, mem32p, mem64, mem64p/],
    ['0:constructor:16MiB', 6, /kind constructor; expected/],
    ['0:mem32:lots', 6, /size "lots": expected a size in bytes/],
    ['6:io:32', 6, /index 6; expected 0 to 5/],
    ['5:mem64:16MiB', 6, /index 5; expected 0 to 4 for a 64-bit BAR, which takes two registers/],
    ['2:io:32', 2, /index 2; expected 0 to 1/],
    ['1:mem64:16MiB', 2, /index 1; expected 0 to 0 for a 64-bit BAR/],
    ['0:mem64:16MiB', 1, /the function has one BAR register, and a 64-bit BAR takes two/],
    ['0:io:32,0:io:64', 6, /BAR 0 is given twice/],
    ['0:mem64:16MiB,1:io:32', 6, /BARs 0 and 1 overlap; a 64-bit BAR also takes the next index/],
    ['1:io:32,0:mem64:16MiB', 6, /BARs 1 and 0 overlap/],
    ['0:mem32:48MiB', 6, /50331648 bytes; expected a power of two from 16 to 2147483648 for mem32/],
    ['0:mem32:0', 6, /0 bytes; expected a power of two/],
    ['0:mem32:8', 6, /8 bytes; expected a power of two from 16/],
    ['0:mem32:4GiB', 6, /4294967296 bytes; expected/],
    ['0:mem64:2TiB', 6, /expected a power of two from 16 to 1099511627776 for mem64/],
    ['0:io:2', 6, /2 bytes; expected a power of two from 4 to 65536 for io/],
    ['0:io:128KiB', 6, /131072 bytes; expected/],
    ['0:mem32:16MiB@0x100000', 6, /address 0x100000 is no multiple of the size; a BAR is naturally aligned/],
    ['0:mem32:16MiB@0x100000000', 6, /address 0x100000000; mem32 addresses end at 0x100000000/],
    ['0:io:32@0x10000', 6, /address 0x10000; io addresses end at 0x10000/],
    ['0:mem64:16MiB@0x10000000000000000', 6, /mem64 addresses end at/],
  ])('%j of %i registers is refused', (text, barCount, message) => {
    expect(() => parsePhysicalBars(text, barCount)).toThrow(UsageError);
    expect(() => parsePhysicalBars(text, barCount)).toThrow(message);
  });
});
