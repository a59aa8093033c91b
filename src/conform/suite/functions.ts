/** Pure functions: geometry (specification 1.4), splitting of requests (2.2), overlap (2.8). */

import type { Runnable } from '../runnable.ts';
import { onFunction } from './steps.ts';

const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** Lengths and BAR sizes in bytes: usemem, then resmem. */
type Expected = readonly [useLen: number, useBar: number, resLen: number, resBar: number] | string;

function geometry(name: string, args: readonly unknown[], expected: Expected): Runnable {
  if (typeof expected === 'string') return onFunction(`1.4 geometry: ${name}`, 'geometry', args, expected);
  const [use_len, use_bar, res_len, res_bar] = expected;
  return onFunction(`1.4 geometry: ${name}`, 'geometry', args, { use_len, use_bar, res_len, res_bar });
}

function chunks(offset: number, count: number, expected: readonly (readonly [number, number])[]): Runnable {
  return onFunction(
    `2.2 steps of ${count} bytes at 0x${offset.toString(16)}`,
    'chunks',
    [offset, count],
    expected,
  );
}

function overlap(
  args: readonly [number, number, number, number],
  expected: readonly number[] | null,
): Runnable {
  return onFunction(`2.8 overlap of ${args.join(', ')}`, 'overlap', args, expected);
}

const GEOMETRY: readonly Runnable[] = [
  geometry('96 GiB', [96 * GIB, true], [95 * GIB, 128 * GIB, GIB, GIB]),
  geometry('95.75 GiB', [95.75 * GIB, true], [94.5 * GIB, 128 * GIB, 1.25 * GIB, 2 * GIB]),
  geometry('186 GiB without carve-out', [186 * GIB, false], [186 * GIB, 256 * GIB, 0, 0]),
  geometry('BAR taken before rounding', [65.25 * GIB, true], [64 * GIB, 128 * GIB, 1.25 * GIB, 2 * GIB]),
  geometry(
    'BAR taken before rounding, current driver by name',
    [65.25 * GIB, true, '6.14'],
    [64 * GIB, 128 * GIB, 1.25 * GIB, 2 * GIB],
  ),
  geometry(
    'BAR taken after rounding in the first driver',
    [65.25 * GIB, true, '6.9'],
    [64 * GIB, 64 * GIB, 1.25 * GIB, 2 * GIB],
  ),
  geometry('both drivers agree on whole blocks', [96 * GIB, true, '6.9'], [95 * GIB, 128 * GIB, GIB, GIB]),
  geometry('the smallest that is accepted', [1.5 * GIB, true], [512 * MIB, 512 * MIB, GIB, GIB]),
  geometry('one byte less rounds to nothing', [1.5 * GIB - 1, true], '-EINVAL'),
  geometry('the carve-out alone', [GIB, true], '-EINVAL'),
  geometry('less than the carve-out', [GIB - 1, true], '-EOVERFLOW'),
  geometry('a power of two stays', [128 * GIB, false], [128 * GIB, 128 * GIB, 0, 0]),
  geometry('one byte more doubles', [128 * GIB + 1, false], [128 * GIB + 1, 256 * GIB, 0, 0]),
  geometry('one byte', [1, false], [1, 1, 0, 0]),
  geometry('firmware that reports no memory', [0, false], '-ENOMEM'),
];

const CHUNKS: readonly Runnable[] = [
  chunks(0x10, 3, [
    [0x10, 2],
    [0x12, 1],
  ]),
  chunks(0x11, 4, [
    [0x11, 1],
    [0x12, 2],
    [0x14, 1],
  ]),
  chunks(0x0e, 8, [
    [0x0e, 2],
    [0x10, 4],
    [0x14, 2],
  ]),
  chunks(0x0d, 3, [
    [0x0d, 1],
    [0x0e, 2],
  ]),
  chunks(0x13, 1, [[0x13, 1]]),
  chunks(0x10, 8, [
    [0x10, 4],
    [0x14, 4],
  ]),
  // The border between header and unassigned bytes is a dword's own.
  chunks(0x3e, 4, [
    [0x3e, 2],
    [0x40, 2],
  ]),
  chunks(0xffd, 3, [
    [0xffd, 1],
    [0xffe, 2],
  ]),
  onFunction(
    '2.2 steps end at the end of a capability',
    'chunks-cap',
    [0x5c, 8, { capabilities: [{ id: 5, offset: 0x50, length: 14 }] }],
    [
      [0x5c, 2],
      [0x5e, 2],
      [0x60, 4],
    ],
  ),
  onFunction(
    '2.2 steps between two capabilities',
    'chunks-cap',
    [
      0x40,
      8,
      {
        capabilities: [
          { id: 1, offset: 0x40, length: 3 },
          { id: 9, offset: 0x43, length: 2 },
        ],
      },
    ],
    [
      [0x40, 2],
      [0x42, 1],
      [0x43, 1],
      [0x44, 1],
      [0x45, 1],
      [0x46, 2],
    ],
  ),
];

const OVERLAP: readonly Runnable[] = [
  overlap([0x10, 4, 0x18, 8], null),
  overlap([0x10, 8, 0x18, 8], null),
  overlap([0x10, 9, 0x18, 8], [8, 1, 0]),
  overlap([0x18, 8, 0x18, 8], [0, 8, 0]),
  overlap([0x00, 0x100, 0x18, 8], [24, 8, 0]),
  overlap([0x1a, 4, 0x18, 8], [0, 4, 2]),
  overlap([0x1e, 8, 0x18, 8], [0, 2, 6]),
  overlap([0x1f, 1, 0x18, 8], [0, 1, 7]),
  overlap([0x20, 4, 0x18, 8], null),
  overlap([0x18, 0, 0x18, 8], null),
  overlap([0x1b, 0, 0x18, 8], [0, 0, 3]),
];

export const FUNCTIONS: readonly Runnable[] = [...GEOMETRY, ...CHUNKS, ...OVERLAP];
