#include "bar.h"

#include "config-tables.h"

#define IO_ADDRESS_MASK 0xfffffffcu
#define MEM_ADDRESS_MASK 0xfffffff0u
#define ROM_ADDRESS_MASK 0xfffff800u
#define ROM_ENABLE 1u

static uint32_t barFlags(const uint8_t *bar) {
  const uint32_t kind = load32(bar + BAR_KIND);
  if (kind == BAR_IO) return PCI_BASE_ADDRESS_SPACE_IO;
  return (kind == BAR_MEM64 ? PCI_BASE_ADDRESS_MEM_TYPE_64 : 0) |
         (load32(bar + BAR_PREFETCHABLE) != 0 ? PCI_BASE_ADDRESS_MEM_PREFETCH : 0);
}

uint64_t sizeMask(uint64_t sizeBytes) {
  return ~(sizeBytes - 1);
}

static void foldBars(uint8_t *s, uint32_t barCount) {
  for (uint32_t i = 0; i < barCount; i++) {
    const uint8_t *const bar = s + BARS + i * BAR_BYTES;
    const uint32_t offset = 0x10 + (i << 2);
    const uint32_t kind = load32(bar + BAR_KIND);
    const uint64_t mask = sizeMask(load64(bar + BAR_SIZE));
    if (kind == BAR_NONE) {
      foldDword(s, offset, 0, 0);
    } else if (kind == BAR_IO) {
      foldDword(s, offset, (uint32_t)mask & IO_ADDRESS_MASK, barFlags(bar));
    } else {
      foldDword(s, offset, (uint32_t)mask & MEM_ADDRESS_MASK, barFlags(bar));
      if (kind == BAR_MEM64) {
        foldDword(s, offset + 4, (uint32_t)(mask >> 32), 0);
        i++;
      }
    }
  }
}

static void foldRom(uint8_t *s, uint32_t offset, uint32_t sizeBytes) {
  const uint32_t writable = sizeBytes == 0 ? 0 : (~(sizeBytes - 1) & ROM_ADDRESS_MASK) | ROM_ENABLE;
  foldDword(s, offset, writable, 0);
}
