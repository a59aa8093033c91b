/** Region info (specification 1.8, 2.10, 8.1), mmap (1.11) and single accesses to physical BARs (3), as functions. */

import type { Runnable } from '../runnable.ts';
import type { Variant } from '../vector-device.ts';
import { type BarRow, device, gb200, gh200, virtioRegion } from './devices.ts';
import { onFunction } from './steps.ts';

const BARS: readonly BarRow[] = [
  [0, 'mem32', 0x4000n],
  [1, 'io', 0x20n],
  [2, 'mem64p', 0x10000n],
  [4, 'mem32', 0x100n],
];
/** MSI-X table of 2 entries at 0x2000 of BAR 0. */
const MSIX = [
  [0x06, 2, 0x0010],
  [0x34, 1, 0x40],
  [0x40, 4, 0x0001_0011],
  [0x44, 4, 0x2000],
] as const;

const core = device({ policy: 'core', bars: BARS, registers: MSIX, romBytes: 0x10000 });
const plain = device({ policy: 'core', bars: BARS, configBytes: 4096 });
const strict = device({ policy: 'strict', bars: BARS, registers: MSIX });

function info(
  name: string,
  variants: readonly Variant[],
  [region, argsz]: readonly [region: number, argsz: number],
  expect: string,
): Runnable {
  return onFunction(
    `8.1 region info: ${name}`,
    'region_info',
    [region, argsz],
    expect.replaceAll(' ', ''),
    variants,
  );
}

/** Size and offset of a region, in memory order. */
const NO_SIZE = '0000000000000000';

const INFO: readonly Runnable[] = [
  info(
    'usemem with its sparse area',
    gh200(),
    [4, 64],
    '40000000 0f000000 04000000 20000000 0000000020000000 0000000000040000 01000100 00000000 01000000 00000000 0000000000000000 000000c017000000',
  ),
  info(
    'resmem with its sparse area, in a larger buffer',
    gh200(),
    [2, 4096],
    '00100000 0f000000 02000000 20000000 0000004000000000 0000000000020000 01000100 00000000 01000000 00000000 0000000000000000 0000004000000000',
  ),
  info(
    'usemem without room says how much it takes',
    gh200(),
    [4, 63],
    '40000000 0f000000 04000000 00000000 0000000020000000 0000000000040000',
  ),
  info('fewer than 32 bytes', gh200(), [4, 31], '-EINVAL'),
  info('no bytes', core, [7, 0], '-EINVAL'),
  info(
    'the physical BAR 2 of GB200',
    gb200(),
    [2, 64],
    '40000000 07000000 02000000 00000000 0000000020000000 0000000000020000',
  ),
  info(
    'the physical BAR 0 beside GPU memory',
    gh200(),
    [0, 32],
    '20000000 07000000 00000000 00000000 0000000100000000 0000000000000000',
  ),
  info(
    'the upper half of a 64-bit BAR',
    gh200(),
    [5, 32],
    `20000000 00000000 05000000 00000000 ${NO_SIZE} 0000000000050000`,
  ),
  info(
    'the BAR of an MSI-X table',
    core,
    [0, 64],
    '40000000 0f000000 00000000 20000000 0040000000000000 0000000000000000 03000100 00000000',
  ),
  info(
    'the BAR of an MSI-X table without room',
    core,
    [0, 39],
    '28000000 0f000000 00000000 00000000 0040000000000000 0000000000000000',
  ),
  info(
    'the BAR of an MSI-X table, room for just that',
    core,
    [0, 40],
    '28000000 0f000000 00000000 20000000 0040000000000000 0000000000000000 03000100 00000000',
  ),
  info('an I/O BAR', core, [1, 32], '20000000 03000000 01000000 00000000 2000000000000000 0000000000010000'),
  info(
    'a memory BAR',
    core,
    [2, 32],
    '20000000 07000000 02000000 00000000 0000010000000000 0000000000020000',
  ),
  info(
    'a memory BAR smaller than a page',
    core,
    [4, 32],
    '20000000 03000000 04000000 00000000 0001000000000000 0000000000040000',
  ),
  info(
    'a BAR that is not there',
    core,
    [5, 32],
    `20000000 00000000 05000000 00000000 ${NO_SIZE} 0000000000050000`,
  ),
  info('a ROM', core, [6, 32], '20000000 01000000 06000000 00000000 0000010000000000 0000000000060000'),
  info('no ROM', plain, [6, 32], `20000000 00000000 06000000 00000000 ${NO_SIZE} 0000000000060000`),
  info(
    'configuration space of 256 bytes',
    core,
    [7, 64],
    '40000000 03000000 07000000 00000000 0001000000000000 0000000000070000',
  ),
  info(
    'configuration space of 4096 bytes',
    plain,
    [7, 32],
    '20000000 03000000 07000000 00000000 0010000000000000 0000000000070000',
  ),
  info('VGA', core, [8, 32], '-EINVAL'),
  info('an index that does not exist', core, [9, 32], '-EINVAL'),
  info('an index far outside', core, [2 ** 32 + 4, 64], '-EINVAL'),
  info(
    'BAR 0 of virtio',
    virtioRegion(),
    [0, 64],
    '40000000 03000000 00000000 00000000 2000000000000000 0000000000000000',
  ),
  info(
    'a strict device has no driver that names the table',
    strict,
    [0, 64],
    '40000000 07000000 00000000 00000000 0040000000000000 0000000000000000',
  ),
  info(
    'GPU memory of a strict device',
    gh200('strict'),
    [4, 32],
    '40000000 0f000000 04000000 00000000 0000000020000000 0000000000040000',
  ),
];

