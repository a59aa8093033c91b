/** BAR encodings and in-band sizing: specification 7.2, 7.3 and 1.11b; the same for policy core, 2.5. */

import type { Operation } from '../operation.ts';
import type { Runnable } from '../runnable.ts';
import { type BarRow, device } from './devices.ts';
import { onDevice, read, readHex, write, writeHex } from './steps.ts';

const ONES = 0xffff_ffff;
const PATTERN = 0xa5a5_a5a5;

/** A BAR in dword 1 (and 2), with what its dwords read after all ones were written. */
interface Sized {
  readonly name: string;
  readonly bar: BarRow;
  readonly flags: number;
  readonly low: number;
  /** 64-bit BARs only. */
  readonly high?: number;
}

const SIZED: readonly Sized[] = [
  { name: 'io-8', bar: [1, 'io', 8n], flags: 1, low: 0xffff_fff9 },
  { name: 'io-32', bar: [1, 'io', 32n], flags: 1, low: 0xffff_ffe1 },
  { name: 'io-256', bar: [1, 'io', 256n], flags: 1, low: 0xffff_ff01 },
  { name: 'mem32-16', bar: [1, 'mem32', 16n], flags: 0, low: 0xffff_fff0 },
  { name: 'mem32-64KiB', bar: [1, 'mem32', 2n ** 16n], flags: 0, low: 0xffff_0000 },
  { name: 'mem32p-1MiB', bar: [1, 'mem32p', 2n ** 20n], flags: 8, low: 0xfff0_0008 },
  { name: 'mem32-2GiB', bar: [1, 'mem32', 2n ** 31n], flags: 0, low: 0x8000_0000 },
  { name: 'mem64-16KiB', bar: [1, 'mem64', 2n ** 14n], flags: 4, low: 0xffff_c004, high: ONES },
  { name: 'mem64p-256MiB', bar: [1, 'mem64p', 2n ** 28n], flags: 0xc, low: 0xf000_000c, high: ONES },
  { name: 'mem64p-2GiB', bar: [1, 'mem64p', 2n ** 31n], flags: 0xc, low: 0x8000_000c, high: ONES },
  { name: 'mem64p-4GiB', bar: [1, 'mem64p', 2n ** 32n], flags: 0xc, low: 0x0000_000c, high: ONES },
  { name: 'mem64p-128GiB', bar: [1, 'mem64p', 2n ** 37n], flags: 0xc, low: 0x0000_000c, high: 0xffff_ffe0 },
  { name: 'mem64-1TiB', bar: [1, 'mem64', 2n ** 40n], flags: 4, low: 0x0000_0004, high: 0xffff_ff00 },
];

/** Ways to size: each must come to the same mask. */
const PROBES: Readonly<Record<string, (sized: Sized) => Operation[]>> = {
  dwords: ({ low, high }) => [
    ...[write(0x14, 4, ONES), read(0x14, 4, low)],
    ...(high === undefined ? [] : [write(0x18, 4, ONES), read(0x18, 4, high), read(0x14, 4, low)]),
  ],
  words: ({ low, high }) => [
    ...[write(0x14, 2, 0xffff), write(0x16, 2, 0xffff)],
    ...[read(0x14, 2, low & 0xffff), read(0x16, 2, low >>> 16)],
    ...(high === undefined ? [] : [write(0x1a, 2, 0xffff), read(0x1a, 2, high >>> 16), read(0x18, 2, 0)]),
  ],
  bytes: ({ low }) => [
    ...[0x17, 0x14, 0x16, 0x15].map((offset) => write(offset, 1, 0xff)),
    ...[0, 1, 2, 3].map((i) => read(0x14 + i, 1, (low >>> (8 * i)) & 0xff)),
    read(0x14, 4, low),
  ],
  'address-bits-only': ({ low, bar }) => [
    write(0x14, 4, bar[1] === 'io' ? 0xffff_fffc : 0xffff_fff0),
    read(0x14, 4, low),
  ],
  'one-request': ({ low, high }) => [
    writeHex(0x14, 'ff'.repeat(8)),
    read(0x14, 4, low),
    read(0x18, 4, high ?? 0),
  ],
  'unaligned-request': ({ low }) => [
    writeHex(0x13, 'ff'.repeat(6)),
    read(0x14, 4, low),
    write(0x15, 2, 0),
    read(0x14, 4, (low & 0xff00_00ff) >>> 0),
  ],
  restoring: ({ low, high, flags }) => [
    ...[write(0x14, 4, PATTERN), write(0x14, 4, ONES), write(0x14, 4, PATTERN)],
    read(0x14, 4, ((PATTERN & low & ~0xf) | flags | (flags === 1 ? PATTERN & low & 0xc : 0)) >>> 0),
    ...(high === undefined ? [] : [write(0x18, 4, PATTERN), read(0x18, 4, (PATTERN & high) >>> 0)]),
  ],
};

