/** NVIDIA GPUs that nvgrace-gpu drives. Device ids are those of its table (specification 1.2). */

import type { GpuMemory } from './device-spec.ts';
import { bar, configFrom, GIB, MIB, type Profile, pciFunction, type RegisterRow } from './profile.ts';

/** 96 GiB of HBM, as the part named after its 120 GB of LPDDR has it. */
const GH200_MEMORY: GpuMemory = { sizeBytes: 96n << 30n };
/** Assumed: the part of that id is sold as "GH200 144G HBM3e"; what its firmware reports was not at hand. */
const GH200_144G_MEMORY: GpuMemory = { sizeBytes: 144n << 30n };
/** The worked example of specification 1.4. */
const GB200_MEMORY: GpuMemory = { sizeBytes: 186n << 30n };
/** Assumed: its 288 GB of HBM3e taken as GiB; what its firmware reports was not at hand. */
const GB300_MEMORY: GpuMemory = { sizeBytes: 288n << 30n };

const BAR0 = bar(0, 'mem64', true, 0x661002000000n, 16 * MIB);

/**
 * Physical BARs of a GH200 host device (10de:2342 at 0009:01:00.0), as quoted on the kvm list in October 2023. The
 * vectors of specification 9 give a GB200 the same ones. That the other parts have them too is assumed.
 */
const BARS = [
  BAR0,
  bar(2, 'mem64', true, 0x662000000000n, 128 * GIB),
  bar(4, 'mem64', true, 0x661000000000n, 32 * MIB),
];

/**
 * Revision, class and subsystem of the GH200 120GB. The vectors of specification 9 give a GB200 the same; for the
 * other parts they are assumed.
 */
const HEADER: readonly RegisterRow[] = [
  [0x00, 0x10de],
  [0x04, 0x0006], // memory, bus master
  [0x06, 0x0010], // capability list
  [0x08, 0x00a1],
  [0x0a, 0x0302], // 3D controller
  [0x2c, 0x10de],
  [0x2e, 0x16eb],
  [0x34, 0x0060],
  [0x3c, 0x0100], // INTA
];

/** A plausible selection: a real device's chain was not at hand. */
const CAPABILITIES: readonly RegisterRow[] = [
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

/** Without the resizable BAR, which names a BAR 2. */
const CAPABILITIES_WITHOUT_BAR2: readonly RegisterRow[] = [
  ...CAPABILITIES.filter(([offset]) => offset < 0x160 || offset > 0x168),
  [0x148, 0x1a010003], // device serial number, next 0x1a0
];

/** What tells Grace Blackwell parts apart: MIG works on their cached memory, so they need no carve-out (1.5). */
const BLACKWELL_CAPABILITIES: readonly RegisterRow[] = [
  ...CAPABILITIES,
  [0x1a0, 0x1d010019], // secondary PCI Express, 44 bytes for 16 lanes, next 0x1d0
  [0x1d0, 0x00010023], // designated vendor-specific; where it lies is made up
  [0x1d4, 0x00c010de], // vendor NVIDIA, 12 bytes
  [0x1d8, 0x00010003], // id 3, and the bit: MIG with cached memory
];

function grace(
  deviceId: number,
  rows: Pick<Profile, 'name' | 'summary' | 'gpuMemory'>,
  { bars = BARS, capabilities = CAPABILITIES } = {},
): Profile {
  const config = configFrom(4096, [...HEADER, [0x02, deviceId]], capabilities);
  return { ...rows, source: pciFunction(rows.name, config, bars), policy: 'nvgrace' };
}

const BLACKWELL = { capabilities: BLACKWELL_CAPABILITIES };

export const GRACE_PROFILES: readonly Profile[] = [
  grace(0x2342, {
    name: 'gh200-120gb',
    summary: 'Grace Hopper GPU, 96 GiB of coherent memory: usemem 95 GiB in a 128 GiB BAR, resmem 1 GiB',
    gpuMemory: GH200_MEMORY,
  }),
  grace(
    0x2342,
    {
      name: 'gh200-no-bar2',
      summary: 'the same without physical BARs 2 and 4, as the kernel review assumed',
      gpuMemory: GH200_MEMORY,
    },
    { bars: [BAR0], capabilities: CAPABILITIES_WITHOUT_BAR2 },
  ),
  grace(0x2345, {
    name: 'gh200-480gb',
    summary: 'Grace Hopper GPU beside 480 GB of LPDDR; 96 GiB of its own memory (assumed)',
    gpuMemory: GH200_MEMORY,
  }),
  grace(0x2348, {
    name: 'gh200-2348',
    summary: 'Grace Hopper GPU with HBM3e, 144 GiB (assumed): usemem 143 GiB in a 256 GiB BAR, resmem 1 GiB',
    gpuMemory: GH200_144G_MEMORY,
  }),
  grace(
    0x2941,
    {
      name: 'gb200',
      summary:
        'Grace Blackwell GPU, 186 GiB: usemem in a 256 GiB BAR, no resmem; region 2 is the physical BAR',
      gpuMemory: GB200_MEMORY,
    },
    BLACKWELL,
  ),
  grace(
    0x31c2,
    {
      name: 'gb300',
      summary: 'Grace Blackwell Ultra GPU, 288 GiB (assumed): usemem in a 512 GiB BAR, no resmem',
      gpuMemory: GB300_MEMORY,
    },
    BLACKWELL,
  ),
];
