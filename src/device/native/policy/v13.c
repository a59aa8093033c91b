#include "v13.h"

#include "core.h"

#define PCI_BASE_ADDRESS_2 RESMEM_BAR_OFFSET
#define PCI_BASE_ADDRESS_3 (RESMEM_BAR_OFFSET + 4)
/** 64-bit, prefetchable. */
#define V13_FLAGS 0xcu
#define V13_FLAG_BITS 0xfu

static bool isV13Register(uint32_t offset) {
  return offset == PCI_BASE_ADDRESS_2 || offset == PCI_BASE_ADDRESS_3;
}

static void foldV13(uint8_t *s) {
  resetV13(s);
  store32(s + FAST_READ_LIMIT, min32(load32(s + FAST_READ_LIMIT), PCI_BASE_ADDRESS_2));
  s[PCI_BASE_ADDRESS_2 + CONFIG_QUIRK] |= QUIRK_REQUEST;
  s[PCI_BASE_ADDRESS_3 + CONFIG_QUIRK] |= QUIRK_REQUEST;
}

static void resetV13(uint8_t *s) {
  store64(s + SHADOW_VALUE, V13_FLAGS);
}

static int32_t v13Read(struct Device *device, uint32_t offset, uint32_t count, uint32_t buffer) {
  if (!isV13Register(offset)) return FOR_CORE;
  if (count > 4) return -EINVAL;
  if (!isInMemory(device, buffer, count)) return -EFAULT;
  memmove(addressOf(device, buffer), device->state + SHADOW_VALUE + (offset - PCI_BASE_ADDRESS_2), count);
  return (int32_t)count;
}

/** What all ones leave in a register: its half of the size mask, the lower one with the flags that it had. */
static uint32_t sizedV13(const uint8_t *s, uint32_t offset) {
  const uint64_t mask = ~(load64(s + EMULATED_BAR_SIZES) - 1);
  if (offset == PCI_BASE_ADDRESS_3) return (uint32_t)(mask >> 32);
  return ((uint32_t)mask & ~V13_FLAG_BITS) | (load32(s + SHADOW_VALUE) & V13_FLAG_BITS);
}

static int32_t v13Write(struct Device *device, uint32_t offset, uint32_t count, uint32_t buffer) {
  if (!isV13Register(offset)) return FOR_CORE;
  if (count > 4) return -EINVAL;
  if (!isInMemory(device, buffer, count)) return -EFAULT;
  const uint8_t *const from = addressOf(device, buffer);
  uint8_t *const s = device->state;
  uint32_t value = 0;
  for (uint32_t i = 0; i < count; i++) value |= (uint32_t)from[i] << (i << 3);
  store32(s + SHADOW_VALUE + (offset - PCI_BASE_ADDRESS_2), value == UINT32_MAX ? sizedV13(s, offset) : value);
  return (int32_t)count;
}
