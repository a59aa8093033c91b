/** The virtio driver as landed, and as it was posted twice before: specification 4. */

import type { Policy } from '../../types.ts';
import type { Runnable } from '../runnable.ts';
import { type BarRow, device, type FunctionRows } from './devices.ts';
import { EFAULT, failingRead, onDevice, read, readHex, reset, write, writeHex } from './steps.ts';

const ONES = 0xffff_ffff;
const POLICIES = ['virtio', 'virtio-flags', 'virtio-flags2'] as const;

type Registers = NonNullable<FunctionRows['registers']>;

const BAR4: BarRow = [4, 'mem64p', 2n ** 14n];
const REGISTERS: Registers = [
  [0x00, 4, 0x1041_1af4],
  [0x08, 4, 0x0200_0001],
  [0x2c, 4, 0x0041_1af5],
  [0x3c, 2, 0x0100],
];

function vf(policy: Policy, rows: FunctionRows = {}) {
  return device({ policy, bars: [BAR4], registers: REGISTERS, ...rows });
}

/** STATUS errors below a PCI Express capability, as in the rows about COMMAND under core. */
const STATUS_ERRORS: Registers = [
  [0x06, 2, 0xf910],
  [0x34, 1, 0x40],
  [0x40, 4, 0x0002_0010],
];

/** BAR 1 keeps address bit 2, which the fix-up of the core takes for the 64-bit type of a pair 1 and 2. */
const TINY_IO: readonly BarRow[] = [
  [1, 'io', 4n],
  [2, 'mem32', 2n ** 16n],
];

/** Whole configuration writes that begin at `offset` and end past 256 bytes: the core refuses them. */
function refused(offset: number, hex: string) {
  return writeHex(offset, hex.padEnd(2 * (0x101 - offset), '0'), EFAULT);
}

const OVERLAYS = POLICIES.flatMap((policy) => [
  onDevice(`4 ${policy} ids of a transitional device, at any width`, vf(policy), [
    ...[read(0x00, 4, 0x1000_1af4), read(0x02, 2, 0x1000), read(0x02, 1, 0), read(0x03, 1, 0x10)],
    ...[read(0x08, 4, 0x0200_0000), read(0x08, 1, 0), read(0x2c, 4, 0x0001_1af4), read(0x2e, 2, 1)],
    ...[read(0x2d, 1, 0x1a), read(0x2f, 1, 0), readHex(0x01, '1a0010'), readHex(0x07, '000000')],
    ...[readHex(0x2b, '00f41a0100'), readHex(0x03, '100200 0000')],
  ]),
  onDevice(`4 ${policy} ids are read-only`, vf(policy), [
    ...[write(0x00, 4, ONES), write(0x08, 4, ONES), write(0x2c, 4, ONES), writeHex(0x2d, 'ffffff')],
    ...[read(0x00, 4, 0x1000_1af4), read(0x08, 4, 0x0200_0000), read(0x2c, 4, 0x0001_1af4)],
  ]),
  onDevice(`4 ${policy} is a virtual function: COMMAND.MEM set, no INTx`, vf(policy), [
    ...[read(0x04, 2, 0x0002), read(0x3d, 1, 0), write(0x04, 2, 0), read(0x04, 2, 0)],
  ]),
  onDevice(`4 ${policy} a bulk read has all overlays`, vf(policy), [
    ...[write(0x04, 1, 0x01), write(0x10, 4, policy === 'virtio' ? 0x6000 : ONES)],
    readHex(
      0x00,
      `f41a0010 01000000 00000002 00000000 01${policy === 'virtio' ? '60' : '00'}0000 00000000 00000000 00000000` +
        '0c000000 00000000 00000000 f41a0100 00000000 00000000 00000000 00000000',
    ),
  ]),
  onDevice(`4 ${policy} COMMAND.IO by bytes, words, dwords and across`, vf(policy), [
    ...[write(0x04, 1, 0x01), read(0x04, 2, 0x0001), write(0x05, 1, 0x04), read(0x04, 2, 0x0401)],
    ...[write(0x04, 2, 0x0002), read(0x04, 1, 0x02), write(0x04, 4, 0x0000_0007), read(0x04, 4, 0x0000_0007)],
    ...[writeHex(0x03, 'ff06'), read(0x04, 2, 0x0006), writeHex(0x02, 'ffff 0301 00'), read(0x04, 2, 0x0103)],
    ...[write(0x03, 4, 0), read(0x04, 2, 0)],
  ]),
  onDevice(`4 ${policy} a dword at COMMAND still clears STATUS`, vf(policy, { registers: STATUS_ERRORS }), [
    ...[write(0x04, 2, 0x0001), read(0x04, 4, 0xf910_0001), write(0x05, 1, 0), read(0x06, 2, 0xf910)],
    ...[writeHex(0x03, '00 06000000'), read(0x04, 4, 0x0010_0006)],
  ]),
  onDevice(`4 ${policy} a write that the core refuses stores COMMAND all the same`, vf(policy), [
    ...[refused(0x04, '01'), read(0x04, 2, 0x0003), refused(0x02, '00000700'), read(0x04, 2, 0x0003)],
    ...[refused(0x04, '00'), read(0x04, 2, 0x0002), refused(0x06, 'ff'), read(0x04, 2, 0x0002)],
    ...[refused(0x04, '01'), write(0x0c, 1, 0x10), read(0x04, 2, 0x0003)],
    ...[refused(0x05, 'ff'), read(0x04, 2, 0x0003), write(0x04, 1, 0x02), read(0x04, 2, 0x0002)],
  ]),
  ...(['ioctl', 'flr', 'hot'] as const).map((kind) =>
    onDevice(`4 ${policy} reset ${kind} zeroes the stored COMMAND`, vf(policy), [
      ...[refused(0x04, '01'), read(0x04, 2, 0x0003), reset(kind), read(0x04, 2, 0x0002)],
      ...[write(0x10, 4, 0xc040), reset(kind), read(0x10, 4, policy === 'virtio' ? 0xc041 : 1)],
    ]),
  ),
  onDevice(`4 ${policy} other BARs are the physical ones`, vf(policy), [
    ...[write(0x20, 4, ONES), read(0x20, 4, 0xffff_c00c), write(0x24, 1, 0xff), read(0x24, 4, 0xff)],
    ...[write(0x14, 4, ONES), read(0x14, 4, 0), write(0x30, 4, ONES), read(0x30, 4, 0)],
  ]),
  onDevice(`4 ${policy} requests outside configuration space fail`, vf(policy), [
    ...[failingRead(0x10, 0xf1, EFAULT), failingRead(0xfd, 4, EFAULT), failingRead(0x100, 1, EFAULT)],
    ...[failingRead(0x10, 0, 0), writeHex(0x04, '', 0)],
  ]),
]);

