// BAR dword, memory:  31:4 address | 3 prefetchable | 2:1 type (00 32-bit, 10 64-bit) | 0 = 0
//            I/O:     31:2 address | 1 reserved                                       | 0 = 1
// PCIe base specification 7.5.1.2.1; names as in pci_regs.h.
#ifndef BAR_H
#define BAR_H

#include <stdint.h>

#define PCI_BASE_ADDRESS_SPACE_IO 1u
#define PCI_BASE_ADDRESS_MEM_TYPE_64 4u
#define PCI_BASE_ADDRESS_MEM_PREFETCH 8u

/** Hard-wired flag bits of a BAR as its resource describes it. */
static uint32_t barFlags(const uint8_t *bar);
/** Address bits that a BAR of `sizeBytes` holds: size = 2^(lowest writable address bit). */
uint64_t sizeMask(uint64_t sizeBytes);
/** Folds `barCount` BARs from offset 0x10 on: masks by size, flags read-only, unimplemented dwords read 0. */
static void foldBars(uint8_t *s, uint32_t barCount);
/** Folds the expansion ROM BAR; size 0: not implemented. */
static void foldRom(uint8_t *s, uint32_t offset, uint32_t sizeBytes);

#endif
