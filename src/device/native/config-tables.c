#include "config-tables.h"

static void allow(uint8_t *s, uint32_t offset, uint32_t mask, uint32_t bytes) {
  for (uint32_t i = 0; i < bytes; i++) {
    if (offset + i < load32(s + CONFIG_SIZE)) s[offset + i + CONFIG_WRITABLE] = (uint8_t)(mask >> (i << 3));
  }
}

static void allowOneToClear(uint8_t *s, uint32_t offset, uint32_t mask, uint32_t bytes) {
  for (uint32_t i = 0; i < bytes; i++) {
    const uint8_t byte = (uint8_t)(mask >> (i << 3));
    if (byte == 0 || offset + i >= load32(s + CONFIG_SIZE)) continue;
    s[offset + i + CONFIG_W1C] = byte;
    s[offset + i + CONFIG_QUIRK] = QUIRK_W1C;
  }
}

static void foldDword(uint8_t *s, uint32_t offset, uint32_t writable, uint32_t fixedBits) {
  uint8_t *const entry = s + offset;
  store32(entry + CONFIG_WRITABLE, writable);
  store32(entry + CONFIG_VALUE, (load32(entry + CONFIG_VALUE) & writable) | fixedBits);
}
