import { VIRTIO_BAR_BYTES } from '../../assembly/layout.ts';
import { UsageError } from '../errors.ts';
import type { Bar, PciFunction } from '../pci/function.ts';
import { headerTypeOf, layoutOfType } from '../pci/header.ts';
import { PCI_BASE_ADDRESS_0 } from '../pci/registers.ts';
import { CURRENT_GENERATION, type DriverGeneration, type Policy, type ResmemMode } from '../types.ts';
import { msixTable } from './capability-facts.ts';
import { type Geometry, nvgraceGeometry } from './geometry.ts';
import { hasMigHardwareBug } from './mig-hardware-bug.ts';
import {
  barRules,
  DEFAULT_PAGE_SHIFT,
  MAX_REGION_BYTES,
  ONLY_GPU_REGION,
  RESMEM_REGION,
  type RegionRules,
  type RegionSpec,
  USEMEM_REGION,
} from './region-spec.ts';

const CONFIG_BYTES = 256;
const EXTENDED_CONFIG_BYTES = 4096;
const ROM_REGION = 6;
/** What the registers read that the driver polls, when the device is ready (specification 1.1). */
const READY = 0xff;

/** The I/O BAR that the virtio driver emulates: legacy header and the start of the network configuration. */
const VIRTIO_BAR: Bar = {
  barIdx: 0,
  kind: 'io',
  prefetchable: false,
  address: 0n,
  sizeBytes: BigInt(VIRTIO_BAR_BYTES),
  sizeSource: 'profile',
};

/** GPU memory as firmware reports it to nvgrace-gpu. */
export interface GpuMemory {
  readonly sizeBytes: bigint;
  /** Whether the part needs the uncached carve-out; what its capabilities say unless given (specification 1.5). */
  readonly migHardwareBug?: boolean | undefined;
}

/** What the two registers read that the driver polls after a reset; 0xff is ready (specification 1.10). */
export interface Readiness {
  readonly c2cStatus: number;
  readonly hbmTraining: number;
}

/** Everything an implementation needs to know to build a device. */
export interface DeviceSpec {
  readonly name: string;
  readonly policy: Policy;
  readonly generation: DriverGeneration;
  /** 256 or 4096 bytes: the hardware's registers at open. */
  readonly configBytes: Uint8Array;
  /** Physical BARs, and those that a policy adds whole: GPU memory under strict, the I/O BAR of virtio. */
  readonly bars: readonly Bar[];
  /** 0: no expansion ROM. */
  readonly romSizeBytes: number;
  readonly virtualFunction: boolean;
  /** Sizes of the BARs that policies nvgrace and v13 emulate at 0x18 and 0x20; 0 not emulated. */
  readonly emulatedBarBytes: readonly [resmem: bigint, usemem: bigint];
  readonly regions: readonly RegionSpec[];
  readonly readiness: Readiness;
  readonly resmem: ResmemMode;
  /** What the device was made of, so that it can be made again under another policy. */
  readonly madeOf: { readonly source: PciFunction; readonly options: DeviceOptions };
}

export interface DeviceOptions {
  readonly name: string;
  readonly policy: Policy;
  readonly generation?: DriverGeneration;
  readonly gpuMemory?: GpuMemory | undefined;
  /** Whether it is an SR-IOV virtual function; under the virtio policies it is. */
  readonly virtualFunction?: boolean | undefined;
  /** Ready unless given. */
  readonly readiness?: Readiness;
  /** `quirk` unless given. */
  readonly resmem?: ResmemMode | undefined;
}

/**
 * A device from what is known of a PCI function.
 * @throws UsageError where policy and function do not go together, or the driver would refuse the geometry
 */
