/** Physical regions behind vfio-pci-core: specification 2.9 and 3; configuration space as region 7: 2.2. */

import type { Operation } from '../operation.ts';
import type { Runnable } from '../runnable.ts';
import { type BarRow, device, GH200_BARS, GH200_MEMORY, virtioRegion } from './devices.ts';
import {
  copy,
  EFAULT,
  EINVAL,
  EIO,
  failingRead,
  failingRegionRead,
  fill,
  onDevice,
  read,
  regionRead,
  regionWrite,
  reset,
  write,
} from './steps.ts';

const COMMAND_MEMORY = [0x04, 2, 0x0006] as const;
const PM_AT_0x40 = [
  [0x06, 2, 0x0010],
  [0x34, 1, 0x40],
  [0x40, 4, 0x0003_0001],
] as const;

const BARS: readonly BarRow[] = [
  [0, 'mem32', 0x4000n],
  [1, 'io', 0x20n],
  [2, 'mem64p', 0x10000n],
];

const open = device({ policy: 'core', bars: BARS, registers: [COMMAND_MEMORY], romBytes: 0x800 });
const closed = device({ policy: 'core', bars: BARS, romBytes: 0x800 });
const virtual = device({ policy: 'core', bars: BARS, virtualFunction: true });
const powered = device({ policy: 'core', bars: BARS, registers: [COMMAND_MEMORY, ...PM_AT_0x40] });

/** MSI-X table of `entries` entries at `table` (BAR index in its low bits). */
function withTable(table: number, entries: number, command = 0x0006) {
  const registers = [
    [0x04, 2, command],
    [0x06, 2, 0x0010],
    [0x34, 1, 0x40],
    [0x40, 4, 0x11 | ((entries - 1) << 16)],
    [0x44, 4, table],
  ] as const;
  return device({ policy: 'core', bars: BARS, registers });
}

const BOUNDS: readonly Runnable[] = [
  onDevice('3 a memory BAR holds what is written', open, [
    ...[regionWrite(0, 1, '0102030405060708090a0b'), regionRead(0, 0, '000102030405060708090a0b00')],
    ...[regionWrite(2, 0xfffc, 'aabbccdd'), regionRead(2, 0xfffc, 'aabbccdd'), regionRead(0, 1, '01')],
  ]),
  onDevice('3 accesses of every width and alignment reach the same bytes', open, [
    ...[regionWrite(0, 0x10, '00112233 44556677 8899aabb ccddeeff')],
    ...[0, 1, 2, 3, 4, 5, 6, 7].flatMap((shift): Operation[] => [
      regionRead(0, 0x10 + shift, `${shift}${shift}`),
      regionRead(0, 0x10 + shift, bytesFrom(shift, 4)),
      regionRead(0, 0x10 + shift, bytesFrom(shift, 8)),
      regionWrite(0, 0x100 + 0x20 * shift + shift, bytesFrom(shift, 8)),
      regionRead(0, 0xff + 0x20 * shift + shift, `00${bytesFrom(shift, 8)}00`),
    ]),
  ]),
  onDevice('3 a request is clamped to the BAR', open, [
    ...[regionRead(0, 0x3ffe, '0000', 8), regionWrite(0, 0x3fff, '7f00', 1), regionRead(0, 0x3fff, '7f', 4)],
    ...[regionRead(1, 0x1e, '0000', 4), regionWrite(1, 0x1f, 'aa55', 1), regionRead(1, 0x1f, 'aa', 2)],
  ]),
  onDevice('3 a request that starts at the end of a BAR is refused', open, [
    ...[failingRegionRead(0, 0x4000, 1, EINVAL), regionWrite(0, 0x4000, '00', EINVAL)],
    ...[failingRegionRead(1, 0x20, 1, EINVAL), failingRegionRead(2, 2 ** 40, 4, EINVAL)],
  ]),
  onDevice('2.9 the count is looked at before anything but the index', closed, [
    ...[failingRegionRead(0, 0x4000, 0, 0), failingRegionRead(0, 0, 0, 0), regionWrite(0, 0x9999, '', 0)],
    ...[failingRegionRead(4, 0, 0, 0), failingRegionRead(8, 0, 0, 0), regionWrite(6, 0, '', 0)],
    ...[failingRegionRead(9, 0, 0, EINVAL), regionWrite(200, 0, '', EINVAL)],
  ]),
  onDevice('2.9 regions that are not present are refused', open, [
    ...[
      failingRegionRead(3, 0, 4, EINVAL),
      failingRegionRead(5, 0, 4, EINVAL),
      failingRegionRead(8, 0, 1, EINVAL),
    ],
    ...[failingRegionRead(9, 0, 4, EINVAL), regionWrite(8, 0, '00', EINVAL), regionWrite(3, 0, '00', EINVAL)],
    ...[copy(5, 0, 0, 4, EINVAL), fill(8, 0, 4, 1, EINVAL)],
  ]),
  onDevice(
    '2.9 strict: regions that are not present are refused, whatever the count',
    device({ policy: 'strict' }),
    [
      ...[
        failingRegionRead(0, 0, 0, EINVAL),
        failingRegionRead(8, 0, 0, EINVAL),
        failingRegionRead(6, 0, 4, EINVAL),
      ],
    ],
  ),
];

