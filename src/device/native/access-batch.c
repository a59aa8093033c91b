// The measured loop. Accesses with equal control words form a run: the operation is decided once per run and
// each further access pays one predictable compare. A fast loop serves accesses from the cursor on until the run
// ends or one comes that it cannot serve, and calls nothing; what it leaves, `general` takes, one at a time.
// Configuration accesses of several kinds have a loop of their own: from run to run, a whole Linux sizing takes 73 ns,
// through that loop 43.
// Nothing here allocates.
#include "access-batch.h"

#include "access.h"
#include "config-runs.h"
#include "config-space.h"
#include "copy.h"
#include "direct-runs.h"
#include "region-runs.h"
#include "region.h"

/** Serves accesses of one control word from the start of the run on. */
static uint32_t fast(struct Device *device, struct Run run) {
  switch (run.control & 0xff) {
    case OP_CONFIG_READ:
      return configReads(device, run);
    case OP_CONFIG_WRITE:
      return configWrites(device, run);
    case OP_REGION_READ:
      return regionReads(device, run);
    case OP_REGION_WRITE:
      return regionWrites(device, run);
    case OP_DIRECT_READ:
      return directReads(device, run);
    case OP_DIRECT_WRITE:
      return directWrites(device, run);
    case OP_WALK:
      return walk(device, run);
    default:
      return run.checksum;
  }
}

/** Widths of register accesses: 1, 2 and 4 bytes, outside configuration space also 8. */
static bool isWidth(uint32_t op, uint32_t width) {
  return width == 1 || width == 2 || width == 4 || (width == 8 && op > OP_CONFIG_WRITE);
}

/** A register read through the scratch bytes; a failed one enters the checksum with its errno. */
static uint32_t generalRead(struct Device *device, const uint8_t *at, uint32_t control, uint32_t checksum) {
  uint8_t *const scratch = device->state + SCRATCH;
  const uint32_t width = widthOf(control);
  store64(scratch, 0);
  const int32_t done =
      (control & 0xff) == OP_CONFIG_READ
          ? configReadBytes(device, load32(at + ACCESS_OFFSET_LOW), width, scratchAddress(device))
          : regionRead(device, regionOf(control), offsetOf(at), width, scratchAddress(device));
  if (done < 0) return mix(checksum, (uint32_t)done);
  return width == 8 ? mixValue(checksum, load64(scratch), 8) : mix(checksum, load32(scratch));
}

static uint32_t lastDword(struct Device *device, const uint8_t *at, uint32_t buffer) {
  const uint32_t count = load32(at + ACCESS_VALUE);
  if (!isInMemory(device, buffer, count == 0 ? 1 : count)) return 0;
  const uint8_t *const from = addressOf(device, buffer);
  return count >= 4 ? load32(from + count - 4) : *from;
}

static int32_t bulk(struct Device *device, const uint8_t *at, uint32_t control, uint32_t buffer) {
  const uint32_t region = regionOf(control);
  const uint64_t offset = offsetOf(at);
  const uint32_t count = load32(at + ACCESS_VALUE);
  const uint32_t address = (uint32_t)offset;
  switch (control & 0xff) {
    case OP_REGION_READ_BYTES:
      return regionRead(device, region, offset, count, buffer);
    case OP_REGION_WRITE_BYTES:
      return regionWrite(device, region, offset, count, buffer);
    case OP_REGION_COPY:
      return regionCopy(device, region, offset, offsetOf(at + ACCESS_BYTES), count);
    case OP_REGION_FILL:
      return regionFill(device, region, offset, count, widthOf(control));
    case OP_DIRECT_READ_BYTES:
      copyBytes(device, buffer, address, count);
      break;
    case OP_DIRECT_WRITE_BYTES:
      copyBytes(device, address, buffer, count);
      break;
    case OP_DIRECT_COPY:
      copyBytes(device, address, load32(at + ACCESS_BYTES + ACCESS_OFFSET_LOW), count);
      break;
    case OP_DIRECT_FILL:
      fillBytes(device, address, widthOf(control), count);
      break;
  }
  return (int32_t)count;
}