function mmap(
  name: string,
  variants: readonly Variant[],
  args: readonly [region: number, offset: number | string, length: number | string],
  expect: string,
): Runnable {
  return onFunction(`1.11 mmap: ${name}`, 'mmap_check', args, expect, variants);
}

const GIB = 2 ** 30;
const PAGE = 4096;

const MMAP: readonly Runnable[] = [
  mmap('all of usemem', gh200(), [4, 0, 95 * GIB], 'ok'),
  mmap('a page more', gh200(), [4, 0, 95 * GIB + PAGE], '-EINVAL'),
  mmap('the last page', gh200(), [4, 95 * GIB - PAGE, PAGE], 'ok'),
  mmap('the page behind it', gh200(), [4, 95 * GIB, PAGE], '-EINVAL'),
  mmap('behind the BAR', gh200(), [4, 128 * GIB, PAGE], '-EINVAL'),
  mmap('all of resmem', gh200(), [2, 0, GIB], 'ok'),
  mmap('an end beyond 64 bits', gh200(), [4, '0xfffffffffffff000', '0x1000'], '-EOVERFLOW'),
  mmap('an end at the last of 64 bits', gh200(), [4, '0xffffffffffffe000', '0x1000'], '-EINVAL'),
  mmap('all of a physical BAR', core, [2, 0, 0x10000], 'ok'),
  mmap('over the end of a physical BAR', core, [2, 0xf000, 2 * PAGE], '-EINVAL'),
  mmap('the physical BAR 2 of GB200', gb200(), [2, 127 * GIB, GIB], 'ok'),
  mmap('the BAR of an MSI-X table', core, [0, 0x2000, PAGE], 'ok'),
  mmap('an I/O BAR', core, [1, 0, PAGE], '-EINVAL'),
  mmap('a BAR smaller than a page', core, [4, 0, PAGE], '-EINVAL'),
  mmap('a BAR that is not there', core, [5, 0, PAGE], '-EINVAL'),
  mmap('the ROM', core, [6, 0, PAGE], '-EINVAL'),
  mmap('configuration space', core, [7, 0, PAGE], '-EINVAL'),
  mmap('an index that does not exist', core, [9, 0, PAGE], '-EINVAL'),
  mmap('BAR 0 of virtio', virtioRegion(), [0, 0, PAGE], '-EINVAL'),
];

function barRw(name: string, access: Readonly<Record<string, unknown>>, expect: number | string): Runnable {
  return onFunction(`3 access to a physical region: ${name}`, 'bar_rw', [access], expect);
}

const BAR_RW: readonly Runnable[] = [
  barRw('memory that is off', { command_mem: 0, bar: 'memory', op: 'read', count: 4 }, '-EIO'),
  barRw('a write to memory that is off', { command_mem: 0, bar: 'memory', op: 'write', count: 1 }, '-EIO'),
  barRw('memory that is on', { command_mem: 1, bar: 'memory', op: 'read', count: 4 }, 4),
  barRw('I/O', { command_mem: 0, bar: 'io', op: 'write', count: 4 }, 4),
  barRw('from the end on', { bar_len: '0x1000', offset: '0x1000', count: 1 }, '-EINVAL'),
  barRw('over the end', { bar_len: '0x1000', offset: '0xffe', count: 8 }, 2),
  barRw(
    'the end is found before memory that is off',
    { command_mem: 0, offset: '0x1000', count: 1 },
    '-EINVAL',
  ),
  barRw('no bytes', { command_mem: 0, offset: '0x9000', count: 0 }, 0),
  barRw('a write to a ROM', { bar: 'rom', op: 'write', count: 4 }, '-EINVAL'),
  barRw('a ROM', { bar: 'rom', count: 4 }, 4),
  barRw('nothing', { bar: 'none', count: 4 }, '-EINVAL'),
  barRw('memory of no length', { bar_len: 0, count: 4 }, '-EINVAL'),
  barRw(
    'the last byte of 128 GiB',
    { bar_len: '0x2000000000', offset: '0x1fffffffff', op: 'write', count: 4 },
    1,
  ),
];

const OFFSETS: readonly Runnable[] = [
  ...(
    [
      [0, 0],
      [4, 4 * 2 ** 40],
      [7, 7 * 2 ** 40],
      [8, 8 * 2 ** 40],
    ] as const
  ).map(([region, offset]) =>
    onFunction(`8.1 file offset of region ${region}`, 'index_to_offset', [region], offset),
  ),
];

export const REGION_INFO: readonly Runnable[] = [...INFO, ...MMAP, ...BAR_RW, ...OFFSETS];
