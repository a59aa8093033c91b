#include "requests.h"

#include "core.h"
#include "nvgrace.h"
#include "v13.h"
#include "virtio.h"

static int32_t takeRead(struct Device *device, uint32_t offset, uint32_t count, uint32_t buffer) {
  return load32(device->state + POLICY) == POLICY_V13 ? v13Read(device, offset, count, buffer) : FOR_CORE;
}

static void patchRead(const uint8_t *s, uint32_t offset, uint32_t count, uint8_t *buffer) {
  const uint32_t policy = load32(s + POLICY);
  if (policy == POLICY_NVGRACE) nvgraceRead(s, offset, count, buffer);
  else if (isVirtio(policy) && policy != POLICY_VIRTIO) virtioRead(s, offset, count, buffer);
}

static int32_t takeWrite(struct Device *device, uint32_t offset, uint32_t count, uint32_t buffer) {
  const uint32_t policy = load32(device->state + POLICY);
  if (policy == POLICY_NVGRACE) return nvgraceWrite(device, offset, count, buffer);
  if (policy == POLICY_V13) return v13Write(device, offset, count, buffer);
  if (isVirtio(policy)) virtioWrite(device, offset, count, buffer);
  return FOR_CORE;
}

static void beforeCore(uint8_t *s) {
  const uint32_t policy = load32(s + POLICY);
  if (policy == POLICY_NVGRACE) swapShadow(s);
  else if (isVirtio(policy)) hideStoredIo(s);
}

static void afterCore(uint8_t *s) {
  const uint32_t policy = load32(s + POLICY);
  if (policy == POLICY_NVGRACE) swapShadow(s);
  else if (isVirtio(policy)) showStoredIo(s);
}
