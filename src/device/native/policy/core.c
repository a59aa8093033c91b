#include "core.h"

#include "../bar.h"
#include "../capabilities.h"
#include "../config-tables.h"
#include "../overlap.h"
#include "../registers.h"
#include "strict.h"

#define CORE_HEADER_BYTES 64

static void foldHeader(uint8_t *s, bool express) {
  allow(s, 0x04, express ? COMMAND_WRITABLE : 0xffff, 2);
  // A dword write at COMMAND clears STATUS; marking the status bytes leaves byte and word writes of COMMAND plain.
  store16(s + 0x06 + CONFIG_W1C, STATUS_W1C);
  store16(s + 0x06 + CONFIG_QUIRK, (QUIRK_CORE_COMMAND << 8) | QUIRK_CORE_COMMAND);
  allow(s, 0x0c, 0xff, 1); // cache line size
  const bool capable = (byteAt(s, 0x0f) & BIST_CAPABLE) != 0;
  allow(s, 0x0d, express ? 0 : 0xff, 1); // latency timer
  allow(s, 0x0f, express ? (capable ? 0x40 : 0) : 0xff, 1); // BIST
  allow(s, 0x3c, 0xff, 1); // interrupt line
  if (load32(s + VIRTUAL_FUNCTION) != 0) {
    store16(s + 0x04 + CONFIG_VALUE, load16(s + 0x04 + CONFIG_VALUE) | PCI_COMMAND_MEMORY);
    s[0x3d + CONFIG_VALUE] = 0; // a virtual function has no INTx
  }
}

/** An I/O BAR below 8 bytes keeps address bit 2, which the fix-up mistakes for the 64-bit type (device.md 2.5). */
static bool hasTinyIoBar(const uint8_t *s) {
  for (uint32_t i = 0; i < 5; i++) {
    const uint8_t *const bar = s + BARS + i * BAR_BYTES;
    if (load32(bar + BAR_KIND) == BAR_IO && load64(bar + BAR_SIZE) < 8) return true;
  }
  return false;
}

/** BARs and ROM are stored verbatim, and a read masks them first. What is lost then depends on when one reads, so it cannot be folded. */
static void makeBarsLazy(uint8_t *s) {
  store32(s + LAZY_BARS, 1);
  store32(s + BARS_DIRTY, 1);
  store32(s + FAST_READ_LIMIT, 0);
  memset(s + CONFIG_WRITABLE + 0x10, 0xff, 24);
  memset(s + CONFIG_WRITABLE + 0x30, 0xff, 4);
  memset(s + CONFIG_QUIRK + 0x10, QUIRK_LAZY_BAR, 24);
  memset(s + CONFIG_QUIRK + 0x30, QUIRK_LAZY_BAR, 4);
}

static void foldCore(uint8_t *s) {
  const uint32_t size = load32(s + CONFIG_SIZE);
  memset(s + CONFIG_MAP, MAP_HEADER, CORE_HEADER_BYTES);
  memset(s + CONFIG_MAP + CORE_HEADER_BYTES, MAP_UNASSIGNED, size - CORE_HEADER_BYTES);
  // Bytes of no visible capability go to the hardware raw, read and write.
  memset(s + CONFIG_WRITABLE + CORE_HEADER_BYTES, 0xff, size - CORE_HEADER_BYTES);
  foldHeader(s, findCapability(s, PCI_CAP_ID_EXP) != 0);
  foldBars(s, 6);
  foldRom(s, 0x30, load32(s + ROM_SIZE));
  if (hasTinyIoBar(s)) makeBarsLazy(s);
  foldCapabilities(s);
}

static void lazyBarFixup(uint8_t *s, uint32_t offset, uint32_t count) {
  struct Overlap met;
  if (load32(s + BARS_DIRTY) == 0) return;
  if (!overlap(offset, count, 0x10, 24, &met) && !overlap(offset, count, 0x30, 4, &met)) return;
  for (uint32_t i = 0; i < 6; i++) {
    const uint8_t *const bar = s + BARS + i * BAR_BYTES;
    uint8_t *const value = s + 0x10 + (i << 2) + CONFIG_VALUE;
    if (load32(bar + BAR_KIND) == BAR_NONE) {
      store32(value, 0);
      continue;
    }
    const uint64_t mask = sizeMask(load64(bar + BAR_SIZE));
    const uint32_t dword = (load32(value) & (uint32_t)mask) | barFlags(bar);
    store32(value, dword);
    if ((dword & PCI_BASE_ADDRESS_MEM_TYPE_64) && i < 5) {
      store32(value + 4, load32(value + 4) & (uint32_t)(mask >> 32));
      i++;
    }
  }
  const uint32_t rom = load32(s + ROM_SIZE);
  const uint32_t romMask = rom == 0 ? 0 : (~(rom - 1) | 1);
  store32(s + 0x30 + CONFIG_VALUE, load32(s + 0x30 + CONFIG_VALUE) & romMask);
  store32(s + BARS_DIRTY, 0);
}
