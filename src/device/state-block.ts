import * as layout from '../../assembly/layout.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';
import type { BarKind } from '../pci/function.ts';
import type { Policy } from '../types.ts';
import { powerManagementOffset } from './capability-facts.ts';
import type { DeviceSpec } from './device-spec.ts';
import { maxWidthBytes, type RegionRules, type RegionSpec } from './region-spec.ts';

/** What a flat region is aligned to: the cache set of a byte follows from its place in the page. */
const REGION_ALIGN_BYTES = 4096;

const POLICY_CODES: Record<Policy, number> = {
  strict: layout.POLICY_STRICT,
  core: layout.POLICY_CORE,
  nvgrace: layout.POLICY_NVGRACE,
  passthrough: layout.POLICY_PASSTHROUGH,
  v13: layout.POLICY_V13,
  'virtio-flags': layout.POLICY_VIRTIO_FLAGS,
  'virtio-flags2': layout.POLICY_VIRTIO_FLAGS2,
  virtio: layout.POLICY_VIRTIO,
};
const BAR_CODES: Record<BarKind, number> = {
  io: layout.BAR_IO,
  mem32: layout.BAR_MEM32,
  mem64: layout.BAR_MEM64,
};
const RULES_CODES: Record<RegionRules, number> = {
  memory: layout.RULES_MEMORY,
  uncached: layout.RULES_UNCACHED,
  bar: layout.RULES_BAR,
  'io-bar': layout.RULES_IO_BAR,
  rom: layout.RULES_ROM,
  virtio: layout.RULES_VIRTIO,
};

/** Where a device lies in linear memory. Addresses in bytes. */
export interface Placement {
  readonly stateBlock: number;
  /** Address of a flat region's first byte, by region index. */
  readonly flatAddress: ReadonlyMap<number, number>;
}

/**
 * Reserves a device's memory and writes its description: registers as the hardware has them, BARs, regions.
 * An implementation then folds its policy into the tables.
 * @param frameBytes memory for pages of sparse regions, a multiple of the page size
 * @throws BarometerError where the memory is too small
 */
export function placeDevice(spec: DeviceSpec, memory: LinearMemory, frameBytes: number): Placement {
  const stateBlock = memory.allocate(layout.STATE_BYTES).address;
  const view = new DataView(memory.memory.buffer, stateBlock, layout.STATE_BYTES);
  memory.u8.set(spec.configBytes, stateBlock + layout.CONFIG_VALUE);
  view.setUint32(layout.CONFIG_SIZE, spec.configBytes.length, true);
  view.setUint32(layout.POLICY, POLICY_CODES[spec.policy], true);
  view.setUint32(layout.VIRTUAL_FUNCTION, spec.virtualFunction ? 1 : 0, true);
  view.setUint32(layout.ROM_SIZE, spec.romSizeBytes, true);
  view.setUint32(layout.PM_OFFSET, powerManagementOffset(spec.configBytes), true);
  view.setUint32(layout.READINESS_CHECKED, checksReadiness(spec) ? 1 : 0, true);
  view.setUint32(layout.C2C_STATUS, spec.readiness.c2cStatus, true);
  view.setUint32(layout.HBM_TRAINING, spec.readiness.hbmTraining, true);
  view.setUint32(layout.RESMEM_INTENDED, spec.resmem === 'intended' ? 1 : 0, true);
  spec.emulatedBarBytes.forEach((size, pair) => {
    view.setBigUint64(layout.EMULATED_BAR_SIZES + 8 * pair, size, true);
  });
  for (const bar of spec.bars) {
    const at = layout.BARS + bar.barIdx * layout.BAR_BYTES;
    view.setUint32(at + layout.BAR_KIND, BAR_CODES[bar.kind], true);
    view.setUint32(at + layout.BAR_PREFETCHABLE, bar.prefetchable ? 1 : 0, true);
    view.setBigUint64(at + layout.BAR_SIZE, bar.sizeBytes, true);
  }
  return { stateBlock, flatAddress: placeRegions(spec.regions, memory, view, frameBytes) };
}

/** The driver that serves the device's memory looks, after a reset, whether it is ready (specification 1.10). */
function checksReadiness({ policy, generation }: DeviceSpec): boolean {
  return policy === 'nvgrace' && generation === '7.0';
}

