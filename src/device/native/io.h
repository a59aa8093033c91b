// vfio_pci_core_do_io_rw (device.md 3): bytes move in accesses of 8, 4, 2 and 1 bytes, each as wide as its offset,
// what is left and the widest access allow. The exclusion window reads 0xff and drops writes.
#ifndef IO_H
#define IO_H

#include "state.h"

/** Bytes at `offset` that accesses may reach: up to the window, all of them behind it, none inside it. */
static inline uint64_t ioFillable(uint64_t offset, uint64_t count, uint64_t windowStart, uint64_t windowEnd) {
  if (offset < windowStart) return min64(count, windowStart - offset);
  return offset >= windowEnd ? count : 0;
}

/** Bytes at `offset`, inside the window, that it hides. */
static inline uint64_t ioHidden(uint64_t offset, uint64_t count, uint64_t windowEnd) {
  return min64(count, windowEnd - offset);
}

/** Width of the next access. `place` is that of its first byte in the region, modulo 8 or more. */
static inline uint32_t ioWidth(uint32_t place, uint64_t fillable, uint32_t maxWidth) {
  if (fillable >= 8 && (place & 7) == 0 && maxWidth >= 8) return 8;
  if (fillable >= 4 && (place & 3) == 0 && maxWidth >= 4) return 4;
  return fillable >= 2 && (place & 1) == 0 && maxWidth >= 2 ? 2 : 1;
}

/** Reads real memory into `buffer`. Pages begin at multiples of 8, so that their edges change no access. */
static void ioRead(struct Device *device, const uint8_t *region, uint64_t offset, uint32_t count, uint32_t buffer);
/** Writes real memory, whose pages outside the window have frames, from `buffer`. */
static void ioWrite(struct Device *device, const uint8_t *region, uint64_t offset, uint32_t count, uint32_t buffer);

#endif
