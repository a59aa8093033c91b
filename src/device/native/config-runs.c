// Fast loops over configuration accesses. Each takes what it needs into locals first: a store through a
// byte pointer may alias anything, and the compiler would load it again in every turn.
#include "config-runs.h"

#include "checks.h"
#include "config-register.h"

SPECIALISED uint32_t configReadsOf(struct Device *device, struct Run run, const uint32_t width) {
  const uint8_t *const values = device->state + CONFIG_VALUE;
  const uint32_t below = device->fastReadLimit >> log2Of(width);
  const uint8_t *at = run.at;
  uint32_t checksum = run.checksum;
  do {
    const uint32_t offset = load32(at + ACCESS_OFFSET_LOW);
    if (CHECKED && rotateRight32(offset, log2Of(width)) >= below) break;
    checksum = mix(checksum, (uint32_t)loadWidth(values + offset, width));
    at += ACCESS_BYTES;
  } while (isInRun(at, run.end, run.control));
  return stopAt(device, at, checksum);
}

SPECIALISED uint32_t configWritesOf(struct Device *device, struct Run run, const uint32_t width) {
  uint8_t *const state = device->state;
  const uint32_t below = load32(state + CONFIG_SIZE) >> log2Of(width);
  const uint8_t *at = run.at;
  uint32_t checksum = run.checksum;
  do {
    const uint32_t offset = load32(at + ACCESS_OFFSET_LOW);
    uint8_t *const entry = state + offset;
    if (CHECKED && rotateRight32(offset, log2Of(width)) >= below) break;
    if (loadWidth(entry + CONFIG_QUIRK, width) != 0) break;
    const uint64_t old = loadWidth(entry + CONFIG_VALUE, width);
    const uint64_t writable = loadWidth(entry + CONFIG_WRITABLE, width);
    storeWidth(entry + CONFIG_VALUE, old ^ ((old ^ load32(at + ACCESS_VALUE)) & writable), width);
    checksum = mix(checksum, width);
    at += ACCESS_BYTES;
  } while (isInRun(at, run.end, run.control));
  return stopAt(device, at, checksum);
}

static uint32_t configReads(struct Device *device, struct Run run) {
  switch (widthOf(run.control)) {
    case 4:
      return configReadsOf(device, run, 4);
    case 1:
      return configReadsOf(device, run, 1);
    case 2:
      return configReadsOf(device, run, 2);
    default:
      return run.checksum;
  }
}

static uint32_t configWrites(struct Device *device, struct Run run) {
  switch (widthOf(run.control)) {
    case 4:
      return configWritesOf(device, run, 4);
    case 1:
      return configWritesOf(device, run, 1);
    case 2:
      return configWritesOf(device, run, 2);
    default:
      return run.checksum;
  }
}

/** So many equal control words in a row are worth a loop of their own. */
#define RUN_BEGINS 2

#define READ_OF(width) (OP_CONFIG_READ | ((uint32_t)(width) << 16))
#define WRITE_OF(width) (OP_CONFIG_WRITE | ((uint32_t)(width) << 16))

/** Serves the read at `at`, or leaves it: false. */
SPECIALISED bool mixRead(const uint8_t *at, const uint8_t *s, uint32_t limit, uint32_t *checksum, const uint32_t width) {
  const uint32_t offset = load32(at + ACCESS_OFFSET_LOW);
  if (CHECKED && rotateRight32(offset, log2Of(width)) >= limit >> log2Of(width)) return false;
  *checksum = mix(*checksum, (uint32_t)loadWidth(s + CONFIG_VALUE + offset, width));
  return true;
}

/** Serves the write at `at`, or leaves it: false. */
SPECIALISED bool mixWrite(const uint8_t *at, uint8_t *s, uint32_t limit, uint32_t *checksum, const uint32_t width) {
  const uint32_t offset = load32(at + ACCESS_OFFSET_LOW);
  if (CHECKED && rotateRight32(offset, log2Of(width)) >= limit >> log2Of(width)) return false;
  if (isWholeRequest((uint32_t)loadWidth(s + offset + CONFIG_QUIRK, width))) return false;
  writeRegister(s, offset, load32(at + ACCESS_VALUE), width);
  *checksum = mix(*checksum, width);
  return true;
}

static uint32_t mixedConfig(struct Device *device, const uint8_t *at, const uint8_t *end, uint32_t checksum) {
  uint8_t *const s = device->state;
  const uint32_t readBelow = device->fastReadLimit;
  const uint32_t writeBelow = load32(s + CONFIG_SIZE);
  uint32_t repeats = 0;
  do {
    const uint32_t control = load32(at + ACCESS_CONTROL);
    bool served = false;
    if (control == READ_OF(4)) served = mixRead(at, s, readBelow, &checksum, 4);
    else if (control == WRITE_OF(4)) served = mixWrite(at, s, writeBelow, &checksum, 4);
    else if (control == READ_OF(2)) served = mixRead(at, s, readBelow, &checksum, 2);
    else if (control == WRITE_OF(2)) served = mixWrite(at, s, writeBelow, &checksum, 2);
    else if (control == READ_OF(1)) served = mixRead(at, s, readBelow, &checksum, 1);
    else if (control == WRITE_OF(1)) served = mixWrite(at, s, writeBelow, &checksum, 1);
    if (!served) break;
    at += ACCESS_BYTES;
    if (at >= end) break;
    repeats = load32(at + ACCESS_CONTROL) == control ? repeats + 1 : 0;
  } while (repeats < RUN_BEGINS);
  return stopAt(device, at, checksum);
}
