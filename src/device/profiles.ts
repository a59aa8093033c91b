import type { Bar, BarKind, PciFunction } from '../pci/function.ts';
import type { Policy } from '../types.ts';
import type { GpuMemory } from './device-spec.ts';

/** A device that barometer knows by name. */
export interface Profile {
  readonly name: string;
  readonly summary: string;
  readonly source: PciFunction;
  readonly gpuMemory: GpuMemory | undefined;
  /** Policy when none is asked for. */
  readonly policy: Policy;
}

const KIB = 2 ** 10;
const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** 96 GiB of HBM, as the part named after its 120 GB of LPDDR has it. */
const GH200_MEMORY: GpuMemory = { sizeBytes: 96n << 30n, migHardwareBug: true };

const GH200_BAR0 = bar(0, 'mem64', true, 0x661002000000n, 16 * MIB);

/** Physical BARs of a GH200 host device (10de:2342 at 0009:01:00.0), as quoted on the kvm list in October 2023. */
const GH200_BARS = [
  GH200_BAR0,
  bar(2, 'mem64', true, 0x662000000000n, 128 * GIB),
  bar(4, 'mem64', true, 0x661000000000n, 32 * MIB),
];

export const PROFILES: readonly Profile[] = [
  {
    name: 'gh200-120gb',
    summary: 'Grace Hopper GPU, 96 GiB of coherent memory: usemem 95 GiB in a 128 GiB BAR, resmem 1 GiB',
    source: pciFunction('gh200-120gb', gh200Config(), GH200_BARS),
    gpuMemory: GH200_MEMORY,
    policy: 'nvgrace',
  },
  {
    name: 'gh200-no-bar2',
    summary: 'the same without physical BARs 2 and 4, as the kernel review assumed',
    source: pciFunction('gh200-no-bar2', gh200Config(), [GH200_BAR0]),
    gpuMemory: GH200_MEMORY,
    policy: 'nvgrace',
  },
  {
    name: 'generic-type0',
    summary: 'one BAR of each kind: I/O 32 bytes, 32-bit 64 KiB, 64-bit prefetchable 256 MiB, ROM 64 KiB',
    source: {
      ...pciFunction('generic-type0', genericConfig(), [
        bar(0, 'io', false, 0n, 32),
        bar(1, 'mem32', false, 0n, 64 * KIB),
        bar(2, 'mem64', true, 0n, 256 * MIB),
      ]),
      rom: { address: 0n, sizeBytes: BigInt(64 * KIB), enabled: false, sizeSource: 'profile' },
    },
    gpuMemory: undefined,
    policy: 'strict',
  },
];

export const PROFILE_NAMES: readonly string[] = PROFILES.map((profile) => profile.name);

export function findProfile(name: string): Profile | undefined {
  return PROFILES.find((profile) => profile.name === name);
}

function bar(barIdx: number, kind: BarKind, prefetchable: boolean, address: bigint, sizeBytes: number): Bar {
  return { barIdx, kind, prefetchable, address, sizeBytes: BigInt(sizeBytes), sizeSource: 'profile' };
}

function pciFunction(name: string, configBytes: Uint8Array, bars: readonly Bar[]): PciFunction {
  const view = new DataView(configBytes.buffer);
  for (const { barIdx, kind, prefetchable, address } of bars) {
    const flags = kind === 'io' ? 1 : (kind === 'mem64' ? 4 : 0) | (prefetchable ? 8 : 0);
    view.setUint32(0x10 + 4 * barIdx, Number(address & 0xffff_ffffn) | flags, true);
    if (kind === 'mem64') view.setUint32(0x14 + 4 * barIdx, Number(address >> 32n), true);
  }
  return { slot: null, configBytes, bars, rom: null, origin: `profile ${name}` };
}

/**
 * Registers of a GH200: ids, class and subsystem are the real ones, the capabilities a plausible selection
 * (a real device's chain was not at hand).
 */
function gh200Config(): Uint8Array {
  const bytes = new Uint8Array(4096);
  const view = new DataView(bytes.buffer);
  const words: [offset: number, value: number][] = [
    [0x00, 0x10de],
    [0x02, 0x2342],
    [0x04, 0x0006], // memory, bus master
    [0x06, 0x0010], // capability list
    [0x08, 0x00a1],
    [0x0a, 0x0302], // 3D controller
    [0x2c, 0x10de],
    [0x2e, 0x16eb],
    [0x34, 0x0060],
    [0x3c, 0x0100], // INTA
  ];
  for (const [offset, value] of words) view.setUint16(offset, value, true);
  const dwords: [offset: number, value: number][] = [
    [0x60, 0xc8036801], // power management, version 3, next 0x68
    [0x64, 0x00000008], // no soft reset
    [0x68, 0x00807805], // MSI, 64-bit, next 0x78
    [0x78, 0x0002b010], // PCI Express version 2 endpoint, next 0xb0
    [0x7c, 0x10008fe1], // FLR
    [0x80, 0x00002910],
    [0x84, 0x00000105], // link: 32 GT/s, x16
    [0x88, 0x01050040],
    [0xb0, 0x00050011], // MSI-X, 6 vectors
    [0xb4, 0x00b90000],
    [0xb8, 0x00ba0000],
    [0x100, 0x14820001], // AER version 2, next 0x148
    [0x148, 0x16010003], // device serial number, next 0x160
    [0x14c, 0x2b1c0de1],
    [0x150, 0x00044bb0],
    [0x160, 0x1a010015], // resizable BAR, next 0x1a0
    [0x164, 0x00200000], // BAR 2: 128 GiB only
    [0x168, 0x00001122],
    [0x1a0, 0x00010019], // secondary PCI Express
  ];
  for (const [offset, value] of dwords) view.setUint32(offset, value, true);
  return bytes;
}

function genericConfig(): Uint8Array {
  const bytes = new Uint8Array(256);
  const view = new DataView(bytes.buffer);
  view.setUint16(0x00, 0x8086, true);
  view.setUint16(0x02, 0x8086, true);
  view.setUint16(0x0a, 0xff00, true); // unassigned class
  return bytes;
}