export function deviceSpec(source: PciFunction, options: DeviceOptions): DeviceSpec {
  const { policy, generation = CURRENT_GENERATION } = options;
  const configBytes = paddedConfig(source.configBytes);
  const layout = headerTypeOf(configBytes);
  if (layout > 2) {
    throw new UsageError(
      `${source.origin} has header type 0x${layout.toString(16)}, which is reserved; expected 0, 1 or 2: is it a configuration space?`,
    );
  }
  if (policy !== 'strict' && layout !== 0) {
    throw new UsageError(
      `policy ${policy} was asked for a type ${layout} header (${source.origin}); vfio-pci drives type 0 functions only: use --policy strict`,
    );
  }
  const geometry = options.gpuMemory && geometryOf(options.gpuMemory, policy, generation, configBytes);
  if (NEEDS_GPU_MEMORY.includes(policy) && !geometry) {
    throw new UsageError(
      `policy ${policy} was asked for ${source.origin}, which has no GPU memory; give its size with --gpu-memory, or use --policy strict or core`,
    );
  }
  if (isVirtio(policy) && source.bars.some((bar) => bar.barIdx === 0)) {
    throw new UsageError(
      `policy ${policy} was asked for ${source.origin}, which has a physical BAR 0; the virtio driver emulates one only where there is none: use --policy core, or a device like the profile virtio-net-vf`,
    );
  }
  const bars = barsOf(source.bars, policy, geometry);
  const spec = {
    name: options.name,
    policy,
    generation,
    bars,
    romSizeBytes: source.rom ? Number(source.rom.sizeBytes) : 0,
    virtualFunction: options.virtualFunction ?? isVirtio(policy),
    readiness: options.readiness ?? { c2cStatus: READY, hbmTraining: READY },
    resmem: options.resmem ?? 'quirk',
  };
  writeBars(configBytes, bars, source, layout);
  const emulated = emulatedRegions(policy, geometry);
  const own = bars.filter((bar) => !emulated.some((region) => region.regionIndex === bar.barIdx));
  const physical =
    policy === 'strict' ? own.map(plainRegion) : guardedRegions(own, spec.romSizeBytes, configBytes);
  return {
    ...spec,
    configBytes,
    emulatedBarBytes: emulatedBarBytes(policy, geometry),
    regions: [...physical, ...emulated],
    madeOf: { source, options },
  };
}

/**
 * The same function under another policy.
 * @throws UsageError as deviceSpec
 */
export function withPolicy({ madeOf: { source, options } }: DeviceSpec, policy: Policy): DeviceSpec {
  return deviceSpec(source, { ...options, policy });
}

/** Policies of drivers that serve GPU memory and nothing else. */
export const NEEDS_GPU_MEMORY: readonly Policy[] = ['nvgrace', 'passthrough', 'v13'];
/** Policies of the driver as it was before it had a carve-out: one region, whatever the part. */
export const ONE_GPU_REGION: readonly Policy[] = ['passthrough', 'v13'];

/** Whether the policy is one of the virtio driver's, which emulates an I/O BAR 0. */
export function isVirtio(policy: Policy): boolean {
  return policy.startsWith('virtio');
}

/** The BARs that fold as BARs do. The two posted virtio policies show a constant instead of one. */
function barsOf(physical: readonly Bar[], policy: Policy, geometry: Geometry | undefined): readonly Bar[] {
  if (policy === 'strict' && geometry) return emulatedBars(physical, geometry);
  return policy === 'virtio' ? [VIRTIO_BAR, ...physical] : physical;
}

/** Regions that the policy has in the place of physical BARs. */
function emulatedRegions(policy: Policy, geometry: Geometry | undefined): RegionSpec[] {
  if (isVirtio(policy)) return [memoryRegion(0, VIRTIO_BAR.sizeBytes, VIRTIO_BAR.sizeBytes, 'virtio')];
  if (policy === 'core' || !geometry) return [];
  if (!ONE_GPU_REGION.includes(policy)) return gpuRegions(geometry);
  return [memoryRegion(ONLY_GPU_REGION, geometry.usememBarBytes, geometry.usememBytes, 'memory')];
}

function emulatedBarBytes(policy: Policy, geometry: Geometry | undefined): DeviceSpec['emulatedBarBytes'] {
  if (policy === 'nvgrace' && geometry) return [geometry.resmemBarBytes, geometry.usememBarBytes];
  return policy === 'v13' && geometry ? [geometry.usememBarBytes, 0n] : [0n, 0n];
}

function geometryOf(
  { sizeBytes, migHardwareBug }: GpuMemory,
  policy: Policy,
  generation: DriverGeneration,
  configBytes: Uint8Array,
): Geometry {
  const hasBug = migHardwareBug ?? hasMigHardwareBug(configBytes);
  const carveOut = hasBug && !ONE_GPU_REGION.includes(policy);
  const geometry = nvgraceGeometry(sizeBytes, carveOut, generation);
  if (typeof geometry !== 'string') {
    if (geometry.usememBarBytes <= MAX_REGION_BYTES) return geometry;
    throw new UsageError(
      `${sizeBytes} bytes of GPU memory need a BAR of ${geometry.usememBarBytes} bytes; a VFIO region has at most ${MAX_REGION_BYTES}`,
    );
  }
  const expected = carveOut ? 'at least 1.5 GiB: 1 GiB is carved out' : 'more than 0';
  throw new UsageError(
    `nvgrace-gpu refuses ${sizeBytes} bytes of GPU memory with ${geometry}; expected ${expected}`,
  );
}

