// Registers in the tables of the state block `s`, before the device runs.
#ifndef CONFIG_TABLES_H
#define CONFIG_TABLES_H

#include "state.h"

static inline uint32_t byteAt(const uint8_t *s, uint32_t offset) {
  return s[offset + CONFIG_VALUE];
}

static inline uint32_t wordAt(const uint8_t *s, uint32_t offset) {
  return byteAt(s, offset) | (byteAt(s, offset + 1) << 8);
}

static inline uint32_t dwordAt(const uint8_t *s, uint32_t offset) {
  return wordAt(s, offset) | (wordAt(s, offset + 2) << 16);
}

/** Makes the bits of `mask` in the `bytes` bytes at `offset` writable. */
static void allow(uint8_t *s, uint32_t offset, uint32_t mask, uint32_t bytes);
/** Makes the bits of `mask` in the `bytes` bytes at `offset` write-1-clear. */
static void allowOneToClear(uint8_t *s, uint32_t offset, uint32_t mask, uint32_t bytes);
/** One register: its writable mask, and a value whose other bits are `fixedBits`. */
static void foldDword(uint8_t *s, uint32_t offset, uint32_t writable, uint32_t fixedBits);

#endif