/** Bytes of 00112233…ff from `shift` on, each with equal digits. */
function bytesFrom(shift: number, bytes: number): string {
  return Array.from({ length: bytes }, (_, i) => (shift + i).toString(16).repeat(2)).join('');
}

const GATED: readonly Runnable[] = [
  onDevice('3 a memory BAR answers -EIO while memory decoding is off', closed, [
    ...[
      failingRegionRead(0, 0, 4, EIO),
      regionWrite(0, 0, '01020304', EIO),
      failingRegionRead(2, 0xffff, 1, EIO),
    ],
    ...[fill(0, 0, 4, 1, EIO), copy(0, 8, 0, 4, EIO), failingRegionRead(0, 0x4000, 4, EINVAL)],
    ...[write(0x04, 2, 0x0002), regionRead(0, 0, '00000000'), regionWrite(0, 0, '01020304')],
    ...[
      write(0x04, 2, 0x0005),
      failingRegionRead(0, 0, 4, EIO),
      write(0x04, 1, 0x02),
      regionRead(0, 0, '01020304'),
    ],
  ]),
  onDevice('3 an I/O BAR is not gated', closed, [
    ...[
      regionWrite(1, 4, '01020304'),
      regionRead(1, 3, '00010203'),
      fill(1, 0, 2, 9),
      regionRead(1, 0, '0909'),
    ],
  ]),
  onDevice('2.6 a virtual function decodes memory whatever COMMAND says', virtual, [
    ...[regionWrite(0, 0, '01'), write(0x04, 2, 0), regionRead(0, 0, '01')],
  ]),
  onDevice('2.6 in D3hot memory is off', powered, [
    ...[regionWrite(0, 0, '01'), write(0x44, 2, 0x0003), failingRegionRead(0, 0, 1, EIO)],
    ...[regionWrite(0, 0, '02', EIO), write(0x44, 2, 0x0002), regionRead(0, 0, '01'), write(0x44, 1, 0x03)],
    ...[failingRegionRead(0, 0, 1, EIO), write(0x44, 2, 0x0000), regionRead(0, 0, '01')],
  ]),
  onDevice(
    '2.6 in D3hot the memory of a virtual function is off too',
    device({ policy: 'core', bars: BARS, virtualFunction: true, registers: PM_AT_0x40 }),
    [...[regionRead(0, 0, '00'), write(0x44, 2, 0x0003), failingRegionRead(0, 0, 1, EIO)]],
  ),
  onDevice('3 strict memory is not gated', device({ policy: 'strict', bars: BARS }), [
    ...[regionWrite(0, 0, '01'), regionRead(0, 0, '01'), regionWrite(2, 0, '02'), regionRead(2, 0, '02')],
  ]),
  onDevice(
    '1.9 GPU memory is not gated, the physical BAR beside it is',
    device({ policy: 'nvgrace', bars: GH200_BARS, gpuMemory: GH200_MEMORY }),
    [
      ...[regionWrite(4, 0, '01'), regionRead(4, 0, '01'), regionWrite(2, 0, '02'), regionRead(2, 0, '02')],
      ...[failingRegionRead(0, 0, 4, EIO), write(0x04, 2, 0x0002), regionRead(0, 0, '00000000')],
      ...[regionWrite(0, 0xfffffe, 'aabb'), regionRead(0, 0xfffffe, 'aabb', 8)],
      ...[failingRegionRead(0, 0x1000000, 1, EINVAL), failingRegionRead(0, 0x1000000, 0, 0)],
    ],
  ),
];

