#include "region.h"

#include "config-space.h"
#include "copy.h"
#include "gates.h"
#include "io.h"
#include "pages.h"

static void copyOut(struct Device *device, const uint8_t *region, uint64_t offset, uint32_t count, uint32_t buffer) {
  while (count != 0) {
    const uint32_t bytes = min32(count, contiguousBytes(region, offset));
    copyBytes(device, buffer, addressToRead(device, region, offset), bytes);
    buffer += bytes;
    offset += bytes;
    count -= bytes;
  }
}

static void copyIn(struct Device *device, const uint8_t *region, uint64_t offset, uint32_t count, uint32_t buffer) {
  while (count != 0) {
    const uint32_t bytes = min32(count, contiguousBytes(region, offset));
    copyBytes(device, addressToRead(device, region, offset), buffer, bytes);
    buffer += bytes;
    offset += bytes;
    count -= bytes;
  }
}

/** The driver returns what do_io_rw returned for real memory, and so ends early (device.md 1.9). */
static bool returnsRealBytes(const struct Device *device, const uint8_t *region) {
  return load32(region + REGION_RULES) == RULES_UNCACHED && load32(device->state + RESMEM_INTENDED) == 0;
}

static int32_t regionRead(struct Device *device, uint32_t regionIndex, uint64_t offset, uint32_t count, uint32_t buffer) {
  if (regionIndex == CONFIG_REGION) {
    if (offset > UINT32_MAX) return count == 0 ? 0 : -EFAULT;
    return configReadBytes(device, (uint32_t)offset, count, buffer);
  }
  const uint8_t *const region = regionAt(device, regionIndex);
  const int32_t done = admitRead(device, region, regionIndex, offset, count);
  if (done <= 0) return done;
  const uint32_t real = memoryBytes(region, offset, (uint32_t)done);
  if (isBlocked(device, region)) {
    // The check is made for each access: what comes before the first one is done.
    const uint32_t hidden = hiddenBytes(region, offset, real);
    fillBytes(device, buffer, 0xff, hidden);
    if (hidden < real) return -EIO;
  } else if (isPlanned(region)) {
    ioRead(device, region, offset, real, buffer);
  } else {
    copyOut(device, region, offset, real, buffer);
  }
  if (returnsRealBytes(device, region) && real != 0) return (int32_t)real;
  if (real < (uint32_t)done) fillBytes(device, buffer + real, 0xff, (uint32_t)done - real);
  return done;
}

/** Bytes of [offset, +count) that lie below the window. */
static uint32_t bytesBelowWindow(const uint8_t *region, uint64_t offset, uint32_t count) {
  const uint64_t start = load64(region + REGION_WINDOW_START);
  return offset < start ? (uint32_t)min64(count, start - offset) : 0;
}

/** Bytes of [offset, +count) that lie below the window or in it: the others lie behind it, all where there is none. */
static uint32_t bytesToWindowEnd(const uint8_t *region, uint64_t offset, uint32_t count) {
  const uint64_t end = load64(region + REGION_WINDOW_END);
  return offset < end ? (uint32_t)min64(count, end - offset) : 0;
}

/**
 * Gives every page that a write of [offset, +count) changes a frame, or none at all.
 * @returns false where the frames do not suffice: nothing was changed
 */
static bool backWrite(struct Device *device, const uint8_t *region, uint64_t offset, uint32_t count) {
  if (isFlat(region)) return true;
  const uint64_t end = offset + count;
  const uint32_t below = bytesBelowWindow(region, offset, count);
  uint64_t behindFrom = offset + bytesToWindowEnd(region, offset, count);
  // A page with bytes on both sides of the window counts once.
  if (below != 0) behindFrom = max64(behindFrom, nextPage(region, offset + below - 1));
  const uint32_t behind = end > behindFrom ? (uint32_t)(end - behindFrom) : 0;
  const uint64_t missing =
      missingBytes(device, region, offset, below) + missingBytes(device, region, behindFrom, behind);
  if (missing > load32(device->state + FRAME_BYTES_LEFT)) return false;
  if (missing == 0) return true;
  takeFrames(device, region, offset, below);
  takeFrames(device, region, behindFrom, behind);
  return true;
}

static int32_t regionWrite(struct Device *device, uint32_t regionIndex, uint64_t offset, uint32_t count, uint32_t buffer) {
  if (regionIndex == CONFIG_REGION) {
    if (offset > UINT32_MAX) return count == 0 ? 0 : -EFAULT;
    return configWriteBytes(device, (uint32_t)offset, count, buffer);
  }
  const uint8_t *const region = regionAt(device, regionIndex);
  const int32_t done = admitWrite(device, region, regionIndex, offset, count);
  if (done <= 0) return done;
  const uint32_t real = memoryBytes(region, offset, (uint32_t)done);
  if (isBlocked(device, region)) return hiddenBytes(region, offset, real) < real ? -EIO : done;
  if (!backWrite(device, region, offset, real)) return -ENOMEM;
  if (isPlanned(region)) ioWrite(device, region, offset, real, buffer);
  else copyIn(device, region, offset, real, buffer);
  return returnsRealBytes(device, region) && real != 0 ? (int32_t)real : done;
}

