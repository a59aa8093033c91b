// Packed accesses (assembly/layout.ts), and what all loops over them share.
#ifndef ACCESS_H
#define ACCESS_H

#include "state.h"

/** One step of the checksum: order matters, and the chain costs two cycles. */
static inline uint32_t mix(uint32_t checksum, uint32_t value) {
  return rotateLeft32(checksum, 5) + value;
}

/** The checksum after a value of `width` bytes; 8 bytes enter as two halves. */
SPECIALISED uint32_t mixValue(uint32_t checksum, uint64_t value, uint32_t width) {
  if (width == 8) return mix(mix(checksum, (uint32_t)value), (uint32_t)(value >> 32));
  return mix(checksum, (uint32_t)value);
}

static inline uint32_t widthOf(uint32_t control) {
  return (control >> 16) & 0xff;
}

static inline uint32_t regionOf(uint32_t control) {
  return (control >> 8) & 0xff;
}

static inline uint64_t offsetOf(const uint8_t *at) {
  return load64(at + ACCESS_OFFSET_LOW);
}

SPECIALISED uint64_t valueOf(const uint8_t *at, uint32_t width) {
  const uint64_t value = load32(at + ACCESS_VALUE);
  return width == 8 ? value | (value << 32) : value;
}

/** Whether the access at `at` belongs to the run of `control`. */
static inline bool isInRun(const uint8_t *at, const uint8_t *end, uint32_t control) {
  return at < end && load32(at + ACCESS_CONTROL) == control;
}

/** A run of accesses with equal control words begins at `at` and ends at `end` at the latest. */
struct Run {
  const uint8_t *at;
  const uint8_t *end;
  uint32_t control;
  uint32_t checksum;
};

/** Leaves the cursor where a loop stopped, and gives its checksum back. */
static inline uint32_t stopAt(struct Device *device, const uint8_t *at, uint32_t checksum) {
  device->cursor = at;
  return checksum;
}

#endif
