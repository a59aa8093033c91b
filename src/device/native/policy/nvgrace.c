#include "nvgrace.h"

#include "../config-tables.h"
#include "../overlap.h"
#include "core.h"

/** 64-bit, prefetchable. */
#define EMULATED_FLAGS 0xcu
#define PAIR_BYTES 8

static void foldNvgrace(uint8_t *s) {
  memcpy(s + SHADOW_VALUE, s + CONFIG_VALUE + RESMEM_BAR_OFFSET, 2 * PAIR_BYTES);
  memcpy(s + SHADOW_WRITABLE, s + CONFIG_WRITABLE + RESMEM_BAR_OFFSET, 2 * PAIR_BYTES);
  for (uint32_t pair = 0; pair < 2; pair++) {
    const uint64_t sizeBytes = load64(s + EMULATED_BAR_SIZES + pair * 8);
    if (sizeBytes == 0) continue;
    const uint32_t offset = RESMEM_BAR_OFFSET + pair * PAIR_BYTES;
    const uint64_t mask = ~(sizeBytes - 1);
    store64(s + offset + CONFIG_QUIRK, 0);
    store64(s + offset + CONFIG_VALUE, 0);
    foldDword(s, offset, (uint32_t)mask & ~0xfu, EMULATED_FLAGS);
    foldDword(s, offset + 4, (uint32_t)(mask >> 32), 0);
  }
}

static void resetEmulatedBars(uint8_t *s) {
  for (uint32_t pair = 0; pair < 2; pair++) {
    if (load64(s + EMULATED_BAR_SIZES + pair * 8) == 0) continue;
    store64(s + RESMEM_BAR_OFFSET + pair * PAIR_BYTES + CONFIG_VALUE, EMULATED_FLAGS);
  }
}

static void nvgraceRead(const uint8_t *s, uint32_t offset, uint32_t count, uint8_t *buffer) {
  struct Overlap met;
  if (!overlap(offset, count, RESMEM_BAR_OFFSET, PAIR_BYTES, &met)) return;
  if (!overlap(offset, count, USEMEM_BAR_OFFSET, PAIR_BYTES, &met)) return;
  memmove(buffer + met.bufferOffset, s + SHADOW_VALUE + PAIR_BYTES + met.registerOffset, met.count);
}

static int32_t nvgraceWrite(struct Device *device, uint32_t offset, uint32_t count, uint32_t buffer) {
  uint8_t *const s = device->state;
  struct Overlap met;
  uint32_t pairOffset = 0;
  if (overlap(offset, count, RESMEM_BAR_OFFSET, PAIR_BYTES, &met)) pairOffset = RESMEM_BAR_OFFSET;
  else if (overlap(offset, count, USEMEM_BAR_OFFSET, PAIR_BYTES, &met)) pairOffset = USEMEM_BAR_OFFSET;
  else return FOR_CORE;
  if (load64(s + EMULATED_BAR_SIZES + (pairOffset - RESMEM_BAR_OFFSET)) == 0) return FOR_CORE;
  if (!isInMemory(device, (uint64_t)buffer + met.bufferOffset, met.count)) return FOR_CORE;
  const uint8_t *const from = addressOf(device, buffer) + met.bufferOffset;
  for (uint32_t i = 0; i < met.count; i++) {
    uint8_t *const entry = s + pairOffset + met.registerOffset + i;
    const uint8_t old = entry[CONFIG_VALUE];
    entry[CONFIG_VALUE] = old ^ ((old ^ from[i]) & entry[CONFIG_WRITABLE]);
  }
  return (int32_t)met.count;
}

static void swap64(uint8_t *a, uint8_t *b) {
  const uint64_t held = load64(a);
  store64(a, load64(b));
  store64(b, held);
}

static void swapShadow(uint8_t *s) {
  for (uint32_t pair = 0; pair < 2; pair++) {
    const uint32_t at = pair * PAIR_BYTES;
    if (load64(s + EMULATED_BAR_SIZES + at) == 0) continue;
    swap64(s + CONFIG_VALUE + RESMEM_BAR_OFFSET + at, s + SHADOW_VALUE + at);
    swap64(s + CONFIG_WRITABLE + RESMEM_BAR_OFFSET + at, s + SHADOW_WRITABLE + at);
  }
}
