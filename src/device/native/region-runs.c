// Fast loops over runs of region accesses, on contiguous memory and through the page map, while nothing but bounds
// stands before them (gates.h): accesses to a region cannot change that, so it is decided once per run.
#include "region-runs.h"

#include "checks.h"
#include "gates.h"
#include "pages.h"

/** Offsets below this allow an access of `width` bytes on real memory. */
SPECIALISED uint64_t offsetsBelow(const uint8_t *region, uint32_t width) {
  const uint64_t memlength = load64(region + REGION_MEMLENGTH);
  return memlength >= width ? memlength - width + 1 : 0;
}

/** Bits that an offset must not have: where accesses are planned, one that is not aligned becomes several. */
SPECIALISED uint64_t misalignedBits(const uint8_t *region, uint32_t width) {
  return isPlanned(region) ? width - 1 : 0;
}

/** A page map, in locals. */
struct Pages {
  uint8_t *base;
  const uint8_t *map;
  uint32_t shift;
  uint32_t mask;
  /**
   * Aligned accesses on real memory have this rotated offset or a lower one: rotating moves misaligned low bits to
   * the top, so one compare tests alignment and bounds. An aligned access never leaves its page.
   */
  uint64_t slotsBelow;
};

SPECIALISED struct Pages pagesOf(const struct Device *device, const uint8_t *region, uint32_t width) {
  const uint32_t shift = load32(region + REGION_PAGE_SHIFT);
  return (struct Pages){
      .base = addressOf(device, load32(region + REGION_BASE)),
      .map = addressOf(device, load32(region + REGION_PAGE_MAP)),
      .shift = shift,
      .mask = (1u << shift) - 1,
      .slotsBelow = load64(region + REGION_MEMLENGTH) >> log2Of(width),
  };
}

/** Address of the page's frame relative to the zero frame; 0: the page has no memory of its own yet. */
static inline uint32_t frameOf(const struct Pages *pages, uint64_t offset) {
  return load32(pages->map + (size_t)(offset >> pages->shift) * 4);
}

SPECIALISED uint32_t flatReads(struct Device *device, const uint8_t *region, struct Run run, const uint32_t width) {
  const uint64_t below = offsetsBelow(region, width);
  const uint64_t misaligned = misalignedBits(region, width);
  const uint8_t *const base = addressOf(device, load32(region + REGION_BASE));
  const uint8_t *at = run.at;
  uint32_t checksum = run.checksum;
  do {
    const uint64_t offset = offsetOf(at);
    if (CHECKED && (offset >= below || (offset & misaligned) != 0)) break;
    checksum = mixValue(checksum, loadWidth(base + offset, width), width);
    at += ACCESS_BYTES;
  } while (isInRun(at, run.end, run.control));
  return stopAt(device, at, checksum);
}

SPECIALISED uint32_t flatWrites(struct Device *device, const uint8_t *region, struct Run run, const uint32_t width) {
  const uint64_t below = offsetsBelow(region, width);
  const uint64_t misaligned = misalignedBits(region, width);
  uint8_t *const base = addressOf(device, load32(region + REGION_BASE));
  const uint8_t *at = run.at;
  uint32_t checksum = run.checksum;
  do {
    const uint64_t offset = offsetOf(at);
    if (CHECKED && (offset >= below || (offset & misaligned) != 0)) break;
    storeWidth(base + offset, valueOf(at, width), width);
    checksum = mix(checksum, width);
    at += ACCESS_BYTES;
  } while (isInRun(at, run.end, run.control));
  return stopAt(device, at, checksum);
}

/**
 * Translates a group of offsets, then makes its accesses. One loop that does both fills the processor's window
 * with translation and keeps half as many cache misses in flight (assembly/region-runs.ts).
 * Writes do not gain: nobody waits for a store.
 */
