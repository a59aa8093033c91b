// Fast loops straight on memory, and the walk that accesses nothing. WebAssembly leaves the check of an address to
// the processor's page tables; here it is one compare that is never taken.
#include "direct-runs.h"

/** Addresses below this allow an access of `width` bytes. */
SPECIALISED uint64_t addressesBelow(const struct Device *device, uint32_t width) {
  return device->memoryBytes - width + 1;
}

SPECIALISED uint32_t directReadsOf(struct Device *device, struct Run run, const uint32_t width) {
  const uint8_t *const memory = device->memory;
  const uint64_t below = addressesBelow(device, width);
  const uint8_t *at = run.at;
  uint32_t checksum = run.checksum;
  do {
    const uint32_t address = load32(at + ACCESS_OFFSET_LOW);
    if (address >= below) break;
    checksum = mixValue(checksum, loadWidth(memory + address, width), width);
    at += ACCESS_BYTES;
  } while (isInRun(at, run.end, run.control));
  return stopAt(device, at, checksum);
}

SPECIALISED uint32_t directWritesOf(struct Device *device, struct Run run, const uint32_t width) {
  uint8_t *const memory = device->memory;
  const uint64_t below = addressesBelow(device, width);
  const uint8_t *at = run.at;
  uint32_t checksum = run.checksum;
  do {
    const uint32_t address = load32(at + ACCESS_OFFSET_LOW);
    if (address >= below) break;
    storeWidth(memory + address, valueOf(at, width), width);
    checksum = mix(checksum, width);
    at += ACCESS_BYTES;
  } while (isInRun(at, run.end, run.control));
  return stopAt(device, at, checksum);
}

static uint32_t directReads(struct Device *device, struct Run run) {
  switch (widthOf(run.control)) {
    case 4:
      return directReadsOf(device, run, 4);
    case 1:
      return directReadsOf(device, run, 1);
    case 2:
      return directReadsOf(device, run, 2);
    case 8:
      return directReadsOf(device, run, 8);
    default:
      return run.checksum;
  }
}

static uint32_t directWrites(struct Device *device, struct Run run) {
  switch (widthOf(run.control)) {
    case 4:
      return directWritesOf(device, run, 4);
    case 1:
      return directWritesOf(device, run, 1);
    case 2:
      return directWritesOf(device, run, 2);
    case 8:
      return directWritesOf(device, run, 8);
    default:
      return run.checksum;
  }
}

static uint32_t walk(struct Device *device, struct Run run) {
  const uint8_t *at = run.at;
  uint32_t checksum = run.checksum;
  do {
    const uint32_t fields =
        load32(at + ACCESS_OFFSET_LOW) ^ load32(at + ACCESS_OFFSET_HIGH) ^ load32(at + ACCESS_VALUE);
    checksum = mix(checksum, fields);
    at += ACCESS_BYTES;
  } while (isInRun(at, run.end, run.control));
  return stopAt(device, at, checksum);
}
