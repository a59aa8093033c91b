/** Device memory: specification 1.9. Copy and fill are ours: as a read into a buffer and a write from it. */

import type { Runnable } from '../runnable.ts';
import { gh200, sparseRegion, tinyRegions } from './devices.ts';
import { copy, EINVAL, ENOMEM, failingRegionRead, fill, onDevice, regionRead, regionWrite } from './steps.ts';

const GIB = 2 ** 30;
const tiny = tinyRegions();

/** Region 4 has memory up to 0x3000 in a BAR of 0x4000, region 2 up to 0x1400 in 0x2000, uncached. */
const BOUNDS: readonly Runnable[] = [
  onDevice('1.9 memory is zero at first and holds what is written', tiny, [
    ...[
      regionRead(4, 0, '00000000'),
      regionWrite(4, 0, '01020304 05060708'),
      regionRead(4, 0, '01020304 05060708'),
    ],
    ...[regionRead(4, 3, '0405'), regionWrite(4, 0x2ffc, 'aabbccdd'), regionRead(4, 0x2ffc, 'aabbccdd')],
    ...[
      regionWrite(4, 0x1001, 'ee'),
      regionRead(4, 0x1000, '00ee0000'),
      regionWrite(2, 0, '99'),
      regionRead(4, 0, '01'),
    ],
  ]),
  onDevice('1.9 unaligned accesses over a page', tiny, [
    ...[
      regionWrite(4, 0xfff, '0102'),
      regionWrite(4, 0x1ffd, '11121314'),
      regionWrite(4, 0xffb, 'a1a2a3a4a5a6a7a8'),
    ],
    ...[
      regionRead(4, 0xffa, '00a1a2a3 a4a5a6a7'),
      regionRead(4, 0x1000, 'a6a7a800'),
      regionRead(4, 0x1ffe, '12131400'),
    ],
  ]),
  onDevice('1.9 past memlength reads ff and drops writes', tiny, [
    ...[regionWrite(4, 0x3000, '00000000'), regionRead(4, 0x3000, 'ffffffff'), regionRead(4, 0x3fff, 'ff')],
    ...[
      regionRead(4, 0x3800, 'ffff ffff ffff ffff'),
      regionWrite(4, 0x3ffc, '00000000'),
      regionRead(4, 0x3ffc, 'ffffffff'),
    ],
  ]),
  onDevice('1.9 a request over memlength', tiny, [
    ...[
      regionWrite(4, 0x2ffe, 'aabbccdd'),
      regionRead(4, 0x2ffc, '0000aabb ffffffff'),
      regionRead(4, 0x2fff, 'bbff'),
    ],
    ...[
      regionWrite(4, 0x2ff9, '0102030405060708'),
      regionRead(4, 0x2ff8, '0001020304050607'),
      regionRead(4, 0x3000, 'ff'),
    ],
  ]),
  onDevice('1.9 a request is clamped to the BAR', tiny, [
    ...[
      regionRead(4, 0x3ffc, 'ffffffff', 8),
      regionWrite(4, 0x3fff, '00000000', 1),
      regionRead(4, 0x3ffe, 'ffff', 16),
    ],
  ]),
  onDevice('1.9 a request from outside the BAR is refused', tiny, [
    ...[failingRegionRead(4, 0x4000, 1, EINVAL), regionWrite(4, 0x4000, '00', EINVAL)],
    ...[failingRegionRead(4, 0x4000, 0, EINVAL), failingRegionRead(4, 2 ** 32, 4, EINVAL)],
    ...[failingRegionRead(4, 2 ** 40, 4, EINVAL), failingRegionRead(4, 2 ** 48, 4, EINVAL)],
    ...[regionWrite(4, 2 ** 32, '01020304', EINVAL), regionRead(4, 0, '00000000')],
  ]),
  onDevice('1.9 a request of no bytes inside the BAR does nothing', tiny, [
    ...[
      regionRead(4, 0, ''),
      regionRead(4, 0x3fff, ''),
      regionWrite(4, 0x2fff, '', 0),
      regionRead(4, 0x2fff, '00'),
    ],
  ]),
  onDevice('1.9 regions that do not exist are refused', tiny, [
    ...[
      failingRegionRead(0, 0, 4, EINVAL),
      failingRegionRead(9, 0, 4, EINVAL),
      regionWrite(5, 0, '00', EINVAL),
    ],
    ...[
      failingRegionRead(10, 0, 4, EINVAL),
      failingRegionRead(255, 0, 4, EINVAL),
      regionWrite(200, 0, '00', EINVAL),
    ],
    ...[copy(1, 0, 0, 4, EINVAL), fill(10, 0, 4, 1, EINVAL)],
  ]),
  onDevice('1.9 regions that do not exist are refused, whatever lies in memory', tiny, [
    ...[fill(2, 0, 0x1400, 0x01), fill(4, 0, 0x3000, 0x01)],
    ...[10, 32, 60, 64, 100, 128, 255].map((region) => failingRegionRead(region, 0, 4, EINVAL)),
  ]),
  onDevice('1.9 the uncached region returns real bytes alone over memlength', tiny, [
    ...[regionWrite(2, 0x13fe, '01020304', 2), regionRead(2, 0x13fc, '00000102', 8)],
    ...[
      regionRead(2, 0x1400, 'ffffffff'),
      regionWrite(2, 0x1400, '00000000'),
      regionRead(2, 0x13fc, '00000102'),
    ],
    ...[regionRead(2, 0x1ffe, 'ffff', 8), failingRegionRead(2, 0x2000, 1, EINVAL)],
  ]),
];

