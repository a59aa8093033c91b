import { type DeviceSpec, deviceSpec, type GpuMemory, type Readiness } from '../../device/device-spec.ts';
import type { RegionSpec } from '../../device/region-spec.ts';
import type { Bar, BarKind, PciFunction } from '../../pci/function.ts';
import type { DriverGeneration, Policy, ResmemMode } from '../../types.ts';
import type { Variant } from '../vector-device.ts';

/** A BAR as `[index, kind, size in bytes, address]`; a `p` at the end of the kind makes it prefetchable. */
export type BarRow = readonly [
  barIdx: number,
  kind: `${BarKind}${'p' | ''}`,
  sizeBytes: bigint,
  address?: bigint,
];

/** What the suite varies in a PCI function; registers are `[offset, width, value]`. */
export interface FunctionRows {
  readonly configBytes?: 256 | 4096;
  readonly registers?: readonly (readonly [offset: number, width: 1 | 2 | 4, value: number])[];
  readonly bars?: readonly BarRow[];
  readonly romBytes?: number;
}

export interface DeviceRows extends FunctionRows {
  readonly policy: Policy;
  readonly gpuMemory?: GpuMemory;
  readonly virtualFunction?: boolean;
}

const FRAME_BYTES = 2 ** 20;

/** One device. */
export function device(rows: DeviceRows): readonly Variant[] {
  const { policy, gpuMemory, virtualFunction } = rows;
  const options = { name: 'conformance', policy, gpuMemory, virtualFunction };
  return [{ name: '', spec: deviceSpec(pciFunction(rows), options), frameBytes: FRAME_BYTES }];
}

export function pciFunction(rows: FunctionRows): PciFunction {
  const configBytes = new Uint8Array(rows.configBytes ?? 256);
  const view = new DataView(configBytes.buffer);
  for (const [offset, width, value] of rows.registers ?? []) {
    if (width === 4) view.setUint32(offset, value, true);
    else if (width === 2) view.setUint16(offset, value, true);
    else view.setUint8(offset, value);
  }
  const rom = {
    address: 0n,
    sizeBytes: BigInt(rows.romBytes ?? 0),
    enabled: false,
    sizeSource: 'profile',
  } as const;
  return {
    slot: null,
    configBytes,
    bars: (rows.bars ?? []).map(barOf),
    rom: rows.romBytes ? rom : null,
    origin: 'the conformance suite',
  };
}

function barOf([barIdx, name, sizeBytes, address = 0n]: BarRow): Bar {
  const prefetchable = name.endsWith('p');
  const kind = (prefetchable ? name.slice(0, -1) : name) as BarKind;
  return { barIdx, kind, prefetchable, address, sizeBytes, sizeSource: 'profile' };
}

/** Physical BARs of a GH200, as the host shows them (specification 1.12). */
export const GH200_BARS: readonly BarRow[] = [
  [0, 'mem64p', 2n ** 24n, 0x661002000000n],
  [2, 'mem64p', 2n ** 37n, 0x662000000000n],
  [4, 'mem64p', 2n ** 25n, 0x661000000000n],
];

/** 96 GiB with the carve-out: usemem 95 GiB in a BAR of 128 GiB, resmem 1 GiB. */
export const GH200_MEMORY: GpuMemory = { sizeBytes: 96n << 30n, migHardwareBug: true };
/** 186 GiB without it: usemem alone, in a BAR of 256 GiB; region 2 is the physical BAR. */
export const GB200_MEMORY: GpuMemory = { sizeBytes: 186n << 30n, migHardwareBug: false };

export function gh200(policy: Policy = 'nvgrace'): readonly Variant[] {
  return device({ policy, bars: GH200_BARS, gpuMemory: GH200_MEMORY });
}

export function gb200(): readonly Variant[] {
  return device({ policy: 'nvgrace', bars: GH200_BARS, gpuMemory: GB200_MEMORY });
}

/** BAR 0 with the rules of policy virtio: 32 bytes. */
export function virtioRegion(): readonly Variant[] {
  const region = { regionIndex: 0, memlengthBytes: 32n, barSizeBytes: 32n, rules: 'virtio' } as const;
  return [{ name: '', ...withRegions([{ ...region, backing: 'flat', pageShift: 16 }]) }];
}

/** What differs between drivers and devices after a reset (specification 1.10). */
export interface DriverRows {
  readonly generation?: DriverGeneration;
  readonly readiness?: Readiness;
  readonly resmem?: ResmemMode;
  /** COMMAND of the hardware at open. */
  readonly command?: number;
}

/** The regions of tinyRegions behind nvgrace-gpu. */
export function tinyGpu({ command = 2, ...driver }: DriverRows): readonly Variant[] {
  const source = pciFunction({ registers: [[0x04, 2, command]] });
  const options = { name: 'conformance', policy: 'nvgrace', gpuMemory: GH200_MEMORY, ...driver } as const;
  const spec = deviceSpec(source, options);
  return tinyRegions().map((variant) => ({ ...variant, spec: { ...spec, regions: variant.spec.regions } }));
}

/** Cached region 4 and uncached region 2, small enough to hold: 0x3000 of 0x4000 and 0x1400 of 0x2000 bytes. */
export function tinyRegions(): readonly Variant[] {
  return [
    { name: 'flat memory', ...tiny('flat', 16) },
    { name: 'sparse memory', ...tiny('sparse', 16) },
    { name: 'sparse memory of 4 KiB pages', ...tiny('sparse', 12) },
  ];
}

function tiny(backing: RegionSpec['backing'], pageShift: number) {
  const shared = { backing, pageShift };
  return withRegions([
    { regionIndex: 2, memlengthBytes: 0x1400n, barSizeBytes: 0x2000n, rules: 'uncached', ...shared },
    { regionIndex: 4, memlengthBytes: 0x3000n, barSizeBytes: 0x4000n, rules: 'memory', ...shared },
  ]);
}

/** Sparse region 4 of 192 KiB in a BAR of 256 KiB, pages of 64 KiB. @param frames pages that memory suffices for */
export function sparseRegion(frames: number): readonly Variant[] {
  const region: RegionSpec = {
    regionIndex: 4,
    memlengthBytes: 0x30000n,
    barSizeBytes: 0x40000n,
    rules: 'memory',
    backing: 'sparse',
    pageShift: 16,
  };
  return [{ name: '', ...withRegions([region]), frameBytes: frames * 2 ** 16 }];
}

function withRegions(regions: readonly RegionSpec[]): { spec: DeviceSpec; frameBytes: number } {
  const spec = deviceSpec(pciFunction({}), { name: 'conformance', policy: 'core' });
  return { spec: { ...spec, regions }, frameBytes: FRAME_BYTES };
}
