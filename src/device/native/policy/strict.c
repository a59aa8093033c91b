#include "strict.h"

#include "../bar.h"
#include "../config-tables.h"

#define BIST_START 0x40
/** Low nibble of a bridge's window registers: 1 where the upper half exists. */
#define WINDOW_IS_WIDE 1

/** Type 1 header: PCI-to-PCI bridge. */
static void foldBridge(uint8_t *s) {
  foldBars(s, 2);
  allow(s, 0x18, 0xffff, 2); // primary and secondary bus number
  allow(s, 0x1a, 0xff, 1); // subordinate bus number
  allow(s, 0x1c, 0xf0f0, 2); // I/O base and limit
  allowOneToClear(s, 0x1e, STATUS_W1C, 2);
  allow(s, 0x20, 0xfff0fff0, 4); // memory base and limit
  allow(s, 0x24, 0xfff0fff0, 4); // prefetchable base and limit
  if ((byteAt(s, 0x24) & 0xf) == WINDOW_IS_WIDE) {
    allow(s, 0x28, 0xffffffff, 4);
    allow(s, 0x2c, 0xffffffff, 4);
  }
  if ((byteAt(s, 0x1c) & 0xf) == WINDOW_IS_WIDE) allow(s, 0x30, 0xffffffff, 4);
  foldRom(s, 0x38, load32(s + ROM_SIZE));
  allow(s, 0x3e, 0x005f, 2); // bridge control
}

/** Type 2 header: CardBus bridge. */
static void foldCardBus(uint8_t *s) {
  foldBars(s, 1);
  allowOneToClear(s, 0x16, STATUS_W1C, 2);
  allow(s, 0x18, 0xffffffff, 4); // bus numbers, CardBus latency timer
  for (uint32_t offset = 0x1c; offset < 0x2c; offset += 4) allow(s, offset, 0xfffff000, 4); // memory windows
  for (uint32_t offset = 0x2c; offset < 0x3c; offset += 4) allow(s, offset, 0xfffffffc, 4); // I/O windows
  allow(s, 0x3e, 0x07ff, 2); // bridge control
}

static void foldStrict(uint8_t *s) {
  allow(s, 0x04, COMMAND_WRITABLE, 2);
  allowOneToClear(s, 0x06, STATUS_W1C, 2);
  allow(s, 0x0c, 0xff, 1); // cache line size
  if (byteAt(s, 0x0f) & BIST_CAPABLE) allow(s, 0x0f, BIST_START, 1);
  allow(s, 0x3c, 0xff, 1); // interrupt line
  const uint32_t layout = byteAt(s, 0x0e) & 0x7f;
  if (layout == 1) {
    foldBridge(s);
  } else if (layout == 2) {
    foldCardBus(s);
  } else {
    foldBars(s, 6);
    foldRom(s, 0x30, load32(s + ROM_SIZE));
  }
}