static void fillPages(struct Device *device, const uint8_t *region, uint64_t offset, uint32_t count, uint32_t byte) {
  while (count != 0) {
    const uint32_t bytes = min32(count, contiguousBytes(region, offset));
    fillBytes(device, addressToRead(device, region, offset), byte, bytes);
    offset += bytes;
    count -= bytes;
  }
}

static void copyForward(struct Device *device, const uint8_t *region, uint64_t destination, uint64_t source,
                        uint32_t count) {
  while (count != 0) {
    const uint32_t bytes =
        min32(count, min32(contiguousBytes(region, destination), contiguousBytes(region, source)));
    copyBytes(device, addressToRead(device, region, destination), addressToRead(device, region, source), bytes);
    destination += bytes;
    source += bytes;
    count -= bytes;
  }
}

static void copyBackward(struct Device *device, const uint8_t *region, uint64_t destination, uint64_t source,
                         uint32_t count) {
  while (count != 0) {
    const uint32_t bytes =
        min32(count, min32(bytesBefore(region, destination + count), bytesBefore(region, source + count)));
    count -= bytes;
    copyBytes(device, addressToRead(device, region, destination + count),
              addressToRead(device, region, source + count), bytes);
  }
}

/** Copies to where writes are kept; past memlength and in the window the source is 0xff. */
static void copyPart(struct Device *device, const uint8_t *region, uint64_t destination, uint64_t source,
                     uint32_t count, bool backward) {
  const uint32_t real = min32(count, memoryBytes(region, source, count));
  if (backward) copyBackward(device, region, destination, source, real);
  else copyForward(device, region, destination, source, real);
  const uint32_t hiddenFrom = bytesBelowWindow(region, source, real);
  const uint32_t hiddenTo = bytesToWindowEnd(region, source, real);
  if (hiddenTo > hiddenFrom) fillPages(device, region, destination + hiddenFrom, hiddenTo - hiddenFrom, 0xff);
  fillPages(device, region, destination + real, count - real, 0xff);
}

static int32_t regionCopy(struct Device *device, uint32_t regionIndex, uint64_t destination, uint64_t source,
                   uint32_t count) {
  const uint8_t *const region = regionAt(device, regionIndex);
  if (isPlain(device, region)) {
    const uint32_t from = pieceToRead(device, region, source, count);
    const uint32_t to = pieceToWrite(device, region, destination, count);
    if (from != 0 && to != 0) {
      copyBytes(device, to, from, count);
      return (int32_t)count;
    }
  }
  const int32_t readable = admitRead(device, region, regionIndex, source, count);
  if (readable < 0) return readable;
  const int32_t writable = admitWrite(device, region, regionIndex, destination, count);
  const int32_t done = writable < readable ? writable : readable;
  if (done <= 0) return done;
  const uint32_t kept = memoryBytes(region, destination, (uint32_t)done);
  const uint32_t real = memoryBytes(region, source, (uint32_t)done);
  if (isBlocked(device, region)) {
    const bool hidden =
        hiddenBytes(region, source, real) == real && hiddenBytes(region, destination, kept) == kept;
    return hidden ? done : -EIO;
  }
  if (!backWrite(device, region, destination, kept)) return -ENOMEM;
  const uint32_t below = bytesBelowWindow(region, destination, kept);
  const uint32_t behind = bytesToWindowEnd(region, destination, kept);
  const bool backward = destination > source;
  // The part that overlapping ranges would overwrite first goes first.
  if (backward) copyPart(device, region, destination + behind, source + behind, kept - behind, true);
  copyPart(device, region, destination, source, below, backward);
  if (!backward) copyPart(device, region, destination + behind, source + behind, kept - behind, false);
  return done;
}

static int32_t regionFill(struct Device *device, uint32_t regionIndex, uint64_t offset, uint32_t count, uint32_t byte) {
  const uint8_t *const region = regionAt(device, regionIndex);
  const int32_t done = admitWrite(device, region, regionIndex, offset, count);
  if (done <= 0) return done;
  const uint32_t real = memoryBytes(region, offset, (uint32_t)done);
  if (isBlocked(device, region)) return hiddenBytes(region, offset, real) < real ? -EIO : done;
  if (!backWrite(device, region, offset, real)) return -ENOMEM;
  const uint32_t behind = bytesToWindowEnd(region, offset, real);
  fillPages(device, region, offset, bytesBelowWindow(region, offset, real), byte);
  fillPages(device, region, offset + behind, real - behind, byte);
  return done;
}