/** Linear memory that a device takes at most, alignment and results of calls included, in bytes. */
export function deviceMemoryBytes({ regions }: DeviceSpec, frameBytes: number): number {
  // The zero frame, and as much again before it: it is aligned to its size.
  const zeroFrameBytes = 2 * Math.max(0, ...regions.map(({ pageShift }) => 2 ** pageShift));
  const bytesOf = (region: RegionSpec) =>
    region.backing === 'flat' ? Number(region.memlengthBytes) : 4 * pageCount(region);
  const regionBytes = regions.reduce((sum, region) => sum + bytesOf(region) + REGION_ALIGN_BYTES, 0);
  return layout.STATE_BYTES + REGION_ALIGN_BYTES + zeroFrameBytes + frameBytes + regionBytes;
}

function placeRegions(
  regions: readonly RegionSpec[],
  memory: LinearMemory,
  view: DataView,
  frameBytes: number,
): Map<number, number> {
  const flatAddress = new Map<number, number>();
  const sparse = regions.filter((region) => region.backing === 'sparse');
  const pageBytes = Math.max(0, ...sparse.map((region) => 2 ** region.pageShift));
  // The first frame is the zero frame: what pages without a frame of their own read.
  const zeroFrame = sparse.length > 0 ? memory.allocate(pageBytes + frameBytes, pageBytes).address : 0;
  view.setUint32(layout.NEXT_FRAME, pageBytes, true);
  view.setUint32(layout.FRAME_BYTES_LEFT, sparse.length > 0 ? frameBytes : 0, true);
  for (const region of regions) {
    const at = layout.REGIONS + region.regionIndex * layout.REGION_BYTES;
    const flat = region.backing === 'flat';
    view.setUint32(at + layout.REGION_BACKING, flat ? layout.BACKING_FLAT : layout.BACKING_SPARSE, true);
    view.setUint32(at + layout.REGION_RULES, RULES_CODES[region.rules], true);
    view.setUint32(at + layout.REGION_MAX_WIDTH, maxWidthBytes(region.rules), true);
    view.setBigUint64(at + layout.REGION_WINDOW_START, region.window?.startBytes ?? 0n, true);
    view.setBigUint64(at + layout.REGION_WINDOW_END, region.window?.endBytes ?? 0n, true);
    view.setBigUint64(at + layout.REGION_BAR_SIZE, region.barSizeBytes, true);
    view.setBigUint64(at + layout.REGION_MEMLENGTH, region.memlengthBytes, true);
    view.setUint32(at + layout.REGION_PAGE_SHIFT, region.pageShift, true);
    if (flat) {
      const address = memory.allocate(Number(region.memlengthBytes), REGION_ALIGN_BYTES).address;
      flatAddress.set(region.regionIndex, address);
      view.setUint32(at + layout.REGION_BASE, address, true);
    } else {
      view.setUint32(at + layout.REGION_BASE, zeroFrame, true);
      view.setUint32(at + layout.REGION_PAGE_MAP, memory.allocate(pageCount(region) * 4).address, true);
    }
  }
  return flatAddress;
}

/** Takes every frame back from the device's sparse regions: all their pages are untouched again. */
export function discardPages(spec: DeviceSpec, memory: LinearMemory, { stateBlock }: Placement): void {
  const { view, i32, u8 } = memory;
  const sparse = spec.regions.filter((region) => region.backing === 'sparse');
  if (sparse.length === 0) return;
  const pageBytes = Math.max(...sparse.map((region) => 2 ** region.pageShift));
  const usedEnd = view.getUint32(stateBlock + layout.NEXT_FRAME, true);
  let zeroFrame = 0;
  for (const region of sparse) {
    const at = stateBlock + layout.REGIONS + region.regionIndex * layout.REGION_BYTES;
    const mapIdx = view.getUint32(at + layout.REGION_PAGE_MAP, true) >> 2;
    i32.fill(0, mapIdx, mapIdx + pageCount(region));
    zeroFrame = view.getUint32(at + layout.REGION_BASE, true);
  }
  u8.fill(0, zeroFrame + pageBytes, zeroFrame + usedEnd);
  const left = view.getUint32(stateBlock + layout.FRAME_BYTES_LEFT, true);
  view.setUint32(stateBlock + layout.FRAME_BYTES_LEFT, left + usedEnd - pageBytes, true);
  view.setUint32(stateBlock + layout.NEXT_FRAME, pageBytes, true);
}

function pageCount({ memlengthBytes, pageShift }: RegionSpec): number {
  return Number((memlengthBytes + BigInt(2 ** pageShift - 1)) >> BigInt(pageShift));
}
