// Where the bytes of a region lie: in one piece, or in pages that get a frame at their first write.
#ifndef PAGES_H
#define PAGES_H

#include "state.h"

#define LAST_REGION 9

/** A region's descriptor; indexes that do not exist share the last one, which is never backed. */
static inline uint8_t *regionAt(const struct Device *device, uint32_t regionIndex) {
  return device->state + REGIONS + min32(regionIndex, LAST_REGION) * REGION_BYTES;
}

static inline bool isFlat(const uint8_t *region) {
  return load32(region + REGION_BACKING) == BACKING_FLAT;
}

/** Bytes of a request at `offset` that memory really answers for. */
static uint32_t memoryBytes(const uint8_t *region, uint64_t offset, uint32_t count);
/** Address of the byte at `offset`, which lies below memlength. Pages never written share the zero frame. */
static uint32_t addressToRead(const struct Device *device, const uint8_t *region, uint64_t offset);
/** Address of [offset, +count) where all of it is real memory in one piece, as most requests are; 0 otherwise. */
static uint32_t pieceToRead(const struct Device *device, const uint8_t *region, uint64_t offset, uint32_t count);
/** The same for writing: a page that was never written has no piece of its own. */
static uint32_t pieceToWrite(const struct Device *device, const uint8_t *region, uint64_t offset, uint32_t count);
/** Bytes from `offset` to the end of its page, which are contiguous in linear memory. */
static uint32_t contiguousBytes(const uint8_t *region, uint64_t offset);
/** Contiguous bytes that end at `end`, which is above 0. */
static uint32_t bytesBefore(const uint8_t *region, uint64_t end);
/** Offset of the first byte behind the page of `offset`. Sparse regions only. */
static uint64_t nextPage(const uint8_t *region, uint64_t offset);
/** Bytes of frames that the pages of [offset, +count) still need. Sparse regions only. */
static uint64_t missingBytes(const struct Device *device, const uint8_t *region, uint64_t offset, uint32_t count);
/** Gives every page of [offset, +count) a frame; there must be enough of them. Sparse regions only. */
static void takeFrames(struct Device *device, const uint8_t *region, uint64_t offset, uint32_t count);

#endif
