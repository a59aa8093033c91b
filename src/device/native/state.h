// What one device needs to know at run time. Many live in one process, so nothing is global.
#ifndef STATE_H
#define STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "bytes.h"
#include "checks.h"
#include "layout.h"

/**
 * Addresses are u32 offsets from the base of linear memory, as in WebAssembly, which traps outside of it. Here they are
 * compared: addresses of batches and buffers whenever they are used, those in the state block once, when the device is
 * built. State blocks and page maps are the library's: a caller that writes there has the fast loops go astray.
 */
struct Device {
  uint8_t *memory;
  uint64_t memoryBytes;
  /** The state block, in `memory`. */
  uint8_t *state;
  /** Mirror of FAST_READ_LIMIT, so that the access path does not load it. */
  uint32_t fastReadLimit;
  /** The next access of a batch. A fast loop returns its checksum and leaves here where it stopped. */
  const uint8_t *cursor;
  /** Set where an access would have left linear memory. It was not made; WebAssembly traps there. */
  bool leftMemory;
  /** JavaScript functions that are bound to this device. */
  uint32_t owners;
};

static inline uint8_t *addressOf(const struct Device *device, uint32_t address) {
  return device->memory + address;
}

/** Whether `count` bytes from `address` on are in linear memory; where not, the caller of the device is told. */
static inline bool isInMemory(struct Device *device, uint64_t address, uint64_t count) {
  if (!CHECKED) return true;
  const bool inside = count <= device->memoryBytes && address <= device->memoryBytes - count;
  if (!inside) device->leftMemory = true;
  return inside;
}

#endif