const LANDED: readonly Runnable[] = [
  onDevice('4 virtio BAR 0 sizes to 32 bytes by dwords, words and bytes', vf('virtio'), [
    ...[read(0x10, 4, 1), write(0x10, 4, ONES), read(0x10, 4, 0xffff_ffe1), write(0x10, 4, 0)],
    ...[
      write(0x12, 2, 0xffff),
      read(0x10, 4, 0xffff_0001),
      write(0x10, 2, 0xffff),
      read(0x10, 4, 0xffff_ffe1),
    ],
    ...[write(0x10, 4, 0), write(0x10, 1, 0xff), read(0x10, 4, 0xe1), write(0x13, 1, 0xff)],
    ...[read(0x10, 4, 0xff00_00e1), read(0x13, 1, 0xff), read(0x10, 1, 0xe1), read(0x11, 2, 0)],
  ]),
  onDevice('4 virtio BAR 0 sizes with address bits alone', vf('virtio'), [
    ...[write(0x10, 4, 0xffff_fff0), read(0x10, 4, 0xffff_ffe1), write(0x10, 4, 0xffff_fffc)],
    ...[read(0x10, 4, 0xffff_ffe1), write(0x10, 4, 0xc05f), read(0x10, 4, 0xc041)],
  ]),
  onDevice('4 virtio BAR 0 takes its share of requests of any length', vf('virtio'), [
    ...[writeHex(0x10, 'ffffff'), read(0x10, 4, 0x00ff_ffe1), readHex(0x11, 'ffff00')],
    ...[writeHex(0x0f, 'aabbccddee'), read(0x10, 4, 0xeedd_cca1), read(0x0f, 1, 0xaa)],
    ...[write(0x0e, 4, 0), read(0x10, 4, 0xeedd_0001), write(0x12, 4, 0), read(0x10, 4, 1)],
    ...[writeHex(0x0c, 'ff'.repeat(24)), readHex(0x10, 'e1ffffff 00000000 00000000 00000000 0cc0ffff')],
  ]),
  onDevice('4 virtio a write that the core refuses stores BAR 0 all the same', vf('virtio'), [
    ...[refused(0x10, 'ffffffff'.repeat(6)), read(0x10, 4, 0xffff_ffe1), read(0x20, 8, 0xcn)],
    ...[refused(0x12, '3412'), read(0x10, 4, 0x1234_ffe1), refused(0x0c, '10'), read(0x10, 4, 1)],
    ...[read(0x0c, 1, 0), refused(0x14, 'ff'), read(0x10, 4, 1)],
  ]),
  onDevice('4 virtio the fix-up of the core leaves BAR 0 alone', vf('virtio', { bars: TINY_IO }), [
    ...[read(0x10, 4, 1), write(0x10, 4, ONES), write(0x18, 4, 0x1234_5678), write(0x14, 4, 0x1004)],
    ...[read(0x14, 4, 0x1005), read(0x18, 4, 0x1234_5678), read(0x10, 4, 0xffff_ffe1)],
    ...[write(0x14, 4, 0x1008), read(0x18, 4, 0x1234_0000), readHex(0x10, 'e1ffffff 09100000 00003412')],
    ...[write(0x11, 1, 0), read(0x10, 4, 0xffff_00e1), refused(0x10, 'ff'), read(0x10, 4, 0x0000_00e1)],
  ]),
];

