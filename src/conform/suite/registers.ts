/** Header registers other than BARs: specification 7.1 under strict, 2.4 and 2.6 under core. */

import type { Runnable } from '../runnable.ts';
import { device } from './devices.ts';
import { EFAULT, failingRead, onDevice, read, readHex, reset, write, writeHex } from './steps.ts';

const IDENTITY = [
  [0x00, 4, 0x2342_10de],
  [0x08, 4, 0x0302_00a1],
  [0x0e, 1, 0x80],
  [0x28, 4, 0x1111_2222],
  [0x2c, 4, 0x16eb_10de],
  [0x3c, 4, 0x4433_0100],
] as const;

/** All error bits of STATUS set, so that each can be cleared. */
const STATUS_ERRORS = [[0x06, 2, 0xf910]] as const;
/** The same below a PCI Express capability at 0x40, which keeps the capability-list bit visible. */
const EXPRESS_STATUS_ERRORS = [...STATUS_ERRORS, [0x34, 1, 0x40], [0x40, 4, 0x0002_0010]] as const;

const strict = device({ policy: 'strict' });
const strictErrors = device({ policy: 'strict', registers: STATUS_ERRORS });
const coreErrors = device({ policy: 'core', registers: EXPRESS_STATUS_ERRORS });

export const REGISTERS: readonly Runnable[] = [
  ...(['strict', 'core'] as const).map((policy) =>
    onDevice(`7.1 ${policy} identity is read-only`, device({ policy, registers: IDENTITY }), [
      ...[write(0x00, 4, 0xffff_ffff), write(0x08, 4, 0xffff_ffff), write(0x0e, 1, 0xff)],
      ...[
        write(0x28, 4, 0xffff_ffff),
        writeHex(0x2c, 'ffffffff'),
        write(0x3d, 1, 0xff),
        write(0x3e, 2, 0xffff),
      ],
      ...[
        read(0x00, 4, 0x2342_10de),
        read(0x08, 4, 0x0302_00a1),
        read(0x0e, 1, 0x80),
        read(0x28, 4, 0x1111_2222),
      ],
      ...[read(0x2c, 4, 0x16eb_10de), read(0x3d, 1, 0x01), read(0x3e, 2, 0x4433)],
    ]),
  ),
  ...(['strict', 'core'] as const).map((policy) =>
    onDevice(`7.1 ${policy} cache line size and interrupt line are writable`, device({ policy }), [
      ...[write(0x0c, 1, 0x10), write(0x3c, 1, 0x0b), read(0x0c, 1, 0x10), read(0x3c, 1, 0x0b)],
      ...[write(0x34, 4, 0xffff_ffff), write(0x38, 4, 0xffff_ffff), read(0x34, 4, 0), read(0x38, 4, 0)],
    ]),
  ),

  onDevice('7.1 strict COMMAND holds the bits of PCI Express', strict, [
    ...[write(0x04, 2, 0xffff), read(0x04, 2, 0x0547), write(0x04, 2, 0), read(0x04, 2, 0)],
    ...[write(0x04, 1, 0xff), read(0x04, 2, 0x0047), write(0x05, 1, 0xff), read(0x04, 2, 0x0547)],
    ...[write(0x04, 4, 0x0000_0006), read(0x04, 4, 0x0000_0006)],
  ]),
  onDevice('7.1 strict STATUS errors are cleared by ones, word by word', strictErrors, [
    ...[write(0x06, 2, 0x0000), read(0x06, 2, 0xf910), write(0x06, 2, 0x8000), read(0x06, 2, 0x7910)],
    ...[write(0x06, 2, 0xffff), read(0x06, 2, 0x0010), write(0x06, 2, 0xffff), read(0x06, 2, 0x0010)],
  ]),
  onDevice('7.1 strict STATUS errors are cleared by ones, byte by byte', strictErrors, [
    ...[write(0x06, 1, 0xff), read(0x06, 2, 0xf910), write(0x07, 1, 0x81), read(0x06, 2, 0x7810)],
    ...[write(0x07, 1, 0xff), read(0x06, 2, 0x0010)],
  ]),
  onDevice('7.1 strict STATUS errors are cleared by ones, in a dword with COMMAND', strictErrors, [
    ...[write(0x04, 4, 0x4000_0007), read(0x04, 4, 0xb910_0007)],
    ...[
      write(0x04, 4, 0x0000_0002),
      read(0x04, 4, 0xb910_0002),
      writeHex(0x05, '05 00 38'),
      read(0x04, 4, 0x8110_0502),
    ],
  ]),
  onDevice('1.11b strict a reset clears STATUS errors', strictErrors, [reset('flr'), read(0x06, 2, 0x0010)]),
  onDevice('7.1 strict latency timer and BIST are fixed', strict, [
    ...[write(0x0d, 1, 0xff), write(0x0f, 1, 0xff), read(0x0c, 4, 0)],
  ]),
  onDevice(
    '7.1 strict a capable BIST can be started',
    device({ policy: 'strict', registers: [[0x0f, 1, 0x80]] }),
    [...[write(0x0f, 1, 0xff), read(0x0f, 1, 0xc0)]],
  ),
  onDevice(
    '7.1 strict type 1 header',
    device({
      policy: 'strict',
      registers: [[0x0e, 1, 0x01]],
      bars: [[0, 'mem32', 2n ** 16n]],
      romBytes: 2 ** 16,
    }),
    [
      ...[
        write(0x10, 4, 0xffff_ffff),
        read(0x10, 4, 0xffff_0000),
        write(0x14, 4, 0xffff_ffff),
        read(0x14, 4, 0),
      ],
      ...[write(0x18, 1, 0x01), write(0x19, 1, 0x02), write(0x1a, 1, 0x03), readHex(0x18, '010203')],
      ...[write(0x38, 4, 0xffff_ffff), read(0x38, 4, 0xffff_0001)],
    ],
  ),

  onDevice('2.6 core COMMAND without PCI Express keeps every bit', device({ policy: 'core' }), [
    ...[write(0x04, 2, 0xffff), read(0x04, 2, 0xffff), write(0x05, 1, 0), read(0x04, 2, 0x00ff)],
  ]),
  onDevice('2.4 core STATUS drops writes', coreErrors, [
    ...[write(0x06, 2, 0xffff), read(0x06, 2, 0xf910), write(0x07, 1, 0xff), read(0x06, 2, 0xf910)],
  ]),
  onDevice('2.6 core a dword write to COMMAND clears STATUS errors', coreErrors, [
    ...[write(0x04, 2, 0x0006), read(0x06, 2, 0xf910), write(0x04, 1, 0x07), read(0x06, 2, 0xf910)],
    ...[writeHex(0x04, '060000'), read(0x06, 2, 0xf910), write(0x03, 4, 0), read(0x06, 2, 0xf910)],
    ...[write(0x04, 4, 0x0000_0006), read(0x04, 4, 0x0010_0006)],
  ]),
  onDevice('2.6 core a longer request clears STATUS errors in its dword step', coreErrors, [
    ...[writeHex(0x02, 'ffff 0700 0000 ffff'), read(0x04, 4, 0x0010_0007)],
  ]),
  onDevice(
    '2.6 core a virtual function shows memory decoding on and no interrupt pin',
    device({ policy: 'core', virtualFunction: true, registers: [[0x3d, 1, 1]] }),
    [...[read(0x04, 2, 0x0002), read(0x3d, 1, 0), write(0x04, 2, 0), read(0x04, 2, 0)]],
  ),

  ...(['strict', 'core'] as const).flatMap((policy) => [
    onDevice(`2.2 ${policy} requests beyond 256 bytes fail as a whole`, device({ policy }), [
      ...[failingRead(0xfd, 4, EFAULT), failingRead(0xff, 2, EFAULT), failingRead(0x100, 1, EFAULT)],
      ...[
        failingRead(0xffff_fffc, 4, EFAULT),
        failingRead(0xffff_ffff, 2, EFAULT),
        read(0xfc, 4, 0),
        read(0xff, 1, 0),
      ],
      ...[writeHex(0x3c, 'aa'.repeat(0xc5), EFAULT), read(0x3c, 1, 0), write(0x100, 4, 0, EFAULT)],
    ]),
    onDevice(
      `2.2 ${policy} requests beyond 4096 bytes fail as a whole`,
      device({ policy, configBytes: 4096 }),
      [
        ...[
          read(0x100, 4, 0),
          read(0xffc, 4, 0),
          failingRead(0xffd, 4, EFAULT),
          failingRead(0x1000, 1, EFAULT),
        ],
        ...[write(0xffe, 4, 0, EFAULT), write(0x1000, 1, 0, EFAULT), write(0xfff, 1, 0)],
      ],
    ),
    onDevice(`2.9 ${policy} requests of no bytes do nothing`, device({ policy }), [
      ...[failingRead(0x10, 0, 0), failingRead(0x100, 0, 0), writeHex(0x3c, '', 0), writeHex(0x1000, '', 0)],
    ]),
  ]),
];
