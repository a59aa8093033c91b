#include "device.h"

#include "pages.h"
#include "policy/core.h"
#include "policy/nvgrace.h"
#include "policy/strict.h"
#include "policy/v13.h"
#include "policy/virtio.h"

#define CONFIG_BYTES 256
#define EXTENDED_CONFIG_BYTES 4096

/**
 * Whether a region's memory, or its page map and the frames, are in linear memory. Looked at once: the fast loops
 * rely on it, where WebAssembly has the processor's page tables look at every access.
 */
static bool isRegionSound(struct Device *device, const uint8_t *region) {
  const uint32_t backing = load32(region + REGION_BACKING);
  const uint64_t memlength = load64(region + REGION_MEMLENGTH);
  const uint64_t base = load32(region + REGION_BASE);
  if (backing == BACKING_NONE) return true;
  if (backing == BACKING_FLAT) return isInMemory(device, base, memlength);
  const uint32_t shift = load32(region + REGION_PAGE_SHIFT);
  if (backing != BACKING_SPARSE || shift < 3 || shift > 31 || memlength > UINT64_MAX / 2) return false;
  const uint64_t pages = (memlength + (1u << shift) - 1) >> shift;
  const uint8_t *const s = device->state;
  const uint64_t frameBytes = (uint64_t)load32(s + NEXT_FRAME) + load32(s + FRAME_BYTES_LEFT);
  return frameBytes >= 1u << shift && isInMemory(device, base, frameBytes) &&
         pages < UINT32_MAX && isInMemory(device, load32(region + REGION_PAGE_MAP), pages * 4);
}

static bool isSound(struct Device *device) {
  const uint32_t size = load32(device->state + CONFIG_SIZE);
  if (size != CONFIG_BYTES && size != EXTENDED_CONFIG_BYTES) return false;
  if (load32(device->state + PM_OFFSET) >= CONFIG_BYTES) return false;
  if (load32(regionAt(device, LAST_REGION) + REGION_BACKING) != BACKING_NONE) return false;
  for (uint32_t regionIndex = 0; regionIndex < LAST_REGION; regionIndex++) {
    if (!isRegionSound(device, regionAt(device, regionIndex))) return false;
  }
  return true;
}

static bool attach(struct Device *device, uint32_t stateBlock) {
  if (!isInMemory(device, stateBlock, STATE_BYTES)) return false;
  device->state = addressOf(device, stateBlock);
  device->fastReadLimit = load32(device->state + FAST_READ_LIMIT);
  return isSound(device);
}

static bool build(struct Device *device, uint32_t stateBlock) {
  if (!attach(device, stateBlock)) return false;
  uint8_t *const s = device->state;
  store32(s + FAST_READ_LIMIT, load32(s + CONFIG_SIZE));
  const uint32_t policy = load32(s + POLICY);
  if (policy == POLICY_STRICT) {
    foldStrict(s);
  } else {
    foldCore(s);
    if (policy == POLICY_NVGRACE) foldNvgrace(s);
    else if (policy == POLICY_V13) foldV13(s);
    else if (isVirtio(policy)) foldVirtio(s);
  }
  device->fastReadLimit = load32(s + FAST_READ_LIMIT);
  return true;
}

static void reset(struct Device *device, uint32_t kind) {
  uint8_t *const s = device->state;
  const uint32_t policy = load32(s + POLICY);
  if (load32(s + READINESS_CHECKED) != 0) store32(s + RESET_PENDING, 1);
  if (policy == POLICY_NVGRACE && kind == RESET_IOCTL) resetEmulatedBars(s);
  if (policy == POLICY_V13 && kind == RESET_IOCTL) resetV13(s);
  if (isVirtio(policy)) resetVirtio(s);
  if (policy != POLICY_STRICT) return;
  const uint32_t size = load32(s + CONFIG_SIZE);
  for (uint32_t offset = 0; offset < size; offset += 4) {
    uint8_t *const entry = s + offset;
    const uint32_t volatileBits = load32(entry + CONFIG_WRITABLE) | load32(entry + CONFIG_W1C);
    store32(entry + CONFIG_VALUE, load32(entry + CONFIG_VALUE) & ~volatileBits);
  }
}