const POSTED: readonly Runnable[] = [
  onDevice('4 virtio-flags BAR 0 reads a constant, whatever is written', vf('virtio-flags'), [
    ...[read(0x10, 4, 1), write(0x10, 4, ONES), read(0x10, 4, 1), write(0x10, 1, 0), read(0x10, 4, 1)],
    ...[refused(0x10, 'ffffffff'), read(0x10, 4, 1), writeHex(0x0e, 'ffffffff'), read(0x10, 4, 1)],
  ]),
  onDevice('4 virtio-flags less than the whole dword shows the physical BAR', vf('virtio-flags'), [
    ...[read(0x10, 1, 0), read(0x11, 1, 0), read(0x10, 2, 0), read(0x12, 2, 0), readHex(0x10, '000000')],
    ...[readHex(0x11, '000000'), read(0x0e, 4, 0), read(0x11, 4, 0), read(0x13, 1, 0)],
  ]),
  onDevice('4 virtio-flags the whole dword within a longer request', vf('virtio-flags'), [
    ...[readHex(0x10, '01000000 00'), readHex(0x0f, '00 01000000'), readHex(0x0c, '00000000 01000000')],
    ...[readHex(0x0e, '0000 01000000 0000')],
  ]),
  onDevice('4 virtio-flags2 any part of the dword begins with byte 0 of the constant', vf('virtio-flags2'), [
    ...[read(0x10, 1, 1), read(0x11, 1, 1), read(0x12, 1, 1), read(0x13, 1, 1), read(0x12, 2, 1)],
    ...[read(0x11, 2, 1), readHex(0x10, '010000'), readHex(0x11, '010000'), read(0x10, 4, 1)],
  ]),
  onDevice('4 virtio-flags2 requests across the ends of the dword', vf('virtio-flags2'), [
    ...[readHex(0x0e, '0000 0100'), readHex(0x0f, '00 01000000'), readHex(0x0f, '00 01'), read(0x11, 4, 1)],
    ...[readHex(0x10, '01000000 00'), readHex(0x12, '0100 00000000 0000'), readHex(0x13, '01 0000')],
    ...[write(0x10, 4, ONES), read(0x13, 1, 1), read(0x10, 4, 1), readHex(0x0c, '00000000 01000000')],
  ]),
  ...(['virtio-flags', 'virtio-flags2'] as const).map((policy) =>
    onDevice(`4 ${policy} the fix-up of the core leaves the constant alone`, vf(policy, { bars: TINY_IO }), [
      ...[read(0x10, 4, 1), write(0x10, 4, ONES), write(0x18, 4, 0x1234_5678), write(0x14, 4, 0x1004)],
      ...[read(0x10, 4, 1), read(0x14, 4, 0x1005), read(0x18, 4, 0x1234_5678)],
      readHex(0x10, '01000000 05100000 78563412'),
    ]),
  ),
];

export const VIRTIO: readonly Runnable[] = [...OVERLAYS, ...LANDED, ...POSTED];
