/** The first access to GPU memory after a reset: specification 1.10. Requests over the end of resmem: 1.9. */

import type { Operation } from '../operation.ts';
import type { Runnable } from '../runnable.ts';
import { tinyGpu } from './devices.ts';
import {
  copy,
  EINVAL,
  EIO,
  ETIME,
  failingRegionRead,
  fill,
  onDevice,
  onFunction,
  regionRead,
  regionWrite,
  reset,
  write,
} from './steps.ts';

const READY = 0xff;
const ready = tinyGpu({});
const undecoded = tinyGpu({ command: 0 });
const untrained = tinyGpu({ readiness: { c2cStatus: READY, hbmTraining: 0xfe } });
const unlinked = tinyGpu({ readiness: { c2cStatus: 0x1ff, hbmTraining: READY } });

function firstAccess(name: string, access: Readonly<Record<string, unknown>>, expect: string): Runnable {
  return onFunction(`1.10 first access after a reset: ${name}`, 'first_access_after_reset', [access], expect);
}

const FIRST: readonly Runnable[] = [
  firstAccess('ready', { command_mem: 1, c2c: '0xff', hbm: '0xff', op: 'region-read usemem' }, 'ok'),
  firstAccess('memory off', { command_mem: 0, op: 'region-write usemem' }, '-EIO'),
  firstAccess(
    'memory off before registers',
    { command_mem: 0, c2c: 0, hbm: 0, op: 'region-read resmem' },
    '-EIO',
  ),
  firstAccess('link down', { command_mem: 1, c2c: 0, hbm: 0xff, op: 'region-write resmem' }, '-ETIME'),
  firstAccess(
    'memory untrained',
    { command_mem: 1, c2c: 0xff, hbm: 0x7f, op: 'region-read resmem' },
    '-ETIME',
  ),
  firstAccess('read past memory', { command_mem: 0, op: 'region-read usemem past memlength' }, '-EIO'),
  firstAccess('write past memory', { command_mem: 0, op: 'region-write usemem past memlength' }, 'ok'),
  firstAccess('no reset', { reset_done: 0, command_mem: 0, c2c: 0, op: 'region-read usemem' }, 'ok'),
  firstAccess('write below', { command_mem: 0, op: 'region-write resmem (below memlength)' }, '-EIO'),
  firstAccess('write from there', { command_mem: 0, op: 'region-write usemem, offset >= memlength' }, 'ok'),
  firstAccess('write at its end', { command_mem: 0, op: 'region-write at memlength' }, 'ok'),
];

const CHECKED: readonly Runnable[] = [
  onDevice('1.10 a ready device is accessed as before', ready, [
    ...[regionWrite(4, 0, '01'), reset('flr'), regionRead(4, 0, '01'), reset('hot'), regionWrite(2, 0, '02')],
    ...[reset('ioctl'), regionRead(2, 0, '02'), regionRead(4, 0, '01')],
  ]),
  onDevice(
    '1.10 without a reset nothing is checked',
    tinyGpu({ command: 0, readiness: { c2cStatus: 0, hbmTraining: 0 } }),
    [...[regionWrite(4, 0, '01'), regionRead(4, 0, '01'), regionRead(2, 0, '00')]],
  ),
  ...(['ioctl', 'flr', 'hot'] as const).map((kind) =>
    onDevice(`1.10 after a reset (${kind}) memory that is off answers -EIO until it is on`, undecoded, [
      ...[
        regionWrite(4, 0, '01'),
        reset(kind),
        failingRegionRead(4, 0, 4, EIO),
        regionWrite(4, 0, '02', EIO),
      ],
      ...[failingRegionRead(2, 0, 1, EIO), regionWrite(2, 0, '02', EIO), failingRegionRead(4, 0, 4, EIO)],
      ...[
        write(0x04, 2, 0x0002),
        regionRead(4, 0, '0100'),
        write(0x04, 2, 0),
        regionRead(4, 0, '0100'),
        regionWrite(2, 0, '03'),
      ],
    ]),
  ),
  onDevice('1.10 reads of any length are checked, behind memory too', undecoded, [
    ...[
      reset('flr'),
      failingRegionRead(4, 0x3000, 4, EIO),
      failingRegionRead(4, 0, 0, EIO),
      failingRegionRead(2, 0x1400, 8, EIO),
    ],
    ...[
      failingRegionRead(4, 0x4000, 4, EINVAL),
      failingRegionRead(4, 0x4000, 0, EINVAL),
      failingRegionRead(4, 0x3fff, 9, EIO),
    ],
    ...[write(0x04, 2, 0x0002), regionRead(4, 0x3000, ''), write(0x04, 2, 0), regionRead(4, 0x3000, 'ffff')],
  ]),
  onDevice('1.10 writes are checked where they begin on memory', undecoded, [
    ...[
      reset('flr'),
      regionWrite(4, 0x3000, '01020304'),
      regionWrite(2, 0x1400, '01'),
      regionWrite(4, 0x4000, '01', EINVAL),
    ],
    ...[
      regionWrite(4, 0x2fff, '0102', EIO),
      regionWrite(4, 0, '', EIO),
      fill(4, 0, 8, 1, EIO),
      fill(4, 0x3000, 8, 1),
    ],
    ...[copy(4, 0x3000, 0, 4, EIO), copy(4, 0, 0x3000, 4, EIO)],
  ]),
  onDevice('1.10 a device that does not become ready answers -ETIME, each time', untrained, [
    ...[
      regionWrite(4, 8, '77'),
      reset('ioctl'),
      failingRegionRead(4, 0, 4, ETIME),
      regionWrite(4, 8, '01', ETIME),
    ],
    ...[
      failingRegionRead(2, 0, 4, ETIME),
      regionWrite(2, 0, '01', ETIME),
      fill(4, 0, 8, 1, ETIME),
      copy(4, 0, 8, 1, ETIME),
    ],
    ...[
      write(0x04, 2, 0),
      failingRegionRead(4, 0, 4, EIO),
      write(0x04, 2, 2),
      failingRegionRead(4, 0, 4, ETIME),
    ],
  ]),
  onDevice('1.10 ready is 0xff exactly', unlinked, [
    ...[
      reset('ioctl'),
      failingRegionRead(4, 0, 4, ETIME),
      regionWrite(4, 0x3000, '00'),
      failingRegionRead(2, 0, 1, ETIME),
    ],
  ]),
  ...(['6.9', '6.14'] as const).map((generation) =>
    onDevice(
      `1.10 the driver of ${generation} checks nothing after a reset`,
      tinyGpu({ generation, command: 0, readiness: { c2cStatus: 0, hbmTraining: 0 } }),
      [
        ...[
          reset('ioctl'),
          regionRead(4, 0, '00'),
          reset('flr'),
          regionWrite(2, 0, '01'),
          regionRead(2, 0, '01'),
        ],
      ],
    ),
  ),
];