static uint32_t transfer(struct Device *device, uint8_t *at, uint32_t control, uint32_t checksum) {
  const uint32_t region = regionOf(control);
  const uint32_t count = widthOf(control);
  const uint32_t address = load32(at + ACCESS_VALUE);
  if (!isInMemory(device, address, count)) return checksum;
  const int32_t done = (control & 0xff) == OP_TRANSFER_READ ? regionRead(device, region, offsetOf(at), count, address)
                                                            : regionWrite(device, region, offsetOf(at), count, address);
  store32(at + ACCESS_VALUE, (uint32_t)done);
  return mix(checksum, (uint32_t)done);
}

/** One access of any kind: bulk operations, and what a fast loop cannot serve. */
static uint32_t general(struct Device *device, const uint8_t *at, uint32_t control, uint32_t buffer,
                        uint32_t checksum) {
  const uint32_t op = control & 0xff;
  const uint32_t width = widthOf(control);
  device->cursor = at + ACCESS_BYTES;
  if (op <= OP_DIRECT_WRITE && !isWidth(op, width)) return mix(checksum, (uint32_t)-EINVAL);
  switch (op) {
    case OP_CONFIG_READ:
    case OP_REGION_READ:
      return generalRead(device, at, control, checksum);
    case OP_CONFIG_WRITE: {
      const uint32_t offset = load32(at + ACCESS_OFFSET_LOW);
      return mix(checksum, (uint32_t)configWrite(device, offset, width, load32(at + ACCESS_VALUE)));
    }
    case OP_REGION_WRITE: {
      store64(device->state + SCRATCH, valueOf(at, 8));
      const int32_t done = regionWrite(device, regionOf(control), offsetOf(at), width, scratchAddress(device));
      return mix(checksum, (uint32_t)done);
    }
    case OP_DIRECT_READ:
    case OP_DIRECT_WRITE:
      // The fast loop takes every address of linear memory.
      device->leftMemory = true;
      return checksum;
    case OP_TRANSFER_READ:
    case OP_TRANSFER_WRITE:
      return transfer(device, addressOf(device, (uint32_t)(at - device->memory)), control, checksum);
    case OP_REGION_COPY:
    case OP_DIRECT_COPY:
      device->cursor += ACCESS_BYTES;
      if (!isInMemory(device, (uint64_t)(at - device->memory), 2 * ACCESS_BYTES)) return checksum;
      break;
  }
  checksum = mix(checksum, (uint32_t)bulk(device, at, control, buffer));
  // The last dword moved ties the data to the checksum; all of it is compared outside the timed window.
  const bool reads = op == OP_REGION_READ_BYTES || op == OP_DIRECT_READ_BYTES;
  return reads ? mix(checksum, lastDword(device, at, buffer)) : checksum;
}

/** A configuration access whose run ends with it: a sizing reads and writes in turn. */
static bool isMixedConfig(const uint8_t *at, const uint8_t *end, uint32_t control) {
  if ((control & 0xff) > OP_CONFIG_WRITE) return false;
  const uint8_t *const next = at + ACCESS_BYTES;
  return next < end && load32(next + ACCESS_CONTROL) != control;
}

static uint32_t runBatch(struct Device *device, uint32_t accesses, uint32_t count, uint32_t buffer, uint32_t checksum) {
  if (!isInMemory(device, accesses, (uint64_t)count * ACCESS_BYTES)) return checksum;
  const uint8_t *const end = addressOf(device, accesses) + (uint64_t)count * ACCESS_BYTES;
  device->cursor = addressOf(device, accesses);
  while (device->cursor < end) {
    const uint32_t control = load32(device->cursor + ACCESS_CONTROL);
    if (isMixedConfig(device->cursor, end, control)) {
      checksum = mixedConfig(device, device->cursor, end, checksum);
    } else if ((control & 0xff) <= OP_WALK) {
      checksum = fast(device, (struct Run){device->cursor, end, control, checksum});
    }
    // The run has not ended, so the loop met an access that it cannot serve.
    const uint8_t *const at = device->cursor;
    if (at < end && load32(at + ACCESS_CONTROL) == control) {
      if ((control & 0xff) <= OP_CONFIG_WRITE) checksum = mixedConfig(device, at, end, checksum);
      if (device->cursor == at) checksum = general(device, at, control, buffer, checksum);
    }
  }
  return checksum;
}