const MOVES: readonly Runnable[] = [
  onDevice('fill inside, over a page, over memlength, outside', tiny, [
    ...[fill(4, 0x10, 4, 0x5a), regionRead(4, 0x0f, '005a5a5a 5a00'), fill(4, 0xffe, 4, 0x11)],
    ...[regionRead(4, 0xffd, '0011111111 00'), fill(4, 0x2ffe, 8, 0x22), regionRead(4, 0x2ffd, '002222ff')],
    ...[fill(4, 0x3800, 4, 0x33), regionRead(4, 0x3800, 'ffffffff'), fill(4, 0x3ffc, 8, 0x44, 4)],
    ...[fill(4, 0x4000, 1, 0x55, EINVAL), fill(4, 0x10, 0, 0x66), regionRead(4, 0x10, '5a')],
  ]),
  onDevice('copy to a higher, overlapping place over a page', tiny, [
    ...[regionWrite(4, 0xffc, '0102030405060708'), copy(4, 0xffe, 0xffc, 8)],
    ...[regionRead(4, 0xffc, '0102 0102030405060708 0000')],
  ]),
  onDevice('copy to a lower, overlapping place over a page', tiny, [
    ...[regionWrite(4, 0xffc, '0102030405060708'), copy(4, 0xffa, 0xffc, 8)],
    ...[regionRead(4, 0xff8, '0000 0102030405060708 0708 0000')],
  ]),
  onDevice('copy of more than two pages, overlapping both ways', tiny, [
    ...[fill(4, 0x100, 0x1000, 0x11), fill(4, 0x1100, 0x1000, 0x22), copy(4, 0x300, 0x100, 0x2000)],
    ...[regionRead(4, 0x2ff, '1111'), regionRead(4, 0x12fe, '1111 2222'), regionRead(4, 0x22fe, '2222 0000')],
    ...[
      copy(4, 0x100, 0x300, 0x2000),
      regionRead(4, 0x10fe, '1111 2222'),
      regionRead(4, 0x20fe, '2222 2222'),
    ],
  ]),
  onDevice('copy to itself', tiny, [
    regionWrite(4, 4, '01020304'),
    copy(4, 4, 4, 4),
    regionRead(4, 4, '01020304'),
  ]),
  onDevice('copy from past memlength brings ff', tiny, [
    ...[regionWrite(4, 0x2ffe, 'aabb'), copy(4, 0, 0x2ffe, 4), regionRead(4, 0, 'aabbffff 00')],
    ...[copy(4, 0x10, 0x3800, 2), regionRead(4, 0x10, 'ffff 00')],
  ]),
  onDevice('copy to past memlength is dropped', tiny, [
    ...[regionWrite(4, 0, '01020304'), copy(4, 0x2ffe, 0, 4), regionRead(4, 0x2ffd, '000102ffff')],
    ...[copy(4, 0x3800, 0, 4), regionRead(4, 0x3800, 'ffffffff')],
  ]),
  onDevice('copy is clamped to the BAR on both sides', tiny, [
    ...[
      copy(4, 0, 0x3ffe, 8, 2),
      regionRead(4, 0, 'ffff00'),
      copy(4, 0x3fff, 0, 8, 1),
      copy(4, 0x4000, 0, 1, EINVAL),
    ],
    ...[copy(4, 0, 0x4000, 1, EINVAL), copy(4, 0, 0x100, 0)],
  ]),
];