/** Neighbours of the BAR under test keep their addresses. */
function withNeighbours(sized: Sized, ops: readonly Operation[]): Operation[] {
  return [
    ...[write(0x10, 4, 0x1234_5000), write(0x20, 4, 0x0000_c041)],
    ...ops,
    // The requests that reach over the BAR's end leave ones in the byte before it.
    read(0x10, 2, 0x5000),
    ...(sized.high === undefined ? [read(0x18, 4, 0)] : []),
    ...[read(0x1c, 4, 0), read(0x20, 4, 0x0000_c041), read(0x24, 4, 0)],
  ];
}

function sizing(policy: 'strict' | 'core'): Runnable[] {
  return SIZED.flatMap((sized) =>
    Object.entries(PROBES).map(([probe, ops]) => {
      const bars: BarRow[] = [[0, 'mem32', 2n ** 12n], sized.bar, [4, 'io', 32n]];
      return onDevice(
        `7.3 ${policy} sizing ${sized.name} by ${probe}`,
        device({ policy, bars }),
        withNeighbours(sized, ops(sized)),
      );
    }),
  );
}

/** ROM size in bytes, and what it reads after FFFFF800, FFFFFFFF and FFFFFFFE. */
const ROMS: readonly [romBytes: number, masked: number][] = [
  [2 ** 11, 0xffff_f800],
  [2 ** 16, 0xffff_0000],
  [2 ** 24, 0xff00_0000],
];

function roms(policy: 'strict' | 'core'): Runnable[] {
  const sized = ROMS.map(([romBytes, masked]) =>
    onDevice(`7.1 ${policy} ROM of ${romBytes} bytes`, device({ policy, romBytes }), [
      ...[write(0x30, 4, 0xffff_f800), read(0x30, 4, masked)],
      ...[write(0x30, 4, ONES), read(0x30, 4, masked + 1)],
      ...[write(0x30, 4, 0xffff_fffe), read(0x30, 4, masked)],
      ...[write(0x30, 1, 0x01), read(0x30, 1, 0x01), read(0x30, 4, masked + 1)],
      ...[write(0x30, 1, 0xfe), read(0x30, 4, masked)],
      ...[write(0x30, 4, 0), read(0x30, 4, 0)],
    ]),
  );
  const absent = onDevice(`7.1 ${policy} without ROM`, device({ policy }), [
    write(0x30, 4, ONES),
    read(0x30, 4, 0),
  ]);
  return [...sized, absent];
}

function unimplemented(policy: 'strict' | 'core'): Runnable {
  const probes = [0x10, 0x14, 0x18, 0x1c, 0x20, 0x24].flatMap((offset) => [
    ...[write(offset, 4, ONES), read(offset, 4, 0), write(offset + 1, 1, 0xff), read(offset, 4, 0)],
  ]);
  return onDevice(`7.2 ${policy} unimplemented BARs read 0`, device({ policy }), probes);
}

const EVERY_BAR: readonly BarRow[] = [
  [0, 'mem64', 2n ** 14n],
  [2, 'mem64p', 2n ** 37n],
  [4, 'mem32', 2n ** 16n],
  [5, 'io', 16n],
];

export const BARS: readonly Runnable[] = [
  ...sizing('strict'),
  ...sizing('core'),
  ...roms('strict'),
  ...roms('core'),
  unimplemented('strict'),
  unimplemented('core'),
  onDevice('7.2 strict flags show at rest', device({ policy: 'strict', bars: EVERY_BAR }), [
    readHex(0x10, '04000000 00000000 0c000000 00000000 00000000 01000000'),
  ]),
  onDevice(
    '1.11b strict a request serves every BAR it touches',
    device({ policy: 'strict', bars: EVERY_BAR }),
    [
      writeHex(0x10, 'ff'.repeat(24)),
      readHex(0x10, '04c0ffff ffffffff 0c000000 e0ffffff 0000ffff f1ffffff'),
      readHex(0x0e, '0000 04c0ffff ffffffff 0c000000 e0ffffff 0000ffff f1ffffff 00000000'),
    ],
  ),
  onDevice(
    '7.3 strict I/O BAR of 4 bytes',
    device({
      policy: 'strict',
      bars: [
        [0, 'io', 4n],
        [1, 'mem32', 65536n],
      ],
    }),
    [
      ...[
        write(0x10, 4, ONES),
        read(0x10, 4, 0xffff_fffd),
        write(0x14, 4, 0x1234_5678),
        read(0x14, 4, 0x1234_0000),
      ],
    ],
  ),
];
