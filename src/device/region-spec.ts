import type { BarKind } from '../pci/function.ts';

/**
 * What a region asks before an access, and how its bytes move (specification 1.9, 2.9, 3, 4).
 * `memory`: plain memory, as strict devices have it, and usemem with its readiness check. `uncached`: resmem.
 * `bar`, `io-bar`: a physical BAR behind vfio-pci-core. `rom`: the same, read only. `virtio`: BAR 0 as the virtio driver
 * emulates it.
 */
export type RegionRules = 'memory' | 'uncached' | 'bar' | 'io-bar' | 'rom' | 'virtio';

/** Bytes [startBytes, endBytes) of a region that read 0xff and drop writes. */
export interface ExclusionWindow {
  readonly startBytes: bigint;
  readonly endBytes: bigint;
}

/** One memory region, VFIO numbering. */
export interface RegionSpec {
  readonly regionIndex: number;
  /** Power of two. */
  readonly barSizeBytes: bigint;
  /** Bytes that memory really answers for; at most the BAR size. */
  readonly memlengthBytes: bigint;
  readonly rules: RegionRules;
  /** Physical BARs and ROMs only. */
  readonly window?: ExclusionWindow;
  /** `flat`: contiguous memory of memlength. `sparse`: pages that get a frame at their first write. */
  readonly backing: 'flat' | 'sparse';
  readonly pageShift: number;
}

/** VFIO region index of the uncached and of the cached GPU memory. */
export const RESMEM_REGION = 2;
export const USEMEM_REGION = 4;
/** The one region of GPU memory that nvgrace-gpu had up to its version 13. */
export const ONLY_GPU_REGION = 2;

/** A VFIO region's offsets have 40 bits. */
export const MAX_REGION_BYTES = 2n ** 40n;
/** log2 of the page size of a sparse region: 64 KiB pages make an 8 MiB map for 128 GiB. */
export const DEFAULT_PAGE_SHIFT = 16;

/** Widest access that vfio-pci-core plans: 4 bytes in the ROM, 8 elsewhere. */
export function maxWidthBytes(rules: RegionRules): number {
  return rules === 'rom' ? 4 : 8;
}

/** The rules of a physical BAR behind vfio-pci-core. */
export function barRules(kind: BarKind): RegionRules {
  return kind === 'io' ? 'io-bar' : 'bar';
}
