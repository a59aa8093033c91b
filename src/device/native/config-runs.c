// Fast loops over runs of configuration accesses. Each takes what it needs into locals first: a store through a
// byte pointer may alias anything, and the compiler would load it again in every turn.
#include "config-runs.h"

SPECIALISED uint32_t configReadsOf(struct Device *device, struct Run run, const uint32_t width) {
  const uint8_t *const values = device->state + CONFIG_VALUE;
  const uint32_t below = device->fastReadLimit >> log2Of(width);
  const uint8_t *at = run.at;
  uint32_t checksum = run.checksum;
  do {
    const uint32_t offset = load32(at + ACCESS_OFFSET_LOW);
    if (rotateRight32(offset, log2Of(width)) >= below) break;
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
    if (rotateRight32(offset, log2Of(width)) >= below || loadWidth(entry + CONFIG_QUIRK, width) != 0) break;
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
