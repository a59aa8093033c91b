#include "config-space.h"

#include "checks.h"
#include "config-register.h"
#include "copy.h"
#include "policy/core.h"
#include "policy/requests.h"
#include "registers.h"


/** The register read that is unaligned, out of bounds, or of a register whose policy looks at the request. */
static int64_t configReadGeneral(struct Device *device, uint32_t offset, uint32_t widthBytes) {
  uint8_t *const scratch = device->state + SCRATCH;
  store32(scratch, 0);
  const int32_t done = widthBytes > 4 ? -EINVAL : configReadBytes(device, offset, widthBytes, scratchAddress(device));
  return done < 0 ? done : (int64_t)load32(scratch);
}

static int64_t configRead(struct Device *device, uint32_t offset, uint32_t widthBytes) {
  const uint8_t *const values = device->state + CONFIG_VALUE;
  const uint32_t limit = device->fastReadLimit;
  if (widthBytes == 4) {
    if (!CHECKED || rotateRight32(offset, 2) < limit >> 2) return load32(values + offset);
  } else if (widthBytes == 2) {
    if (!CHECKED || rotateRight32(offset, 1) < limit >> 1) return load16(values + offset);
  } else if (widthBytes == 1 && (!CHECKED || offset < limit)) {
    return values[offset];
  }
  return configReadGeneral(device, offset, widthBytes);
}

/** The register write that is unaligned, out of bounds, or to a register whose policy looks at the request. */
static int32_t configWriteGeneral(struct Device *device, uint32_t offset, uint32_t widthBytes, uint32_t value) {
  if (widthBytes > 4) return -EINVAL;
  store32(device->state + SCRATCH, value);
  return configWriteBytes(device, offset, widthBytes, scratchAddress(device));
}

/** The aligned write, offset already checked. */
SPECIALISED int32_t writeAligned(struct Device *device, uint32_t offset, uint32_t value, const uint32_t width) {
  if (isWholeRequest((uint32_t)loadWidth(device->state + offset + CONFIG_QUIRK, width))) {
    return configWriteGeneral(device, offset, width, value);
  }
  writeRegister(device->state, offset, value, width);
  return (int32_t)width;
}

static int32_t configWrite(struct Device *device, uint32_t offset, uint32_t widthBytes, uint32_t value) {
  const uint32_t limit = load32(device->state + CONFIG_SIZE);
  if (widthBytes == 4) {
    if (!CHECKED || rotateRight32(offset, 2) < limit >> 2) return writeAligned(device, offset, value, 4);
  } else if (widthBytes == 2) {
    if (!CHECKED || rotateRight32(offset, 1) < limit >> 1) return writeAligned(device, offset, value, 2);
  } else if (widthBytes == 1 && (!CHECKED || offset < limit)) {
    return writeAligned(device, offset, value, 1);
  }
  return configWriteGeneral(device, offset, widthBytes, value);
}

static int32_t configReadBytes(struct Device *device, uint32_t offset, uint32_t count, uint32_t buffer) {
  if (count == 0) return 0;
  const int32_t taken = takeRead(device, offset, count, buffer);
  if (taken != FOR_CORE) return taken;
  uint8_t *const s = device->state;
  const uint32_t size = load32(s + CONFIG_SIZE);
  if (CHECKED && (offset >= size || count > size - offset)) return -EFAULT;
  if (!isInMemory(device, buffer, count)) return -EFAULT;
  if (load32(s + LAZY_BARS) != 0) {
    // The fix-up is the core's: it masks the core's own view of the BARs, behind the emulated ones.
    beforeCore(s);
    lazyBarFixup(s, offset, count);
    afterCore(s);
  }
  uint8_t *const to = addressOf(device, buffer);
  memmove(to, s + CONFIG_VALUE + offset, count);
  patchRead(s, offset, count, to);
  return (int32_t)count;
}

static void writeSteps(struct Device *device, uint32_t offset, uint32_t count, const uint8_t *from) {
  for (uint32_t done = 0; done < count;) {
    const uint32_t width = chunkWidth(device, offset + done, count - done);
    if (width == 4) writeStep(device->state, offset + done, load32(from + done), 4);
    else if (width == 2) writeStep(device->state, offset + done, load16(from + done), 2);
    else writeStep(device->state, offset + done, from[done], 1);
    done += width;
  }
}

static int32_t configWriteBytes(struct Device *device, uint32_t offset, uint32_t count, uint32_t buffer) {
  if (count == 0) return 0;
  const int32_t taken = takeWrite(device, offset, count, buffer);
  if (taken != FOR_CORE) return taken;
  uint8_t *const s = device->state;
  const uint32_t size = load32(s + CONFIG_SIZE);
  if (CHECKED && (offset >= size || count > size - offset)) return -EFAULT;
  if (!isInMemory(device, buffer, count)) return -EFAULT;
  beforeCore(s);
  writeSteps(device, offset, count, addressOf(device, buffer));
  afterCore(s);
  return (int32_t)count;
}

static uint32_t chunkWidth(const struct Device *device, uint32_t offset, uint32_t remaining) {
  const uint8_t *const owner = device->state + CONFIG_MAP + offset;
  const uint32_t end = min32(remaining, 4 - (offset & 3));
  uint32_t same = 1;
  while (same < end && owner[same] == owner[0]) same++;
  if (same >= 4) return 4;
  return same >= 2 && (offset & 1) == 0 ? 2 : 1;
}
