// Little-endian values at any address. The layout is WebAssembly's, so a host of the other byte order cannot share it.
#ifndef BYTES_H
#define BYTES_H

#include <stdint.h>
#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the native implementation needs a little-endian machine: its memory has WebAssembly's byte order"
#endif

/** For what is to be compiled once for each constant that it is called with. */
#define SPECIALISED static inline __attribute__((always_inline))

// memcpy of a constant size is one plain load or store, and defined at any alignment.
static inline uint16_t load16(const uint8_t *at) {
  uint16_t value;
  memcpy(&value, at, sizeof value);
  return value;
}

static inline uint32_t load32(const uint8_t *at) {
  uint32_t value;
  memcpy(&value, at, sizeof value);
  return value;
}

static inline uint64_t load64(const uint8_t *at) {
  uint64_t value;
  memcpy(&value, at, sizeof value);
  return value;
}

static inline void store16(uint8_t *at, uint16_t value) {
  memcpy(at, &value, sizeof value);
}

static inline void store32(uint8_t *at, uint32_t value) {
  memcpy(at, &value, sizeof value);
}

static inline void store64(uint8_t *at, uint64_t value) {
  memcpy(at, &value, sizeof value);
}

/** The value of `width` bytes, a constant: 1, 2, 4 or 8. */
SPECIALISED uint64_t loadWidth(const uint8_t *at, uint32_t width) {
  return width == 8 ? load64(at) : width == 4 ? load32(at) : width == 2 ? load16(at) : *at;
}

SPECIALISED void storeWidth(uint8_t *at, uint64_t value, uint32_t width) {
  if (width == 8) store64(at, value);
  else if (width == 4) store32(at, (uint32_t)value);
  else if (width == 2) store16(at, (uint16_t)value);
  else *at = (uint8_t)value;
}

SPECIALISED uint32_t log2Of(uint32_t width) {
  return width == 8 ? 3 : width >> 1;
}

static inline uint32_t rotateLeft32(uint32_t value, uint32_t bits) {
  return (value << (bits & 31)) | (value >> (-bits & 31));
}

static inline uint32_t rotateRight32(uint32_t value, uint32_t bits) {
  return (value >> (bits & 31)) | (value << (-bits & 31));
}

static inline uint64_t rotateRight64(uint64_t value, uint32_t bits) {
  return (value >> (bits & 63)) | (value << (-bits & 63));
}

static inline uint32_t min32(uint32_t a, uint32_t b) {
  return a < b ? a : b;
}

static inline uint64_t min64(uint64_t a, uint64_t b) {
  return a < b ? a : b;
}

static inline uint64_t max64(uint64_t a, uint64_t b) {
  return a > b ? a : b;
}

#endif
