// What stands before an access to a region: the order of checks of vfio-pci-core (device.md 2.9, 3), of
// nvgrace-gpu (1.9, 1.10) and of the virtio driver (4).
#ifndef GATES_H
#define GATES_H

#include "state.h"

/** Whether the driver lets memory decoding decide about accesses, and it is off. */
static bool isBlocked(const struct Device *device, const uint8_t *region);
/** Bytes of a blocked request that need no access, because the window hides them. */
static uint32_t hiddenBytes(const uint8_t *region, uint64_t offset, uint32_t count);
/** Whether nothing but bounds stands between a run of accesses and memory. No access to a region changes it. */
static bool isPlain(const struct Device *device, const uint8_t *region);
/** Whether accesses are planned (io.h), so that one that is not aligned becomes several. */
static bool isPlanned(const uint8_t *region);
/** @returns bytes of a read that the region serves, or a negative errno */
static int32_t admitRead(struct Device *device, const uint8_t *region, uint32_t regionIndex, uint64_t offset,
                         uint32_t count);
/** @returns bytes of a write that the region takes, or a negative errno */
static int32_t admitWrite(struct Device *device, const uint8_t *region, uint32_t regionIndex, uint64_t offset,
                          uint32_t count);

#endif
