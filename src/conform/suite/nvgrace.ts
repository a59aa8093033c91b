/** BARs that nvgrace-gpu emulates at 0x18 (resmem) and 0x20 (usemem), and requests that span them: specification 1.7. */

import type { Runnable } from '../runnable.ts';
import { gb200, gh200 } from './devices.ts';
import { EFAULT, failingRead, onDevice, read, readHex, reset, write, writeHex } from './steps.ts';

const ONES = 0xffff_ffff;

export const NVGRACE: readonly Runnable[] = [
  onDevice('1.7 GH200 at rest: flags, address 0', gh200(), [
    ...[read(0x18, 4, 0xc), read(0x1c, 4, 0), read(0x20, 4, 0xc), read(0x24, 4, 0)],
    // BAR 0 is the physical one.
    ...[read(0x10, 4, 0x0200_000c), read(0x14, 4, 0x6610)],
  ]),
  onDevice('1.7 GH200 sizing by dwords', gh200(), [
    ...[write(0x18, 4, ONES), read(0x18, 4, 0xc000_000c), write(0x1c, 4, ONES), read(0x1c, 4, ONES)],
    ...[write(0x20, 4, ONES), read(0x20, 4, 0xc), write(0x24, 4, ONES), read(0x24, 4, 0xffff_ffe0)],
    ...[read(0x18, 8, 0xffff_ffff_c000_000cn), read(0x20, 8, 0xffff_ffe0_0000_000cn)],
  ]),
  onDevice('1.7 GH200 sizing by bytes and words', gh200(), [
    ...[write(0x1b, 1, 0xff), read(0x18, 4, 0xc000_000c), write(0x1c, 1, 0xff), read(0x1c, 4, 0xff)],
    ...[write(0x24, 2, 0xffff), read(0x24, 4, 0xffe0), write(0x26, 2, 0xffff), read(0x24, 4, 0xffff_ffe0)],
  ]),
  onDevice('1.7 GH200 sizing by address bits only', gh200(), [
    ...[
      write(0x18, 4, 0xffff_fff0),
      read(0x18, 4, 0xc000_000c),
      write(0x20, 4, 0xffff_fff0),
      read(0x20, 4, 0xc),
    ],
  ]),
  onDevice('1.7 GH200 addresses are masked to the size', gh200(), [
    ...[write(0x18, 8, 0x1234_5678_9abc_def1n), read(0x18, 8, 0x1234_5678_8000_000cn)],
    ...[write(0x20, 8, 0x1234_5678_9abc_def1n), read(0x20, 8, 0x1234_5660_0000_000cn)],
  ]),
  onDevice('1.7 GH200 a dword over both halves of a pair', gh200(), [
    ...[write(0x1a, 4, ONES), read(0x18, 8, 0x0000_ffff_c000_000cn), read(0x1a, 4, 0xffff_c000)],
  ]),
  onDevice('1.7 GH200 a read over both pairs shows the physical BAR 4', gh200(), [
    ...[write(0x24, 4, 0x40), readHex(0x18, '0c000000 00000000 0c000000 10660000')],
    ...[readHex(0x1f, '00 0c'), readHex(0x1c, '00000000 0c000000'), read(0x20, 8, 0x40_0000_000cn)],
  ]),
  onDevice('1.7 GH200 a bulk read from 0 shows the physical BAR 4', gh200(), [
    ...[write(0x1c, 4, 0x77), write(0x24, 4, 0x80)],
    readHex(
      0x00,
      '00000000 00000000 00000000 00000000 0c000002 10660000 0c000000 77000000 0c000000 10660000 00000000',
    ),
  ]),
  onDevice('1.7 GH200 a write takes the bytes of one pair', gh200(), [
    ...[writeHex(0x18, 'ff'.repeat(16), 8), read(0x18, 8, 0xffff_ffff_c000_000cn), read(0x20, 8, 0xcn)],
    ...[writeHex(0x20, 'ff'.repeat(16), 8), read(0x20, 8, 0xffff_ffe0_0000_000cn)],
  ]),
  onDevice('1.7 GH200 a write over the border takes the bytes of the first pair', gh200(), [
    ...[write(0x1e, 4, ONES, 2), read(0x1c, 4, 0xffff_0000), read(0x20, 8, 0xcn)],
  ]),
  onDevice('1.7 GH200 a write from before a pair loses those bytes', gh200(), [
    ...[
      writeHex(0x14, 'ff'.repeat(8), 4),
      read(0x14, 4, 0x6610),
      read(0x18, 4, 0xc000_000c),
      read(0x1c, 4, 0),
    ],
    ...[
      write(0x16, 4, 0, 2),
      read(0x14, 4, 0x6610),
      read(0x18, 4, 0xc000_000c),
      write(0x1a, 2, 0),
      read(0x18, 4, 0xc),
    ],
  ]),
  onDevice('1.7 GH200 a write to a pair is not checked against configuration space', gh200(), [
    ...[writeHex(0x20, 'ff'.repeat(300), 8), read(0x24, 4, 0xffff_ffe0)],
    ...[writeHex(0x0c, 'ff'.repeat(300), 8), read(0x0c, 1, 0), read(0x1c, 4, ONES)],
  ]),
  onDevice('1.7 GH200 other requests beyond configuration space fail', gh200(), [
    ...[
      failingRead(0xfd, 4, EFAULT),
      failingRead(0x18, 0xe9, EFAULT),
      writeHex(0x28, 'ff'.repeat(0xd9), EFAULT),
    ],
  ]),
  onDevice('1.7 GH200 requests of no bytes', gh200(), [
    ...[writeHex(0x19, '', 0), writeHex(0x18, '', 0), failingRead(0x18, 0, 0), read(0x18, 8, 0xcn)],
  ]),
  onDevice('1.7 GH200 BARs answer whatever COMMAND says', gh200(), [
    ...[write(0x04, 2, 0), write(0x24, 4, 0x80), read(0x24, 4, 0x80), write(0x04, 2, 2), read(0x24, 4, 0x80)],
  ]),

  onDevice('1.7 GB200 region 2 is the physical BAR', gb200(), [
    ...[read(0x18, 4, 0xc), read(0x1c, 4, 0x6620), read(0x20, 4, 0xc), read(0x24, 4, 0)],
    ...[write(0x1c, 4, ONES), read(0x1c, 4, 0xffff_ffe0), write(0x1c, 4, 0x6620), read(0x1c, 4, 0x6620)],
  ]),
  onDevice('1.7 GB200 sizing of usemem', gb200(), [
    ...[write(0x20, 4, ONES), write(0x24, 4, ONES), read(0x20, 4, 0xc), read(0x24, 4, 0xffff_ffc0)],
  ]),
  onDevice('1.7 GB200 a read that meets region 2 shows the physical BAR 4', gb200(), [
    ...[write(0x24, 4, 0x80), readHex(0x18, '0c000000 20660000 0c000000 10660000')],
    ...[readHex(0x1f, '00 0c 00 00 00 10'), readHex(0x20, '0c000000 80000000 00000000')],
  ]),
  onDevice('1.7 GB200 a write that meets region 2 goes to the core as a whole', gb200(), [
    ...[
      writeHex(0x18, 'ff'.repeat(16)),
      read(0x20, 8, 0xcn),
      readHex(0x18, '0c000000 e0ffffff 0c0000fe ffffffff'),
    ],
    ...[
      writeHex(0x1e, '0000 0000 0000'),
      read(0x20, 8, 0xcn),
      readHex(0x18, '0c000000 e0ff0000 0c000000 ffffffff'),
    ],
  ]),

  onDevice('1.7 the reset ioctl zeroes emulated addresses, other resets do not', gh200(), [
    ...[write(0x1c, 4, 0x40), write(0x24, 4, 0x80), write(0x14, 4, 0x1234), reset('flr'), reset('hot')],
    ...[read(0x18, 8, 0x40_0000_000cn), read(0x20, 8, 0x80_0000_000cn), reset('ioctl')],
    ...[read(0x18, 8, 0xcn), read(0x20, 8, 0xcn), read(0x14, 4, 0x1234)],
  ]),
  onDevice('1.7 the reset ioctl leaves the physical region 2 of a GB200', gb200(), [
    ...[write(0x1c, 4, 0x40), write(0x24, 4, 0x80), reset('ioctl'), read(0x1c, 4, 0x40), read(0x20, 8, 0xcn)],
  ]),
  onDevice('1.11b strict a reset of any kind zeroes what software wrote', gh200('strict'), [
    ...(['ioctl', 'flr', 'hot'] as const).flatMap((kind) => [
      ...[
        write(0x04, 2, 0x0006),
        write(0x14, 4, 0x1234),
        write(0x24, 4, 0x80),
        write(0x3c, 1, 0x0b),
        reset(kind),
      ],
      ...[read(0x04, 2, 0), read(0x10, 8, 0xcn), read(0x20, 8, 0xcn), read(0x3c, 1, 0)],
    ]),
  ]),
  onDevice('1.11b strict GH200: every BAR of a request, the whole count', gh200('strict'), [
    ...[
      writeHex(0x14, 'ff'.repeat(20)),
      readHex(0x10, '0c000002 ffffffff 0c0000c0 ffffffff 0c000000 e0ffffff'),
    ],
  ]),
  onDevice('2.10 core a reset changes nothing that software sees', gh200('core'), [
    ...(['ioctl', 'flr', 'hot'] as const).flatMap((kind) => [
      ...[
        write(0x14, 4, 0x1234),
        write(0x3c, 1, 0x0b),
        reset(kind),
        read(0x14, 4, 0x1234),
        read(0x3c, 1, 0x0b),
      ],
    ]),
  ]),
];
