import { foldDword } from './config-tables';
import { BAR_BYTES, BAR_IO, BAR_KIND, BAR_MEM64, BAR_NONE, BAR_PREFETCHABLE, BAR_SIZE, BARS } from './layout';

// BAR dword, memory:  31:4 address | 3 prefetchable | 2:1 type (00 32-bit, 10 64-bit) | 0 = 0
//            I/O:     31:2 address | 1 reserved                                       | 0 = 1
// PCIe base specification 7.5.1.2.1; names as in pci_regs.h.
export const PCI_BASE_ADDRESS_SPACE_IO: u32 = 1;
export const PCI_BASE_ADDRESS_MEM_TYPE_64: u32 = 4;
export const PCI_BASE_ADDRESS_MEM_PREFETCH: u32 = 8;
const IO_ADDRESS_MASK: u32 = 0xfffffffc;
const MEM_ADDRESS_MASK: u32 = 0xfffffff0;
const ROM_ADDRESS_MASK: u32 = 0xfffff800;
const ROM_ENABLE: u32 = 1;

/** Hard-wired flag bits of a BAR as its resource describes it. */
export function barFlags(bar: usize): u32 {
  const kind = load<u32>(bar, BAR_KIND);
  if (kind == BAR_IO) return PCI_BASE_ADDRESS_SPACE_IO;
  return (
    (kind == BAR_MEM64 ? PCI_BASE_ADDRESS_MEM_TYPE_64 : 0) |
    (load<u32>(bar, BAR_PREFETCHABLE) != 0 ? PCI_BASE_ADDRESS_MEM_PREFETCH : 0)
  );
}

/** Address bits that a BAR of `sizeBytes` holds: size = 2^(lowest writable address bit). */
export function sizeMask(sizeBytes: u64): u64 {
  return ~(sizeBytes - 1);
}

/** Folds `barCount` BARs from offset 0x10 on: masks by size, flags read-only, unimplemented dwords read 0. */
export function foldBars(s: usize, barCount: u32): void {
  for (let i: u32 = 0; i < barCount; i++) {
    const bar = s + BARS + i * BAR_BYTES;
    const offset = 0x10 + (i << 2);
    const kind = load<u32>(bar, BAR_KIND);
    const mask = sizeMask(load<u64>(bar, BAR_SIZE));
    if (kind == BAR_NONE) {
      foldDword(s, offset, 0, 0);
    } else if (kind == BAR_IO) {
      foldDword(s, offset, <u32>mask & IO_ADDRESS_MASK, barFlags(bar));
    } else {
      foldDword(s, offset, <u32>mask & MEM_ADDRESS_MASK, barFlags(bar));
      if (kind == BAR_MEM64) {
        foldDword(s, offset + 4, <u32>(mask >> 32), 0);
        i++;
      }
    }
  }
}

/** Folds the expansion ROM BAR; size 0: not implemented. */
export function foldRom(s: usize, offset: u32, sizeBytes: u32): void {
  const writable: u32 = sizeBytes == 0 ? 0 : (~(sizeBytes - 1) & ROM_ADDRESS_MASK) | ROM_ENABLE;
  foldDword(s, offset, writable, 0);
}
