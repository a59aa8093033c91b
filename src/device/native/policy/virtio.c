#include "virtio.h"

#include "../overlap.h"
#include "../registers.h"

#define VIRTIO_PCI_DEVICE_ID 0x02
#define VIRTIO_PCI_COMMAND 0x04
#define VIRTIO_PCI_REVISION_ID 0x08
#define VIRTIO_PCI_SUBSYSTEM_VENDOR_ID 0x2c
#define VIRTIO_PCI_SUBSYSTEM_ID 0x2e
#define VIRTIO_BAR_IS_IO 1u
#define BAR_DWORD_BYTES 4

#define TRANSITIONAL_NET_DEVICE 0x1000
#define VIRTIO_VENDOR 0x1af4
#define VIRTIO_ID_NET 1

static void foldVirtio(uint8_t *s) {
  store16(s + VIRTIO_PCI_DEVICE_ID + CONFIG_VALUE, TRANSITIONAL_NET_DEVICE);
  s[VIRTIO_PCI_REVISION_ID + CONFIG_VALUE] = 0;
  store16(s + VIRTIO_PCI_SUBSYSTEM_VENDOR_ID + CONFIG_VALUE, VIRTIO_VENDOR);
  store16(s + VIRTIO_PCI_SUBSYSTEM_ID + CONFIG_VALUE, VIRTIO_ID_NET);
  store16(s + VIRTIO_PCI_COMMAND + CONFIG_QUIRK, (QUIRK_REQUEST << 8) | QUIRK_REQUEST);
  s[SHADOW_VALUE] = s[VIRTIO_PCI_COMMAND + CONFIG_VALUE];
  if (load32(s + POLICY) == POLICY_VIRTIO) return;
  store32(s + FAST_READ_LIMIT, min32(load32(s + FAST_READ_LIMIT), VIRTIO_BAR_OFFSET));
}

static void resetVirtio(uint8_t *s) {
  hideStoredIo(s);
  store32(s + VIRTIO_COMMAND, 0);
}

static void virtioRead(const uint8_t *s, uint32_t offset, uint32_t count, uint8_t *buffer) {
  struct Overlap met;
  if (!overlap(offset, count, VIRTIO_BAR_OFFSET, BAR_DWORD_BYTES, &met)) return;
  if (load32(s + POLICY) == POLICY_VIRTIO_FLAGS && met.count != BAR_DWORD_BYTES) return;
  for (uint32_t i = 0; i < met.count; i++) {
    buffer[met.bufferOffset + i] = (uint8_t)(VIRTIO_BAR_IS_IO >> (i << 3));
  }
}

static void virtioWrite(struct Device *device, uint32_t offset, uint32_t count, uint32_t buffer) {
  uint8_t *const s = device->state;
  struct Overlap met;
  if (overlap(offset, count, VIRTIO_PCI_COMMAND, 2, &met) &&
      isInMemory(device, (uint64_t)buffer + met.bufferOffset, met.count)) {
    hideStoredIo(s);
    memmove(s + VIRTIO_COMMAND + met.registerOffset, addressOf(device, buffer) + met.bufferOffset, met.count);
    showStoredIo(s);
  }
  if (load32(s + POLICY) != POLICY_VIRTIO) return;
  if (!overlap(offset, count, VIRTIO_BAR_OFFSET, BAR_DWORD_BYTES, &met)) return;
  if (!isInMemory(device, (uint64_t)buffer + met.bufferOffset, met.count)) return;
  uint8_t *const bar = s + VIRTIO_BAR_OFFSET + CONFIG_VALUE;
  memmove(bar + met.registerOffset, addressOf(device, buffer) + met.bufferOffset, met.count);
  store32(bar, (load32(bar) & ~(VIRTIO_BAR_BYTES - 1u)) | VIRTIO_BAR_IS_IO);
}

static void setIo(uint8_t *s, uint32_t from) {
  uint8_t *const command = s + VIRTIO_PCI_COMMAND + CONFIG_VALUE;
  *command = (uint8_t)((*command & ~PCI_COMMAND_IO) | (from & PCI_COMMAND_IO));
}

static void hideStoredIo(uint8_t *s) {
  setIo(s, s[SHADOW_VALUE]);
}

static void showStoredIo(uint8_t *s) {
  const uint8_t own = s[VIRTIO_PCI_COMMAND + CONFIG_VALUE];
  s[SHADOW_VALUE] = own;
  setIo(s, own | s[VIRTIO_COMMAND]);
}
