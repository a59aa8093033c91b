#include "gates.h"

#include "checks.h"
#include "io.h"
#include "registers.h"

// As <linux/pci_regs.h> and <linux/virtio_pci.h> name them.
#define PCI_PM_CTRL 4
#define PCI_PM_CTRL_STATE_MASK 0x3
#define PCI_D3HOT 3
#define VIRTIO_PCI_QUEUE_NOTIFY 16

#define QUEUE_NOTIFY_BYTES 2

/**
 * vfio_pci_memory_enabled: not in D3hot, and decoding as COMMAND shows it; virtual functions always decode
 * (device.md 2.6).
 */
static bool memoryEnabled(const struct Device *device) {
  const uint8_t *const s = device->state;
  const uint8_t *const value = s + CONFIG_VALUE;
  const uint32_t pm = load32(s + PM_OFFSET);
  if (pm != 0 && (value[pm + PCI_PM_CTRL] & PCI_PM_CTRL_STATE_MASK) == PCI_D3HOT) return false;
  if (load32(s + VIRTUAL_FUNCTION) != 0) return true;
  return (value[PCI_COMMAND] & PCI_COMMAND_MEMORY) != 0;
}

/**
 * The check of the first access after a reset (device.md 1.10): 0, -EIO while memory decoding is off, -ETIME while
 * a register does not read ready. The driver would poll it for 30 s; nothing could change meanwhile, so the model
 * does not wait. A failed check is made again by the next access.
 */
static int32_t checkReady(struct Device *device) {
  uint8_t *const s = device->state;
  if (load32(s + RESET_PENDING) == 0) return 0;
  if (!memoryEnabled(device)) return -EIO;
  if (load32(s + C2C_STATUS) != READY || load32(s + HBM_TRAINING) != READY) return -ETIME;
  store32(s + RESET_PENDING, 0);
  return 0;
}

static bool isBlocked(const struct Device *device, const uint8_t *region) {
  const uint32_t rules = load32(region + REGION_RULES);
  return (rules == RULES_BAR || rules == RULES_ROM) && !memoryEnabled(device);
}

static uint32_t hiddenBytes(const uint8_t *region, uint64_t offset, uint32_t count) {
  const uint64_t windowEnd = load64(region + REGION_WINDOW_END);
  const uint64_t windowStart = load64(region + REGION_WINDOW_START);
  if (count == 0 || ioFillable(offset, count, windowStart, windowEnd) != 0) return 0;
  return (uint32_t)ioHidden(offset, count, windowEnd);
}

static bool isPlain(const struct Device *device, const uint8_t *region) {
  const uint32_t rules = load32(region + REGION_RULES);
  if (rules == RULES_MEMORY || rules == RULES_UNCACHED) return load32(device->state + RESET_PENDING) == 0;
  if (rules != RULES_BAR && rules != RULES_IO_BAR) return false;
  return load64(region + REGION_WINDOW_END) == 0 && !isBlocked(device, region);
}

static bool isPlanned(const uint8_t *region) {
  const uint32_t rules = load32(region + REGION_RULES);
  return rules != RULES_MEMORY && rules != RULES_VIRTIO;
}

/** A region that the device lacks. vfio-pci-core looks at the count first. */
static int32_t absent(const struct Device *device, uint32_t regionIndex, uint32_t count) {
  const bool isKnown = regionIndex <= VGA_REGION && load32(device->state + POLICY) != POLICY_STRICT;
  return isKnown && count == 0 ? 0 : -EINVAL;
}

/** The request clamped to the BAR; -EINVAL where it starts outside or is 2^31 bytes or more. */
static int32_t clamp(const uint8_t *region, uint64_t offset, uint32_t count) {
  if (!CHECKED) return (int32_t)count;
  const uint64_t barSize = load64(region + REGION_BAR_SIZE);
  if (offset >= barSize || count > INT32_MAX) return -EINVAL;
  return (int32_t)min64(count, barSize - offset);
}

/** The emulated BAR 0 of policy virtio: nothing is clamped, and queue notify is one word. */
static int32_t admitVirtio(const struct Device *device, const uint8_t *region, uint64_t offset, uint32_t count) {
  if (count == 0) return 0;
  if ((load32(device->state + VIRTIO_COMMAND) & PCI_COMMAND_IO) == 0) return -EIO;
  const uint64_t size = load64(region + REGION_BAR_SIZE);
  if (offset >= size || count > size - offset) return -EINVAL;
  return offset == VIRTIO_PCI_QUEUE_NOTIFY && count != QUEUE_NOTIFY_BYTES ? -EINVAL : (int32_t)count;
}

static int32_t admitRead(struct Device *device, const uint8_t *region, uint32_t regionIndex, uint64_t offset,
                         uint32_t count) {
  const uint32_t rules = load32(region + REGION_RULES);
  if (load32(region + REGION_BACKING) == BACKING_NONE) return absent(device, regionIndex, count);
  if (rules == RULES_VIRTIO) return admitVirtio(device, region, offset, count);
  if (rules != RULES_MEMORY && rules != RULES_UNCACHED) return count == 0 ? 0 : clamp(region, offset, count);
  const int32_t done = clamp(region, offset, count);
  if (done < 0) return done;
  const int32_t negativeErrno = checkReady(device);
  return negativeErrno != 0 ? negativeErrno : done;
}

static int32_t admitWrite(struct Device *device, const uint8_t *region, uint32_t regionIndex, uint64_t offset,
                          uint32_t count) {
  const uint32_t rules = load32(region + REGION_RULES);
  if (load32(region + REGION_BACKING) == BACKING_NONE) return absent(device, regionIndex, count);
  if (rules == RULES_VIRTIO) return admitVirtio(device, region, offset, count);
  if (rules == RULES_ROM) return count == 0 ? 0 : -EINVAL;
  if (rules != RULES_MEMORY && rules != RULES_UNCACHED) return count == 0 ? 0 : clamp(region, offset, count);
  const int32_t done = clamp(region, offset, count);
  if (done < 0 || offset >= load64(region + REGION_MEMLENGTH)) return done;
  const int32_t negativeErrno = checkReady(device);
  return negativeErrno != 0 ? negativeErrno : done;
}
