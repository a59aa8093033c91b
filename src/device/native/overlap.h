// vfio_pci_core_range_intersect_range (device.md 2.8): where a request meets a register.
#ifndef OVERLAP_H
#define OVERLAP_H

#include <stdbool.h>
#include <stdint.h>

/** Offset of the shared bytes in the buffer, in the register, and their number. */
struct Overlap {
  uint32_t bufferOffset;
  uint32_t registerOffset;
  uint32_t count;
};

/**
 * True where [bufferStart, +bufferCount) meets [registerStart, +registerCount), and `result` says how. A request of no
 * bytes strictly inside a register meets it with count 0.
 */
static bool overlap(uint64_t bufferStart, uint64_t bufferCount, uint64_t registerStart, uint64_t registerCount,
             struct Overlap *result);

#endif
