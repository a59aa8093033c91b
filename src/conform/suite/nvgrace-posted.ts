/** nvgrace-gpu as it was posted before it landed: versions 12 (policy passthrough) and 13 (v13), specification 1.11a and 1.12. */

import type { Policy } from '../../types.ts';
import type { Runnable } from '../runnable.ts';
import { type BarRow, device, GH200_BARS, GH200_MEMORY, gh200 } from './devices.ts';
import {
  EFAULT,
  EINVAL,
  failingRead,
  failingRegionRead,
  onDevice,
  read,
  readHex,
  regionRead,
  regionWrite,
  reset,
  write,
  writeHex,
} from './steps.ts';

const ONES = 0xffff_ffff;
const GIB = 2 ** 30;

const v13 = gh200('v13');
/** Its BAR is 1 GiB, so that address bits of the lower dword exist. */
const v13Small = device({ policy: 'v13', bars: GH200_BARS, gpuMemory: { sizeBytes: 1n << 30n } });
const passthrough = gh200('passthrough');

const TINY_IO: readonly BarRow[] = [
  [0, 'io', 4n],
  [1, 'mem32', 2n ** 16n],
];

const V13: readonly Runnable[] = [
  onDevice('1.11a v13 at rest: flags, address 0; other BARs are physical', v13, [
    ...[read(0x18, 4, 0xc), read(0x1c, 4, 0)],
    ...[read(0x10, 4, 0x0200_000c), read(0x14, 4, 0x6610), read(0x20, 4, 0xc), read(0x24, 4, 0x6610)],
  ]),
  onDevice('1.11a v13 sizing by dwords, each register for itself', v13, [
    ...[write(0x18, 4, ONES), read(0x18, 4, 0xc), read(0x1c, 4, 0)],
    ...[write(0x1c, 4, ONES), read(0x1c, 4, 0xffff_ffe0), read(0x18, 4, 0xc)],
    ...[write(0x18, 4, 0xc), write(0x1c, 4, 0x40), read(0x18, 4, 0xc), read(0x1c, 4, 0x40)],
  ]),
  onDevice('1.11a v13 sizing shows address bits of the lower dword', v13Small, [
    ...[write(0x18, 4, ONES), read(0x18, 4, 0xc000_000c), write(0x1c, 4, ONES), read(0x1c, 4, ONES)],
    ...[readHex(0x18, '0c00'), readHex(0x18, '0c0000'), read(0x18, 1, 0xc)],
  ]),
  onDevice('1.11a v13 any value but all ones is stored as it is', v13Small, [
    ...[write(0x18, 4, 0xffff_fff0), read(0x18, 4, 0xffff_fff0), write(0x18, 4, 0xffff_fffe)],
    ...[read(0x18, 4, 0xffff_fffe), write(0x1c, 4, 0x1234_5678), read(0x1c, 4, 0x1234_5678)],
  ]),
  onDevice('1.11a v13 flags that a write cleared stay lost', v13Small, [
    ...[write(0x18, 4, 0), read(0x18, 4, 0), write(0x18, 4, ONES), read(0x18, 4, 0xc000_0000)],
    ...[write(0x18, 4, 3), write(0x18, 4, ONES), read(0x18, 4, 0xc000_0003)],
  ]),
  onDevice('1.11a v13 a shorter write has zeros above it and never sizes', v13, [
    ...[write(0x1c, 2, 0xffff), read(0x1c, 4, 0xffff), write(0x1c, 1, 0xff), read(0x1c, 4, 0xff)],
    ...[writeHex(0x1c, 'ffffff'), read(0x1c, 4, 0x00ff_ffff), readHex(0x1c, 'ffffff')],
    ...[write(0x18, 1, 0xff), read(0x18, 4, 0xff), write(0x18, 2, 0x0c), read(0x18, 4, 0x0c)],
  ]),
  onDevice('1.11a v13 sizing by bytes: the first goes here, the others to the physical BAR', v13, [
    ...[0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f].map((offset) => write(offset, 1, 0xff)),
    ...[read(0x18, 4, 0xff), read(0x1c, 4, 0xff), readHex(0x19, '000000'), readHex(0x1d, 'ffffff')],
  ]),
  onDevice('1.11a v13 what starts elsewhere sees the physical BAR', v13, [
    ...[write(0x18, 4, 0x5555_5555), write(0x1c, 4, 0x7777_7777)],
    ...[read(0x19, 1, 0), read(0x1a, 2, 0), read(0x1d, 1, 0x66), read(0x1e, 2, 0), read(0x1b, 2, 0x2000)],
    ...[readHex(0x17, '00 0c000000 20'), read(0x14, 8, 0x0000_000c_0000_6610n), readHex(0x1d, '660000 0c')],
    readHex(0x00, '00000000 00000000 00000000 00000000 0c000002 10660000 0c000000 20660000 0c000000'),
    ...[read(0x18, 4, 0x5555_5555), read(0x1c, 4, 0x7777_7777)],
  ]),
  onDevice('1.11a v13 what starts elsewhere writes the physical BAR, over both registers too', v13, [
    ...[writeHex(0x14, 'ff'.repeat(12)), read(0x18, 4, 0xc), read(0x1c, 4, 0)],
    ...[
      readHex(0x14, 'ffffffff 0c000000 e0ffffff'),
      write(0x1a, 4, 0),
      read(0x1d, 1, 0),
      read(0x1e, 2, 0xffff),
    ],
    ...[writeHex(0x17, '0000000000'), read(0x18, 4, 0xc), readHex(0x16, 'ff00 0c000000')],
    ...[write(0x1e, 2, 0x1234), readHex(0x1b, '00 00003412'), read(0x1c, 4, 0)],
  ]),
  onDevice('1.11a v13 more than 4 bytes at a register are refused', v13, [
    ...[5, 8, 16, 300].flatMap((count) => [
      failingRead(0x18, count, EINVAL),
      failingRead(0x1c, count, EINVAL),
    ]),
    ...[5, 8, 300].flatMap((count) => [
      writeHex(0x18, 'ff'.repeat(count), EINVAL),
      writeHex(0x1c, 'ff'.repeat(count), EINVAL),
    ]),
    ...[read(0x18, 4, 0xc), read(0x1c, 4, 0), readHex(0x17, '00 0c000000 20660000')],
    ...[failingRead(0x19, 0xe8, EFAULT), writeHex(0x1d, 'ff'.repeat(0xe4), EFAULT), read(0x1d, 1, 0x66)],
  ]),
  onDevice('1.11a v13 requests of no bytes', v13, [
    ...[writeHex(0x18, '', 0), failingRead(0x1c, 0, 0), read(0x18, 4, 0xc)],
  ]),
  onDevice('1.11a v13 the reset ioctl alone resets the registers', v13, [
    ...[write(0x18, 4, 0x1234), write(0x1c, 4, 0x5678), write(0x1d, 1, 0x12), reset('flr'), reset('hot')],
    ...[read(0x18, 4, 0x1234), read(0x1c, 4, 0x5678), reset('ioctl'), read(0x18, 4, 0xc), read(0x1c, 4, 0)],
    ...[read(0x1d, 1, 0x12)],
  ]),
  onDevice(
    '1.11a v13 the fix-up of the core leaves the registers alone',
    device({ policy: 'v13', bars: TINY_IO, gpuMemory: GH200_MEMORY }),
    [
      ...[write(0x18, 4, 0x77), write(0x10, 4, 0x1000), read(0x10, 4, 0x1001), read(0x18, 4, 0x77)],
      ...[writeHex(0x16, 'ff'.repeat(5)), readHex(0x16, 'ffff 000000'), read(0x14, 4, 0xffff_0000)],
      ...[read(0x18, 4, 0x77), write(0x14, 4, 0x1234_5678), write(0x10, 4, 4), read(0x10, 4, 5)],
      ...[read(0x14, 4, 0x1234_5678)],
    ],
  ),
];

