#include "io.h"

#include "copy.h"
#include "pages.h"

/**
 * Moves a run in accesses of `width` bytes, a constant. The empty asm keeps them apart, as readq and writeq are and as
 * the other implementations make them: gcc -O3 makes a loop of one load and one store of `width` bytes. Without the
 * asm it makes vectors of 16 bytes where the ranges do not overlap, so that no access would have the planned width.
 */
SPECIALISED void moveRun(uint8_t *destination, const uint8_t *source, uint32_t bytes, const uint32_t width) {
  for (size_t moved = 0; moved < bytes; moved += width) {
    storeWidth(destination + moved, loadWidth(source + moved, width), width);
    __asm__ volatile("" ::: "memory");
  }
}

static void moveAccesses(uint8_t *destination, const uint8_t *source, uint32_t place, uint32_t count,
                         uint32_t maxWidth) {
  while (count != 0) {
    const uint32_t width = ioWidth(place, count, maxWidth);
    // The widest access repeats until less than one is left: behind it the offset is as aligned as before.
    const uint32_t bytes = width << 1 > maxWidth ? count & ~(width - 1) : width;
    if (width == 8) moveRun(destination, source, bytes, 8);
    else if (width == 4) moveRun(destination, source, bytes, 4);
    else if (width == 2) moveRun(destination, source, bytes, 2);
    else moveRun(destination, source, bytes, 1);
    destination += bytes;
    source += bytes;
    place += bytes;
    count -= bytes;
  }
}

static void ioRead(struct Device *device, const uint8_t *region, uint64_t offset, uint32_t count, uint32_t buffer) {
  const uint64_t windowStart = load64(region + REGION_WINDOW_START);
  const uint64_t windowEnd = load64(region + REGION_WINDOW_END);
  const uint32_t maxWidth = load32(region + REGION_MAX_WIDTH);
  if (!isInMemory(device, buffer, count)) return;
  while (count != 0) {
    uint32_t bytes = (uint32_t)ioFillable(offset, count, windowStart, windowEnd);
    if (bytes != 0) {
      bytes = min32(bytes, contiguousBytes(region, offset));
      const uint8_t *const from = addressOf(device, addressToRead(device, region, offset));
      moveAccesses(addressOf(device, buffer), from, (uint32_t)offset, bytes, maxWidth);
    } else {
      bytes = (uint32_t)ioHidden(offset, count, windowEnd);
      fillBytes(device, buffer, 0xff, bytes);
    }
    buffer += bytes;
    offset += bytes;
    count -= bytes;
  }
}

static void ioWrite(struct Device *device, const uint8_t *region, uint64_t offset, uint32_t count, uint32_t buffer) {
  const uint64_t windowStart = load64(region + REGION_WINDOW_START);
  const uint64_t windowEnd = load64(region + REGION_WINDOW_END);
  const uint32_t maxWidth = load32(region + REGION_MAX_WIDTH);
  if (!isInMemory(device, buffer, count)) return;
  while (count != 0) {
    uint32_t bytes = (uint32_t)ioFillable(offset, count, windowStart, windowEnd);
    if (bytes != 0) {
      bytes = min32(bytes, contiguousBytes(region, offset));
      uint8_t *const to = addressOf(device, addressToRead(device, region, offset));
      moveAccesses(to, addressOf(device, buffer), (uint32_t)offset, bytes, maxWidth);
    } else {
      bytes = (uint32_t)ioHidden(offset, count, windowEnd);
    }
    buffer += bytes;
    offset += bytes;
    count -= bytes;
  }
}
