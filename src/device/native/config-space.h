#ifndef CONFIG_SPACE_H
#define CONFIG_SPACE_H

#include "state.h"

/**
 * Reads 1, 2 or 4 bytes at any offset.
 * An aligned access is one rotate, one compare and one load: rotating the offset right by log2(width) moves
 * misaligned low bits to the top, so a single unsigned compare tests alignment and bounds.
 * @returns the value, or a negative errno where the request leaves configuration space
 */
static int64_t configRead(struct Device *device, uint32_t offset, uint32_t widthBytes);
/**
 * Writes 1, 2 or 4 bytes at any offset: value = (old & ~writable) | (new & writable), device.md 1.11b.
 * @returns bytes taken, which policy nvgrace may make fewer than asked, or a negative errno
 */
static int32_t configWrite(struct Device *device, uint32_t offset, uint32_t widthBytes, uint32_t value);
/**
 * Reads `count` bytes at any offset into `buffer`.
 * @returns `count`; -EFAULT where the request leaves configuration space (checked before any effect); what the
 * policy answers in the core's place
 */
static int32_t configReadBytes(struct Device *device, uint32_t offset, uint32_t count, uint32_t buffer);
/**
 * Writes `count` bytes at any offset from `buffer`, in the steps of vfio-pci-core (device.md 2.2).
 * @returns bytes taken (policy nvgrace: those of the one BAR it meets), -EFAULT, or what the policy answers
 */
static int32_t configWriteBytes(struct Device *device, uint32_t offset, uint32_t count, uint32_t buffer);
/** Width of the next step of a request: no step leaves its dword or its capability (device.md 2.2). */
static uint32_t chunkWidth(const struct Device *device, uint32_t offset, uint32_t remaining);

/** Address of the scratch bytes of the state block. */
static inline uint32_t scratchAddress(const struct Device *device) {
  return (uint32_t)(device->state - device->memory) + SCRATCH;
}

#endif
