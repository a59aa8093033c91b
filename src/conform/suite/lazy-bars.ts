/** vfio-pci-core masks BARs when they are read. A 4-byte I/O BAR makes that visible: specification 2.5. */

import type { Runnable } from '../runnable.ts';
import { type BarRow, device, GH200_MEMORY } from './devices.ts';
import { onDevice, read, write } from './steps.ts';

const TINY_IO: readonly BarRow[] = [
  [0, 'io', 4n],
  [1, 'mem32', 2n ** 16n],
];

const core = device({ policy: 'core', bars: TINY_IO });

export const LAZY_BARS: readonly Runnable[] = [
  onDevice('2.5 core address bit 2 of a 4-byte I/O BAR swallows its neighbour', core, [
    ...[write(0x14, 4, 0x1234_5678), write(0x10, 4, 0x0000_1004)],
    ...[read(0x10, 4, 0x0000_1005), read(0x14, 4, 0x1234_5678)],
  ]),
  onDevice('2.5 core without address bit 2 the neighbour is masked', core, [
    ...[write(0x14, 4, 0x1234_5678), write(0x10, 4, 0x0000_1008)],
    ...[read(0x10, 4, 0x0000_1009), read(0x14, 4, 0x1234_0000)],
  ]),
  onDevice('2.5 core bits below the size are lost at the first read', core, [
    ...[write(0x14, 4, 0x1234_5678), write(0x10, 4, 0), read(0x24, 1, 0), write(0x10, 4, 4)],
    ...[read(0x14, 4, 0x1234_0000)],
  ]),
  onDevice('2.5 core a read elsewhere leaves them', core, [
    ...[
      write(0x14, 4, 0x1234_5678),
      write(0x10, 4, 0),
      read(0x0c, 4, 0),
      read(0x28, 4, 0),
      write(0x10, 4, 4),
    ],
    ...[read(0x14, 4, 0x1234_5678)],
  ]),
  onDevice('2.5 core a 4-byte I/O BAR sizes', core, [
    ...[
      write(0x10, 4, 0xffff_ffff),
      read(0x10, 4, 0xffff_fffd),
      write(0x14, 4, 0xffff_ffff),
      read(0x14, 4, 0xffff_ffff),
    ],
    ...[write(0x10, 4, 0x0000_1000), read(0x10, 4, 0x0000_1001), read(0x14, 4, 0xffff_0000)],
  ]),
  onDevice(
    '2.5 nvgrace the fix-up of the core leaves emulated BARs alone',
    device({ policy: 'nvgrace', bars: TINY_IO, gpuMemory: GH200_MEMORY }),
    [
      ...[read(0x10, 4, 1), read(0x18, 4, 0xc), read(0x20, 4, 0xc)],
      ...[write(0x24, 4, 0x80), write(0x1c, 4, 0x40), write(0x10, 4, 0x1000), read(0x10, 4, 0x1001)],
      ...[read(0x18, 4, 0xc), read(0x1c, 4, 0x40), read(0x20, 4, 0xc), read(0x24, 4, 0x80)],
    ],
  ),
];