/** Region 4 has memory up to 0x30000 in a BAR of 0x40000, in pages of 64 KiB that appear when they are written. */
const SPARSE: readonly Runnable[] = [
  onDevice('sparse pages are zero until they are written', sparseRegion(3), [
    ...[regionRead(4, 0xfffe, '00000000'), regionWrite(4, 0x10000, '01'), regionRead(4, 0xffff, '000100')],
    ...[regionRead(4, 0x1ffff, '0000'), regionRead(4, 0x2ffff, '00ff')],
  ]),
  onDevice('sparse accesses over a page edge', sparseRegion(3), [
    ...[
      regionWrite(4, 0xffff, '0102'),
      regionRead(4, 0xfffe, '00010200'),
      regionWrite(4, 0x1fffd, '1112131415161718'),
    ],
    ...[regionRead(4, 0x1fffc, '0011121314151617 18'), regionRead(4, 0x20000, '1415161718 000000')],
  ]),
  onDevice('sparse accesses over a page edge between frames that lie apart', sparseRegion(3), [
    // Pages get their frames in the order in which they are written.
    ...[fill(4, 0x20000, 0x100, 0xcc), fill(4, 0x10000, 0x100, 0xbb), fill(4, 0, 0x100, 0xaa)],
    ...[regionWrite(4, 0xfffc, '0102030405060708'), regionRead(4, 0xfffa, '0000 0102030405060708 bbbb')],
    ...[
      copy(4, 0x1fffe, 0xfffe, 4),
      regionRead(4, 0x1fffd, '00 03040506 cccc'),
      regionRead(4, 0x100ff, 'bb00'),
    ],
    ...[
      fill(4, 0xfff0, 0x20, 0x77),
      regionRead(4, 0xffef, '0077'),
      regionRead(4, 0x1000f, '77bb'),
      regionRead(4, 0, 'aa'),
    ],
  ]),
  onDevice('sparse copy and fill over page edges', sparseRegion(3), [
    ...[fill(4, 0xff00, 0x200, 0x77), copy(4, 0x1ff80, 0xff80, 0x100), regionRead(4, 0x1ff7f, '0077')],
    ...[regionRead(4, 0x2007f, '7700'), regionRead(4, 0xfeff, '0077'), regionRead(4, 0x100ff, '7700')],
  ]),
  onDevice('sparse writes past memlength take no page', sparseRegion(0), [
    ...[regionWrite(4, 0x30000, '01020304'), regionRead(4, 0x30000, 'ffffffff'), fill(4, 0x3fff0, 4, 1)],
  ]),
  onDevice('sparse memory without a page left refuses and changes nothing', sparseRegion(1), [
    ...[regionWrite(4, 0xfffe, '01020304', ENOMEM), regionRead(4, 0xfffc, '0000 0000 0000')],
    ...[
      regionWrite(4, 0xfffe, '0102'),
      regionWrite(4, 0x10000, '03', ENOMEM),
      regionRead(4, 0xfffe, '01020000'),
    ],
    ...[fill(4, 0xfff0, 0x20, 9, ENOMEM), regionRead(4, 0xfff0, '00'), copy(4, 0x10000, 0xfffe, 2, ENOMEM)],
    ...[copy(4, 0xffff, 0xfffd, 2, ENOMEM), regionRead(4, 0xfffe, '010200'), copy(4, 0xfffc, 0xfffe, 2)],
    ...[regionRead(4, 0xfffc, '01020102'), regionWrite(4, 0, 'ff'), regionRead(4, 0x20000, '00')],
  ]),
  onDevice('sparse memory without any page refuses the first write', sparseRegion(0), [
    ...[
      regionWrite(4, 0, '01', ENOMEM),
      regionRead(4, 0, '00'),
      fill(4, 0, 1, 1, ENOMEM),
      regionRead(4, 0, '00'),
    ],
  ]),
];

/** 95 GiB in a BAR of 128 GiB, and 1 GiB uncached. */
const VAST: readonly Runnable[] = [
  onDevice('GH200 memory above 4 GiB', gh200(), [
    ...[regionWrite(4, 0, '01'), regionWrite(4, 4 * GIB, '02'), regionWrite(4, 64 * GIB, '03')],
    ...[regionRead(4, 0, '0100'), regionRead(4, 4 * GIB, '0200'), regionRead(4, 64 * GIB, '0300')],
    ...[regionWrite(4, 4 * GIB - 1, 'aabb'), regionRead(4, 4 * GIB - 2, '00aabb00')],
  ]),
  onDevice('GH200 edges of memory and BAR', gh200(), [
    ...[regionWrite(4, 95 * GIB - 2, 'aabbccdd'), regionRead(4, 95 * GIB - 4, '0000aabb ffffffff')],
    ...[regionRead(4, 128 * GIB - 4, 'ffffffff', 8), failingRegionRead(4, 128 * GIB, 4, EINVAL)],
    ...[regionWrite(4, 127 * GIB, '00000000'), regionRead(4, 127 * GIB, 'ffffffff')],
    ...[regionWrite(2, GIB - 1, '7f'), regionRead(2, GIB - 1, '7f', 4), failingRegionRead(2, GIB, 1, EINVAL)],
  ]),
];

export const REGIONS: readonly Runnable[] = [...BOUNDS, ...MOVES, ...SPARSE, ...VAST];
