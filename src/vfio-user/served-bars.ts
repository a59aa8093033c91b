/** BARs and ROM of a served function, as QEMU takes them: sizes from region info, types from the registers. */
import { readDword } from '../pci/config-bytes.ts';
import type { KnownRegion } from '../pci/known-regions.ts';
import {
  PCI_BASE_ADDRESS_0,
  PCI_BASE_ADDRESS_MEM_PREFETCH,
  PCI_BASE_ADDRESS_MEM_TYPE_64,
  PCI_BASE_ADDRESS_MEM_TYPE_MASK,
  PCI_BASE_ADDRESS_SPACE_IO,
} from '../pci/registers.ts';
import type { ServedFunction } from './served-function.ts';

const BAR_COUNT = 6;
const ROM_REGION_INDEX = 6;

export interface ServedBar extends KnownRegion {
  readonly sizeBytes: bigint;
}

/** By index; those whose region has a size. */
export function servedBars({ configBytes, regions }: ServedFunction): Map<number, ServedBar> {
  const bars = new Map<number, ServedBar>();
  for (const [barIdx, { sizeBytes }] of regions.slice(0, BAR_COUNT).entries()) {
    if (sizeBytes > 0n) {
      bars.set(barIdx, { ...typeOf(readDword(configBytes, PCI_BASE_ADDRESS_0 + 4 * barIdx)), sizeBytes });
    }
  }
  return bars;
}

/** 0 where there is none. */
export function romBytesOf({ regions }: ServedFunction): bigint {
  return regions[ROM_REGION_INDEX]!.sizeBytes;
}

function typeOf(register: number): Pick<KnownRegion, 'kind' | 'prefetchable'> {
  if ((register & PCI_BASE_ADDRESS_SPACE_IO) !== 0) return { kind: 'io', prefetchable: false };
  const type = register & PCI_BASE_ADDRESS_MEM_TYPE_MASK;
  return {
    kind: type === PCI_BASE_ADDRESS_MEM_TYPE_64 ? 'mem64' : 'mem32',
    prefetchable: (register & PCI_BASE_ADDRESS_MEM_PREFETCH) !== 0,
  };
}