/** 0x1400 bytes in a BAR of 0x2000. */
const OVER_THE_END: readonly Operation[] = [regionWrite(2, 0x1000, 'a1a2a3a4a5a6a7a8a9')];

const RESMEM: readonly Runnable[] = [
  onDevice('1.9 resmem as the driver is written returns the bytes of memory', tinyGpu({ resmem: 'quirk' }), [
    ...[
      ...OVER_THE_END,
      regionWrite(2, 0x13fc, '0102030405060708', 4),
      regionRead(2, 0x13fb, '0001020304', 9),
    ],
    ...[regionRead(2, 0x13ff, '04', 0x1000), regionWrite(2, 0x13ff, '0506', 1), regionRead(2, 0x13ff, '05')],
    ...[
      regionWrite(2, 0x1ffe, '000000', 2),
      regionRead(2, 0x1fff, 'ff', 2),
      regionRead(2, 0x13fc, '01020305'),
    ],
  ]),
  onDevice('1.9 resmem as it is meant fills the rest', tinyGpu({ resmem: 'intended' }), [
    ...[
      ...OVER_THE_END,
      regionWrite(2, 0x13fc, '0102030405060708'),
      regionRead(2, 0x13fb, '0001020304ffffffff'),
    ],
    ...[regionRead(2, 0x13ff, '04ff'), regionWrite(2, 0x13ff, '0506'), regionRead(2, 0x13fe, '0305ffff')],
    ...[
      regionWrite(2, 0x1ffe, '000000', 2),
      regionRead(2, 0x1ffd, 'ffffff', 8),
      regionRead(2, 0x1400, 'ffffffff'),
    ],
  ]),
  onDevice('1.9 usemem is the same in both', tinyGpu({ resmem: 'intended' }), [
    ...[regionWrite(4, 0x2ffe, 'aabbccdd'), regionRead(4, 0x2ffc, '0000aabbffffffff')],
  ]),
  onDevice('1.9 resmem in accesses of every alignment', tinyGpu({}), [
    ...[1, 2, 3, 4, 5, 6, 7].flatMap((shift): Operation[] => [
      regionWrite(2, 0x40 * shift + shift, '000102030405060708090a0b0c0d0e0f101112'),
      regionRead(2, 0x40 * shift, `${'00'.repeat(shift)}000102030405060708090a0b0c0d0e0f10111200`),
      regionRead(2, 0x40 * shift + shift + 1, '0102'),
      regionRead(2, 0x40 * shift + shift + 1, '01020304'),
      regionRead(2, 0x40 * shift + shift + 1, '0102030405060708'),
    ]),
    ...[regionWrite(2, 0xffd, '11121314151617'), regionRead(2, 0xffc, '001112131415161700')],
  ]),
];

export const READINESS: readonly Runnable[] = [...FIRST, ...CHECKED, ...RESMEM];