/** 64 bytes (what an unprivileged reader sees) and 256 become 256; more becomes 4096. */
function paddedConfig(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(bytes.length <= CONFIG_BYTES ? CONFIG_BYTES : EXTENDED_CONFIG_BYTES);
  padded.set(bytes);
  return padded;
}

function gpuRegions(geometry: Geometry): RegionSpec[] {
  const usemem = memoryRegion(USEMEM_REGION, geometry.usememBarBytes, geometry.usememBytes, 'memory');
  if (geometry.resmemBytes === 0n) return [usemem];
  return [memoryRegion(RESMEM_REGION, geometry.resmemBarBytes, geometry.resmemBytes, 'uncached'), usemem];
}

function memoryRegion(
  regionIndex: number,
  barSizeBytes: bigint,
  memlengthBytes: bigint,
  rules: RegionRules,
): RegionSpec {
  return {
    regionIndex,
    barSizeBytes,
    memlengthBytes,
    rules,
    backing: 'sparse',
    pageShift: DEFAULT_PAGE_SHIFT,
  };
}

function plainRegion({ barIdx, sizeBytes }: Bar): RegionSpec {
  return memoryRegion(barIdx, sizeBytes, sizeBytes, 'memory');
}

/** BARs and ROM as vfio-pci-core guards them: the MSI-X table is hidden (specification 2.9, 3). */
function guardedRegions(bars: readonly Bar[], romSizeBytes: number, configBytes: Uint8Array): RegionSpec[] {
  const msix = msixTable(configBytes);
  const regions = bars.map(({ barIdx, sizeBytes, kind }): RegionSpec => {
    const region = memoryRegion(barIdx, sizeBytes, sizeBytes, barRules(kind));
    return msix?.barIdx === barIdx ? { ...region, window: msix.window } : region;
  });
  const rom = BigInt(romSizeBytes);
  return romSizeBytes === 0 ? regions : [...regions, memoryRegion(ROM_REGION, rom, rom, 'rom')];
}

/** Physical BARs with the GPU memory in the place of BAR 2 (where carved out) and BAR 4. */
function emulatedBars(physical: readonly Bar[], geometry: Geometry): Bar[] {
  const gpu = gpuRegions(geometry).map(
    (region): Bar => ({
      barIdx: region.regionIndex,
      kind: 'mem64',
      prefetchable: true,
      address: 0n,
      sizeBytes: region.barSizeBytes,
      sizeSource: 'profile',
    }),
  );
  const kept = physical.filter((bar) => !gpu.some((emulated) => sharesDword(bar, emulated)));
  return [...kept, ...gpu].sort((a, b) => a.barIdx - b.barIdx);
}

function sharesDword(a: Bar, b: Bar): boolean {
  const dwords = (bar: Bar) => (bar.kind === 'mem64' ? [bar.barIdx, bar.barIdx + 1] : [bar.barIdx]);
  return dwords(a).some((barIdx) => dwords(b).includes(barIdx));
}

/** Makes the BAR and ROM dwords say what the BAR list says. */
function writeBars(config: Uint8Array, bars: readonly Bar[], source: PciFunction, layout: number): void {
  const view = new DataView(config.buffer);
  const { barCount, romOffset } = layoutOfType(layout)!;
  for (let i = 0; i < barCount; i++) view.setUint32(PCI_BASE_ADDRESS_0 + 4 * i, 0, true);
  for (const bar of bars) {
    const at = PCI_BASE_ADDRESS_0 + 4 * bar.barIdx;
    view.setUint32(at, Number(bar.address & 0xffff_fff0n) | flagBits(bar) | ioAddressBits(bar), true);
    if (bar.kind === 'mem64') view.setUint32(at + 4, Number(bar.address >> 32n), true);
  }
  if (romOffset === null) return;
  const rom = source.rom ? Number(source.rom.address & 0xffff_f800n) | (source.rom.enabled ? 1 : 0) : 0;
  view.setUint32(romOffset, rom, true);
}

function flagBits(bar: Bar): number {
  if (bar.kind === 'io') return 1;
  return (bar.kind === 'mem64' ? 4 : 0) | (bar.prefetchable ? 8 : 0);
}

function ioAddressBits(bar: Bar): number {
  return bar.kind === 'io' ? Number(bar.address & 0xcn) : 0;
}