const WINDOWS: readonly Runnable[] = [
  onDevice('3 the MSI-X table reads ff and drops writes', withTable(0x2000, 2), [
    ...[
      regionWrite(0, 0x1ff0, '11'.repeat(0x40)),
      regionRead(0, 0x1ff0, `${'11'.repeat(16)}${'ff'.repeat(32)}${'11'.repeat(16)}`),
    ],
    ...[
      regionRead(0, 0x2000, 'ffffffff'),
      regionRead(0, 0x201c, 'ffffffff'),
      regionRead(0, 0x2020, '11111111'),
    ],
    ...[
      regionWrite(0, 0x2010, '00000000'),
      regionRead(0, 0x2010, 'ffffffff'),
      regionRead(0, 0x1ffe, '1111ffff'),
    ],
    ...[
      regionRead(0, 0x201e, 'ffff1111'),
      regionRead(0, 0x1ffd, '111111ffff'),
      regionRead(0, 0x2019, 'ffffffffffffff1111'),
    ],
    ...[regionRead(1, 0, '00'), regionRead(2, 0x2000, '00000000')],
  ]),
  onDevice('3 the table is hidden in its own BAR only', withTable(0x0002, 1), [
    ...[regionRead(2, 0, `${'ff'.repeat(16)}00`), regionRead(0, 0, '00'), regionWrite(2, 0, '00'.repeat(17))],
    ...[regionWrite(2, 0x0f, 'a1a2'), regionRead(2, 0x0e, 'ffffa2')],
  ]),
  onDevice('3 a table over the end of its BAR', withTable(0x3ff0, 4), [
    ...[regionRead(0, 0x3fee, `0000${'ff'.repeat(16)}`, 64), regionWrite(0, 0x3fff, '00', 1)],
  ]),
  onDevice('3 fill and copy leave the table alone', withTable(0x2000, 1), [
    ...[
      fill(0, 0x1ff0, 0x40, 0x55),
      regionRead(0, 0x1fef, `00${'55'.repeat(16)}${'ff'.repeat(16)}${'55'.repeat(32)}00`),
    ],
    // The source is hidden in part, then the destination.
    ...[copy(0, 0x3000, 0x1ffe, 0x14), regionRead(0, 0x2fff, `005555${'ff'.repeat(16)}555500`)],
    ...[fill(0, 0x100, 0x20, 0x77), copy(0, 0x1ff8, 0x100, 0x20)],
    ...[regionRead(0, 0x1ff7, `55${'77'.repeat(8)}${'ff'.repeat(16)}${'77'.repeat(8)}55`)],
    ...[copy(0, 0x2008, 0x2000, 0x10), regionRead(0, 0x200f, `ff${'ff'.repeat(8)}5555`)],
  ]),
  onDevice(
    '3 the check of memory decoding is made for each access, and the table needs none',
    withTable(0x2000, 2, 0),
    [
      ...[regionRead(0, 0x2000, 'ffffffff'), regionWrite(0, 0x2008, '00000000'), fill(0, 0x2000, 32, 0)],
      ...[
        failingRegionRead(0, 0x1fff, 2, EIO),
        failingRegionRead(0, 0x201f, 2, EIO),
        regionWrite(0, 0x201f, '0000', EIO),
      ],
      ...[copy(0, 0x2000, 0x2010, 16), copy(0, 0x2000, 0x2020, 1, EIO), copy(0, 0x2020, 0x2000, 1, EIO)],
    ],
  ),
  onDevice('3 a table in a BAR that is not there hides nothing', withTable(0x2005, 2), [
    ...[regionRead(0, 0x2000, '00000000'), regionWrite(0, 0x2000, '01'), regionRead(0, 0x2000, '01')],
  ]),
];

const ROMS: readonly Runnable[] = [
  onDevice('3 the ROM is read only', open, [
    ...[
      regionRead(6, 0, '00000000'),
      regionRead(6, 0x7fe, '0000', 4),
      failingRegionRead(6, 0x800, 1, EINVAL),
    ],
    ...[regionWrite(6, 0, '01', EINVAL), regionWrite(6, 0x800, '01', EINVAL), fill(6, 0, 4, 1, EINVAL)],
    ...[copy(6, 0, 8, 4, EINVAL), regionRead(6, 0, '0000000000000000')],
  ]),
  onDevice('3 the ROM is memory: it answers -EIO while memory decoding is off', closed, [
    ...[
      failingRegionRead(6, 0, 4, EIO),
      regionWrite(6, 0, '01', EINVAL),
      failingRegionRead(6, 0x800, 1, EINVAL),
    ],
    ...[failingRegionRead(6, 0, 0, 0), write(0x04, 2, 0x0002), regionRead(6, 0, '00000000')],
  ]),
  onDevice('2.9 without a ROM', device({ policy: 'core' }), [
    ...[failingRegionRead(6, 0, 4, EINVAL), regionWrite(6, 0, '01', EINVAL), failingRegionRead(6, 0, 0, 0)],
  ]),
];

