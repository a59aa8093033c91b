/** Capability chains as vfio-pci-core shows them: specification 2.7. */

import type { Runnable } from '../runnable.ts';
import { device, type FunctionRows } from './devices.ts';
import { onDevice, read, readHex, write } from './steps.ts';

type Registers = NonNullable<FunctionRows['registers']>;

/** A standard chain from 0x34 on; each entry is `[offset, id, next, contents of the upper word]`. */
function chain(
  ...entries: readonly (readonly [offset: number, id: number, next: number, upper?: number])[]
): Registers {
  const dwords = entries.map(
    ([offset, id, next, upper = 0]) => [offset, 4, id | (next << 8) | (upper << 16)] as const,
  );
  return [[0x06, 2, 0x0010], [0x34, 1, entries[0]![0]], ...dwords];
}

/** An extended chain below a PCI Express capability. */
function extended(...dwords: readonly (readonly [offset: number, value: number])[]) {
  const registers = [
    ...chain([0x40, 0x10, 0, 0x0002]),
    ...dwords.map(([offset, value]) => [offset, 4, value] as const),
  ];
  return device({ policy: 'core', configBytes: 4096, registers });
}

function core(registers: Registers) {
  return device({ policy: 'core', registers });
}

// ids: 01 PM, 03 VPD, 05 MSI, 09 vendor, 10 PCIe, 11 MSI-X, 14 EA (hidden)
export const CAPABILITIES: readonly Runnable[] = [
  onDevice(
    '2.7 core hides a capability in the middle of the chain',
    core(chain([0x40, 0x01, 0x48], [0x48, 0x14, 0x50], [0x50, 0x11, 0])),
    [...[read(0x34, 1, 0x40), read(0x40, 2, 0x5001), read(0x50, 2, 0x0011), read(0x06, 2, 0x0010)]],
  ),
  onDevice('2.7 core hides the first capability', core(chain([0x40, 0x14, 0x48], [0x48, 0x01, 0])), [
    ...[read(0x34, 1, 0x48), read(0x48, 2, 0x0001), read(0x06, 2, 0x0010)],
  ]),
  onDevice('2.7 core hides the last capability', core(chain([0x40, 0x01, 0x48], [0x48, 0x0d, 0])), [
    ...[read(0x34, 1, 0x40), read(0x40, 2, 0x0001)],
  ]),
  onDevice(
    '2.7 core hides neighbours in a row',
    core(chain([0x40, 0x01, 0x48], [0x48, 0x06, 0x50], [0x50, 0x0a, 0x58], [0x58, 0x11, 0])),
    [...[read(0x40, 2, 0x5801), read(0x34, 1, 0x40)]],
  ),
  onDevice(
    '2.7 core clears the list bit where every capability is hidden',
    core(chain([0x40, 0x14, 0x48], [0x48, 0x0d, 0])),
    [...[read(0x06, 2, 0), read(0x34, 1, 0)]],
  ),
  onDevice('2.7 core clears the list bit of an empty list', core([[0x06, 2, 0x0010]]), [read(0x06, 2, 0)]),
  onDevice(
    '2.7 core leaves the chain alone where the list bit is clear',
    core([
      [0x34, 1, 0x40],
      [0x40, 4, 0x14],
    ]),
    [...[read(0x34, 1, 0x40), read(0x40, 4, 0x14), write(0x40, 4, 0x1234_5678), read(0x40, 4, 0x1234_5678)]],
  ),
  onDevice(
    '2.7 core strict shows the chain as it is',
    device({ policy: 'strict', registers: chain([0x40, 0x14, 0x48], [0x48, 0x01, 0]) }),
    [...[read(0x34, 1, 0x40), read(0x40, 2, 0x4814), read(0x06, 2, 0x0010)]],
  ),
  onDevice(
    '2.7 core drops writes to a visible capability and reports them done',
    core([...chain([0x40, 0x11, 0, 0x0005]), [0x44, 4, 0x00b9_0000], [0x4c, 4, 0]]),
    [
      ...[
        write(0x40, 4, 0xffff_ffff),
        write(0x44, 4, 0xffff_ffff),
        read(0x40, 4, 0x0005_0011),
        read(0x44, 4, 0x00b9_0000),
      ],
      // The capability is 12 bytes long; the byte behind it belongs to nobody and reaches the hardware.
      ...[write(0x4b, 1, 0xff), write(0x4c, 1, 0xff), read(0x48, 4, 0), read(0x4c, 4, 0x0000_00ff)],
    ],
  ),
  onDevice('2.7 core bytes of a hidden capability reach the hardware', core(chain([0x40, 0x14, 0])), [
    ...[write(0x44, 4, 0xdead_beef), read(0x44, 4, 0xdead_beef), write(0x40, 1, 0x55), read(0x40, 1, 0x55)],
  ]),
  onDevice(
    '2.7 core virtualises MSI address and data',
    core([...chain([0x40, 0x05, 0, 0x0080]), [0x4c, 4, 0]]),
    [
      ...[write(0x44, 4, 0xfee0_0000), write(0x48, 4, 0x1), write(0x4c, 2, 0x4021)],
      ...[readHex(0x44, '0000e0fe 01000000 2140'), write(0x40, 2, 0xffff), read(0x40, 4, 0x0080_0005)],
    ],
  ),
  onDevice(
    '2.7 core hides PME of power management',
    core([...chain([0x40, 0x01, 0, 0xc803]), [0x44, 4, 0x0000_8108]]),
    [...[read(0x40, 4, 0x0003_0001), read(0x44, 2, 0x0008), write(0x44, 2, 0x8103), read(0x44, 2, 0x000b)]],
  ),
  onDevice('2.7 core passes vendor capabilities through', core([...chain([0x40, 0x09, 0, 0x0008])]), [
    ...[write(0x44, 4, 0x1234_5678), read(0x44, 4, 0x1234_5678), write(0x40, 1, 0xff), read(0x40, 1, 0x09)],
  ]),
  onDevice(
    '2.7 core PCI Express: DEVCTL without phantom functions and reset',
    core([...chain([0x40, 0x10, 0, 0x0002])]),
    [
      ...[write(0x48, 2, 0xffff), read(0x48, 2, 0x7dff), write(0x44, 4, 0xffff_ffff), read(0x44, 4, 0)],
      ...[write(0x68, 2, 0xffff), read(0x68, 2, 0xffdf)],
    ],
  ),

  onDevice(
    '2.7 core Resizable BAR is visible and read-only',
    extended([0x100, 0x1482_0001], [0x148, 0x0001_0015], [0x14c, 0x0020_0000], [0x150, 0x0000_1122]),
    [
      ...[read(0x148, 4, 0x0001_0015), read(0x14c, 4, 0x0020_0000), read(0x150, 4, 0x0000_1122)],
      ...[
        write(0x150, 4, 0x0000_0a22),
        read(0x150, 4, 0x0000_1122),
        write(0x151, 1, 0xff),
        read(0x150, 4, 0x0000_1122),
      ],
    ],
  ),
  onDevice(
    '2.7 core hides an extended capability in the middle of the chain',
    extended([0x100, 0x1401_0003], [0x140, 0x1601_001b], [0x160, 0x0001_000e]),
    [...[read(0x100, 4, 0x1601_0003), read(0x160, 4, 0x0001_000e)]],
  ),
  onDevice(
    '2.7 core keeps a hidden head as an anchor',
    extended([0x100, 0x1401_0019], [0x140, 0x0001_0003]),
    [
      ...[
        read(0x100, 4, 0x1400_0000),
        read(0x140, 4, 0x0001_0003),
        write(0x100, 4, 0xffff_ffff),
        read(0x100, 4, 0x1400_0000),
      ],
    ],
  ),
  onDevice(
    '2.7 core shows no extended list where every capability is hidden',
    extended([0x100, 0x1401_0019], [0x140, 0x0001_001f]),
    [read(0x100, 4, 0)],
  ),
  onDevice(
    '2.7 core without PCI Express does not walk the extended space',
    device({ policy: 'core', configBytes: 4096, registers: [[0x100, 4, 0x1401_0019]] }),
    [read(0x100, 4, 0x1401_0019)],
  ),
];
