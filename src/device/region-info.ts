/** VFIO_DEVICE_GET_REGION_INFO as the driver of each policy answers it (specification 1.8, 2.10, 8.1). */

import { CONFIG_REGION, EINVAL, ROM_REGION, VGA_REGION } from '../../assembly/layout.ts';
import { msixTable } from './capability-facts.ts';
import type { DeviceSpec } from './device-spec.ts';
import type { RegionSpec } from './region-spec.ts';

const REGION_COUNT = 9;
const OFFSET_SHIFT = 40n;
/** Bytes of struct vfio_region_info without capabilities, and of a capability's header. */
const INFO_BYTES = 32;
const CAPABILITY_HEADER_BYTES = 8;
const SPARSE_MMAP_BYTES = 32;
const PAGE_BYTES = 4096n;

const VFIO_REGION_INFO_FLAG_READ = 1;
const VFIO_REGION_INFO_FLAG_WRITE = 2;
const VFIO_REGION_INFO_FLAG_MMAP = 4;
const VFIO_REGION_INFO_FLAG_CAPS = 8;
const VFIO_REGION_INFO_CAP_SPARSE_MMAP = 1;
const VFIO_REGION_INFO_CAP_MSIX_MAPPABLE = 3;

const READ_WRITE = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE;

interface RegionFacts {
  readonly sizeBytes: bigint;
  readonly flags: number;
  /** One at most; empty without. */
  readonly capability: Uint8Array;
}

const NO_CAPABILITY = new Uint8Array(0);
const ABSENT: RegionFacts = { sizeBytes: 0n, flags: 0, capability: NO_CAPABILITY };

/** File offset of a region's first byte (specification 8.1). @param regionIndex 0 to 2^23 - 1 */
export function indexToOffset(regionIndex: number): bigint {
  return BigInt(regionIndex) << OFFSET_SHIFT;
}

/**
 * The reply to a request for `argszBytes`, in memory order; -EINVAL (-22) for a region that the device has not, or
 * for fewer than 32 bytes. A capability that does not fit is left out: `argsz` then says how much it takes, and the
 * CAPS flag stays.
 */
export function regionInfo(spec: DeviceSpec, regionIndex: number, argszBytes: number): Uint8Array | number {
  if (!(argszBytes >= INFO_BYTES) || !isRegion(regionIndex) || regionIndex === VGA_REGION) return -EINVAL;
  const { sizeBytes, flags, capability } = factsOf(spec, regionIndex);
  const neededBytes = INFO_BYTES + capability.length;
  const fits = argszBytes >= neededBytes;
  const reply = new Uint8Array(fits ? neededBytes : INFO_BYTES);
  const view = new DataView(reply.buffer);
  view.setUint32(0, fits ? argszBytes : neededBytes, true);
  view.setUint32(4, flags | (capability.length > 0 ? VFIO_REGION_INFO_FLAG_CAPS : 0), true);
  view.setUint32(8, regionIndex, true);
  view.setUint32(12, fits && capability.length > 0 ? INFO_BYTES : 0, true);
  view.setBigUint64(16, sizeBytes, true);
  view.setBigUint64(24, indexToOffset(regionIndex), true);
  if (fits) reply.set(capability, INFO_BYTES);
  return reply;
}

function isRegion(regionIndex: number): boolean {
  return Number.isInteger(regionIndex) && regionIndex >= 0 && regionIndex < REGION_COUNT;
}

function factsOf(spec: DeviceSpec, regionIndex: number): RegionFacts {
  if (regionIndex === CONFIG_REGION) {
    return { sizeBytes: BigInt(spec.configBytes.length), flags: READ_WRITE, capability: NO_CAPABILITY };
  }
  if (regionIndex === ROM_REGION) {
    if (spec.romSizeBytes === 0) return ABSENT;
    const flags = VFIO_REGION_INFO_FLAG_READ;
    return { sizeBytes: BigInt(spec.romSizeBytes), flags, capability: NO_CAPABILITY };
  }
  const region = spec.regions.find((candidate) => candidate.regionIndex === regionIndex);
  if (!region) return ABSENT;
  const sizeBytes = region.barSizeBytes;
  if (isGpuMemory(spec, region)) {
    const flags = READ_WRITE | VFIO_REGION_INFO_FLAG_MMAP;
    return { sizeBytes, flags, capability: sparseMmap(region.memlengthBytes) };
  }
  const flags = READ_WRITE | (isPageMappable(spec, region) ? VFIO_REGION_INFO_FLAG_MMAP : 0);
  // strict stands for no driver, so that nothing hides an MSI-X table there.
  const hasTable = spec.policy !== 'strict' && msixTable(spec.configBytes)?.barIdx === regionIndex;
  const isTableMappable = hasTable && region.rules === 'bar' && flags !== READ_WRITE;
  return { sizeBytes, flags, capability: isTableMappable ? msixMappable() : NO_CAPABILITY };
}

/** Memory of which the driver lets the part be mapped that is really there, in place of a physical BAR. */
export function isGpuMemory(spec: DeviceSpec, { rules, memlengthBytes, barSizeBytes }: RegionSpec): boolean {
  if (rules === 'uncached') return true;
  // Physical BARs of a strict device are plain memory as well; they are there as a whole.
  return rules === 'memory' && (spec.policy !== 'strict' || memlengthBytes < barSizeBytes);
}

/**
 * Whether a physical region can be mapped: memory, and whole pages of it. (A kernel that finds the rest of the page
 * unused maps a smaller BAR too; nothing here knows what else is in that page.)
 */
export function isPageMappable(
  { bars }: DeviceSpec,
  { regionIndex, rules, barSizeBytes }: RegionSpec,
): boolean {
  const isMemory = bars.find((bar) => bar.barIdx === regionIndex)?.kind !== 'io';
  return isMemory && (rules === 'bar' || rules === 'memory') && barSizeBytes >= PAGE_BYTES;
}

function capability(id: number, lengthBytes: number): { bytes: Uint8Array; view: DataView } {
  const bytes = new Uint8Array(lengthBytes);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, id, true);
  view.setUint16(2, 1, true); // version; the offset of the next capability stays 0
  return { bytes, view };
}

/** One area: what memory really answers for. */
function sparseMmap(memlengthBytes: bigint): Uint8Array {
  const { bytes, view } = capability(VFIO_REGION_INFO_CAP_SPARSE_MMAP, SPARSE_MMAP_BYTES);
  view.setUint32(8, 1, true);
  view.setBigUint64(24, memlengthBytes, true);
  return bytes;
}

/** The BAR that holds the MSI-X table may be mapped with it. */
function msixMappable(): Uint8Array {
  return capability(VFIO_REGION_INFO_CAP_MSIX_MAPPABLE, CAPABILITY_HEADER_BYTES).bytes;
}