const CONFIG_REGION: readonly Runnable[] = (['strict', 'core'] as const).map((policy) =>
  onDevice(`2.9 ${policy} region 7 is configuration space`, device({ policy, bars: BARS }), [
    ...[regionWrite(7, 0x10, 'ffffffff'), regionRead(7, 0x10, '00c0ffff'), read(0x10, 4, 0xffff_c000)],
    ...[regionWrite(7, 0x3c, '2a'), read(0x3c, 1, 0x2a), regionRead(7, 0x3b, '002a0000')],
    ...[
      regionRead(7, 0xfc, '00000000'),
      failingRegionRead(7, 0xfd, 4, EFAULT),
      failingRegionRead(7, 0x100, 1, EFAULT),
    ],
    ...[failingRegionRead(7, 2 ** 32 + 0x10, 4, EFAULT), regionWrite(7, 2 ** 40, '00', EFAULT)],
    ...[
      failingRegionRead(7, 0x1000, 0, 0),
      failingRegionRead(7, 2 ** 33, 0, 0),
      failingRead(0x100, 1, EFAULT),
    ],
    ...[copy(7, 0, 0x10, 4, EINVAL), fill(7, 0x3c, 1, 1, EINVAL), read(0x3c, 1, 0x2a)],
  ]),
);

const SPANNING: Runnable = onDevice(
  '1.7 nvgrace region 7 has the short writes of its configuration space',
  device({ policy: 'nvgrace', bars: GH200_BARS, gpuMemory: GH200_MEMORY }),
  [
    ...[
      regionWrite(7, 0x14, '0000000000000080', 4),
      regionRead(7, 0x18, '0c000080'),
      regionRead(7, 0x20, '0c000000'),
    ],
    ...[regionWrite(7, 0x20, 'ffffffffffffffff'), regionRead(7, 0x20, '0c000000e0ffffff'), reset('ioctl')],
    ...[regionRead(7, 0x20, '0c00000000000000')],
  ],
);

/** 32 bytes that the virtio driver serves itself; the I/O bit that it stores is set or clear. */
const VIRTIO: readonly Runnable[] = [
  onDevice('4 BAR 0 of virtio answers -EIO while the stored I/O bit is clear', virtioRegion(), [
    ...[failingRegionRead(0, 0, 4, EIO), regionWrite(0, 0, '00', EIO), failingRegionRead(0, 0x40, 4, EIO)],
    ...[
      failingRegionRead(0, 0, 0, 0),
      failingRegionRead(0, 0x40, 0, 0),
      fill(0, 0, 1, 1, EIO),
      copy(0, 0, 4, 4, EIO),
    ],
  ]),
];

const VIRTIO_OPEN: Runnable = onDevice(
  '4 BAR 0 of virtio clamps nothing, and queue notify is one word',
  device({ policy: 'virtio' }),
  [
    ...[write(0x04, 2, 0x0001), regionWrite(0, 0, '0102030405060708'), regionRead(0, 1, '020304')],
    ...[
      regionRead(0, 0x1f, '00'),
      failingRegionRead(0, 0x1f, 2, EINVAL),
      regionWrite(0, 0x18, '00'.repeat(9), EINVAL),
    ],
    ...[
      failingRegionRead(0, 0x20, 1, EINVAL),
      failingRegionRead(0, 2 ** 40, 4, EINVAL),
      failingRegionRead(0, 0x20, 0, 0),
    ],
    ...[regionWrite(0, 16, '05', EINVAL), regionWrite(0, 16, '05000000', EINVAL), regionWrite(0, 16, '0500')],
    ...[
      failingRegionRead(0, 16, 1, EINVAL),
      regionRead(0, 16, '0500'),
      regionRead(0, 12, '0000000005000000'),
    ],
    ...[
      write(0x04, 2, 0x0006),
      failingRegionRead(0, 0, 1, EIO),
      write(0x04, 2, 0x0007),
      regionRead(0, 0, '01'),
    ],
    ...[reset('flr'), failingRegionRead(0, 0, 1, EIO)],
  ],
);

export const PHYSICAL_BARS: readonly Runnable[] = [
  ...BOUNDS,
  ...GATED,
  ...WINDOWS,
  ...ROMS,
  ...CONFIG_REGION,
  SPANNING,
  ...VIRTIO,
  VIRTIO_OPEN,
];