const PASSTHROUGH: readonly Runnable[] = [
  onDevice('1.12 passthrough BARs are the physical ones, at any width', passthrough, [
    ...[read(0x18, 4, 0xc), read(0x1c, 4, 0x6620), read(0x1d, 1, 0x66), read(0x1a, 4, 0x6620_0000)],
    ...[readHex(0x14, '10660000 0c000000 20660000 0c000000 10660000')],
  ]),
  onDevice('1.12 passthrough sizing finds the physical BAR', passthrough, [
    ...[write(0x18, 4, ONES), read(0x18, 4, 0xc), write(0x1c, 4, ONES), read(0x1c, 4, 0xffff_ffe0)],
    ...[write(0x20, 1, 0xff), write(0x23, 1, 0xff), read(0x20, 4, 0xfe00_000c)],
    ...[write(0x1c, 4, 0), write(0x1f, 1, 0xff), read(0x1c, 4, 0xff00_0000)],
  ]),
  onDevice('1.12 passthrough a write over several BARs reaches each', passthrough, [
    ...[writeHex(0x14, 'ff'.repeat(20)), readHex(0x14, 'ffffffff 0c000000 e0ffffff 0c0000fe ffffffff')],
    ...[writeHex(0x18, 'ff'.repeat(300), EFAULT), failingRead(0x18, 0xe9, EFAULT)],
  ]),
  onDevice(
    '1.12 passthrough without the physical BAR the size probe finds nothing',
    device({ policy: 'passthrough', bars: GH200_BARS.slice(0, 1), gpuMemory: GH200_MEMORY }),
    [
      ...[0x18, 0x1c, 0x20, 0x24].flatMap((offset) => [
        ...[read(offset, 4, 0), write(offset, 4, ONES), read(offset, 4, 0), write(offset, 1, 0xff)],
        read(offset, 1, 0),
      ]),
    ],
  ),
  onDevice('1.12 passthrough no reset changes a BAR', passthrough, [
    ...[write(0x1c, 4, 0x40), reset('ioctl'), reset('flr'), reset('hot'), read(0x18, 8, 0x40_0000_000cn)],
  ]),
];