SPECIALISED uint32_t sparseReadsAhead(struct Device *device, const uint8_t *region, struct Run run,
                                      const uint32_t width) {
  const struct Pages pages = pagesOf(device, region, width);
  // Relative to the zero frame: half the bytes, and no register for the base while translating.
  uint32_t translated[TRANSLATIONS];
  const uint8_t *at = run.at;
  uint32_t checksum = run.checksum;
  uint32_t count;
  do {
    for (count = 0; count < TRANSLATIONS && isInRun(at, run.end, run.control); count++) {
      const uint64_t offset = offsetOf(at);
      if (CHECKED && rotateRight64(offset, log2Of(width)) >= pages.slotsBelow) break;
      translated[count] = frameOf(&pages, offset) + ((uint32_t)offset & pages.mask);
      at += ACCESS_BYTES;
    }
    for (uint32_t i = 0; i < count; i++) {
      checksum = mixValue(checksum, loadWidth(pages.base + translated[i], width), width);
    }
  } while (count == TRANSLATIONS);
  return stopAt(device, at, checksum);
}

SPECIALISED uint32_t sparseReads(struct Device *device, const uint8_t *region, struct Run run, const uint32_t width) {
  if (load32(device->state + NEXT_FRAME) > TRANSLATE_AHEAD_FROM) {
    return sparseReadsAhead(device, region, run, width);
  }
  const struct Pages pages = pagesOf(device, region, width);
  const uint8_t *at = run.at;
  uint32_t checksum = run.checksum;
  do {
    const uint64_t offset = offsetOf(at);
    if (CHECKED && rotateRight64(offset, log2Of(width)) >= pages.slotsBelow) break;
    const uint8_t *const from = pages.base + frameOf(&pages, offset) + ((uint32_t)offset & pages.mask);
    checksum = mixValue(checksum, loadWidth(from, width), width);
    at += ACCESS_BYTES;
  } while (isInRun(at, run.end, run.control));
  return stopAt(device, at, checksum);
}

SPECIALISED uint32_t sparseWrites(struct Device *device, const uint8_t *region, struct Run run,
                                  const uint32_t width) {
  const struct Pages pages = pagesOf(device, region, width);
  const uint8_t *at = run.at;
  uint32_t checksum = run.checksum;
  do {
    const uint64_t offset = offsetOf(at);
    if (CHECKED && rotateRight64(offset, log2Of(width)) >= pages.slotsBelow) break;
    const uint32_t frame = frameOf(&pages, offset);
    if (frame == 0) break;
    storeWidth(pages.base + frame + ((uint32_t)offset & pages.mask), valueOf(at, width), width);
    checksum = mix(checksum, width);
    at += ACCESS_BYTES;
  } while (isInRun(at, run.end, run.control));
  return stopAt(device, at, checksum);
}

SPECIALISED uint32_t regionReadsOf(struct Device *device, struct Run run, const uint32_t width) {
  const uint8_t *const region = regionAt(device, regionOf(run.control));
  if (!isPlain(device, region)) return run.checksum;
  const uint32_t backing = load32(region + REGION_BACKING);
  if (backing == BACKING_SPARSE) return sparseReads(device, region, run, width);
  return backing == BACKING_FLAT ? flatReads(device, region, run, width) : run.checksum;
}

SPECIALISED uint32_t regionWritesOf(struct Device *device, struct Run run, const uint32_t width) {
  const uint8_t *const region = regionAt(device, regionOf(run.control));
  if (!isPlain(device, region)) return run.checksum;
  const uint32_t backing = load32(region + REGION_BACKING);
  if (backing == BACKING_SPARSE) return sparseWrites(device, region, run, width);
  return backing == BACKING_FLAT ? flatWrites(device, region, run, width) : run.checksum;
}

static uint32_t regionReads(struct Device *device, struct Run run) {
  switch (widthOf(run.control)) {
    case 4:
      return regionReadsOf(device, run, 4);
    case 1:
      return regionReadsOf(device, run, 1);
    case 2:
      return regionReadsOf(device, run, 2);
    case 8:
      return regionReadsOf(device, run, 8);
    default:
      return run.checksum;
  }
}

static uint32_t regionWrites(struct Device *device, struct Run run) {
  switch (widthOf(run.control)) {
    case 4:
      return regionWritesOf(device, run, 4);
    case 1:
      return regionWritesOf(device, run, 1);
    case 2:
      return regionWritesOf(device, run, 2);
    case 8:
      return regionWritesOf(device, run, 8);
    default:
      return run.checksum;
  }
}
