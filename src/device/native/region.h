// Device memory as it is served through the file (device.md 1.9, 2.9, 3): memlength real bytes below a power-of-two
// BAR. Past memlength reads give 0xff and writes are dropped; both count as done. What a region asks before an
// access, and how its bytes move, is its rules (gates.h, io.h).
#ifndef REGION_H
#define REGION_H

#include "state.h"

/**
 * Reads `count` bytes (at most 2^31 - 1) into `buffer`. Region 7 is configuration space.
 * @returns bytes done, clamped to the BAR; -EINVAL where the request starts outside it or there is no such region,
 * -EIO, -ETIME where it is not to be accessed now. An uncached region returns the bytes of real memory alone and
 * leaves the tail of the buffer as it was, unless it is to do as intended (device.md 1.9)
 */
static int32_t regionRead(struct Device *device, uint32_t regionIndex, uint64_t offset, uint32_t count, uint32_t buffer);
/**
 * Writes `count` bytes from `buffer`; those past memlength and inside an exclusion window are dropped and count as
 * done. @returns bytes done; an errno as regionRead; -ENOMEM where frames run out, with nothing written
 */
static int32_t regionWrite(struct Device *device, uint32_t regionIndex, uint64_t offset, uint32_t count, uint32_t buffer);
/**
 * Copies `count` bytes inside one region as if through a buffer, by a read and a write: overlapping ranges come
 * out right; what a read would give as 0xff is copied as 0xff, what a write would drop is dropped.
 * @returns bytes done, clamped to the BAR on both sides; an errno as the read or the write; not for region 7
 */
static int32_t regionCopy(struct Device *device, uint32_t regionIndex, uint64_t destination, uint64_t source, uint32_t count);
/**
 * Sets `count` bytes to `byte`, as a write would: what a write drops is dropped and counts as done, in an uncached
 * region too. @returns bytes done; an errno as regionWrite; not for region 7
 */
static int32_t regionFill(struct Device *device, uint32_t regionIndex, uint64_t offset, uint32_t count, uint32_t byte);

#endif