/** All of the memory is in region 2, in a BAR of the next power of two; region 2 of the hardware is not reachable. */
const ONLY_REGION = (['passthrough', 'v13'] as const).flatMap((policy: Policy) => [
  onDevice(`1.11a ${policy} region 2 is the whole memory`, gh200(policy), [
    ...[regionWrite(2, 96 * GIB - 4, 'aabbccdd'), regionRead(2, 96 * GIB - 4, 'aabbccdd ffffffff')],
    ...[regionRead(2, 96 * GIB, 'ffff'), regionWrite(2, 96 * GIB, '0102'), regionRead(2, 96 * GIB, 'ffff')],
    ...[regionRead(2, 128 * GIB - 2, 'ffff', 8), failingRegionRead(2, 128 * GIB, 4, EINVAL)],
  ]),
  onDevice(
    `1.11a ${policy} region 2 takes what the carve-out of other policies would not leave`,
    device({ policy, bars: GH200_BARS, gpuMemory: { sizeBytes: 0x3000n } }),
    [
      ...[
        regionWrite(2, 0x2ffe, '11223344'),
        regionRead(2, 0x2ffe, '1122ffff'),
        regionRead(2, 0x3ffe, 'ffff', 4),
      ],
      failingRegionRead(2, 0x4000, 1, EINVAL),
    ],
  ),
]);

export const NVGRACE_POSTED: readonly Runnable[] = [...V13, ...PASSTHROUGH, ...ONLY_REGION];
