import { bar, configFrom, KIB, type Profile, pciFunction } from './profile.ts';

/**
 * A virtual function as the virtio variant driver takes it (specification 4): device id 1041, no physical BAR 0.
 * Ids are those of the virtio specification (4.1.2); BAR 4 is that of the vectors of specification 9, made up there.
 * The subsystem ids, the class and the capabilities are made up here: the structures of the virtio specification
 * 4.1.4 in BAR 4, MSI-X, and PCI Express as every virtual function has it.
 */
const WORDS = [
  [0x00, 0x1af4],
  [0x02, 0x1041],
  [0x06, 0x0010], // capability list
  [0x08, 0x0001], // revision 1: modern only
  [0x0a, 0x0200], // Ethernet controller
  [0x2c, 0x1af4],
  [0x2e, 0x0041],
  [0x34, 0x0040],
] as const;

const DWORDS = [
  [0x40, 0x0002_7c10], // PCI Express version 2 endpoint, next 0x7c
  [0x44, 0x1000_8fc0], // FLR
  [0x7c, 0x0002_8811], // MSI-X, 3 vectors, next 0x88
  [0x80, 0x0000_2004],
  [0x84, 0x0000_3004],
  [0x88, 0x0110_9809], // common configuration, 16 bytes, next 0x98
  [0x8c, 0x0000_0004],
  [0x90, 0x0000_0000],
  [0x94, 0x0000_0038],
  [0x98, 0x0214_ac09], // notifications, 20 bytes, next 0xac
  [0x9c, 0x0000_0004],
  [0xa0, 0x0000_1000],
  [0xa4, 0x0000_1000],
  [0xa8, 0x0000_0004], // multiplier
  [0xac, 0x0310_bc09], // interrupt status, 16 bytes, next 0xbc
  [0xb0, 0x0000_0004],
  [0xb4, 0x0000_0040],
  [0xb8, 0x0000_0001],
  [0xbc, 0x0410_0009], // device configuration, 16 bytes, last
  [0xc0, 0x0000_0004],
  [0xc4, 0x0000_0080],
  [0xc8, 0x0000_0018],
] as const;

export const VIRTIO_PROFILES: readonly Profile[] = [
  {
    name: 'virtio-net-vf',
    summary: 'virtio-net virtual function: BAR 4 of 16 KiB, and the I/O BAR 0 that the driver emulates',
    source: pciFunction('virtio-net-vf', configFrom(256, WORDS, DWORDS), [
      bar(4, 'mem64', true, 0n, 16 * KIB),
    ]),
    gpuMemory: undefined,
    virtualFunction: true,
    policy: 'virtio',
  },
];
