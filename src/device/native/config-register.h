// One register write on the tables, its offset checked.
#ifndef CONFIG_REGISTER_H
#define CONFIG_REGISTER_H

#include "registers.h"
#include "state.h"

/** The upper word of the dword at PCI_COMMAND is PCI_STATUS. */
#define STATUS_HALF 0xffff0000u
/** A quirk code times this has it in every byte of a dword. */
#define IN_ANY_BYTE 0x01010101u

/** One step of vfio-pci-core, quirks of its own registers included; offset and width as chunkWidth gives them. */
SPECIALISED void writeStep(uint8_t *s, uint32_t offset, uint32_t value, const uint32_t width) {
  uint8_t *const entry = s + offset;
  const uint32_t quirks = (uint32_t)loadWidth(entry + CONFIG_QUIRK, width);
  const uint32_t old = (uint32_t)loadWidth(entry + CONFIG_VALUE, width);
  const uint32_t oneToClear = (uint32_t)loadWidth(entry + CONFIG_W1C, width);
  // Ones in each byte whose bits clear so; the code in the lowest bit of a byte, times 255, fills it.
  const uint32_t clearingBytes = (quirks & (QUIRK_W1C * IN_ANY_BYTE)) * 0xff;
  uint32_t next = old ^ ((old ^ value) & (uint32_t)loadWidth(entry + CONFIG_WRITABLE, width));
  next &= ~(value & oneToClear & clearingBytes);
  // vfio-pci-core's read-modify-write of the COMMAND dword writes the status half back as it read it (device.md 2.6).
  if (width == 4 && offset == PCI_COMMAND && (quirks & (QUIRK_CORE_COMMAND * IN_ANY_BYTE)) != 0) {
    next &= ~(oneToClear & STATUS_HALF);
  }
  storeWidth(entry + CONFIG_VALUE, next, width);
  if (quirks & (QUIRK_LAZY_BAR * IN_ANY_BYTE)) store32(s + BARS_DIRTY, 1);
}

/** Whether the policy wants to see the request as a whole; `quirks` has the code of each byte of a register. */
static inline bool isWholeRequest(uint32_t quirks) {
  return (quirks & (QUIRK_REQUEST * IN_ANY_BYTE)) != 0;
}

/**
 * The write of a register that is its masks, or one step of vfio-pci-core. `old ^ ((old ^ new) & writable)` is the
 * masked write in three operations.
 */
SPECIALISED void writeRegister(uint8_t *s, uint32_t offset, uint32_t value, const uint32_t width) {
  uint8_t *const entry = s + offset;
  if (loadWidth(entry + CONFIG_QUIRK, width) != 0) {
    writeStep(s, offset, value, width);
    return;
  }
  const uint64_t old = loadWidth(entry + CONFIG_VALUE, width);
  storeWidth(entry + CONFIG_VALUE, old ^ ((old ^ value) & loadWidth(entry + CONFIG_WRITABLE, width)), width);
}

#endif
