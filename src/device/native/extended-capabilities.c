#include "extended-capabilities.h"

#include "capabilities.h"
#include "config-tables.h"

// Extended capability header:  31:20 next | 19:16 version | 15:0 id
#define EXTENDED_START 0x100
#define EXTENDED_MAX_STEPS 480
#define NEXT_MASK 0xffc00000u
#define ANCHOR_BYTES 4

#define PCI_EXT_CAP_ID_ERR 0x01
#define PCI_EXT_CAP_ID_VC 0x02
#define PCI_EXT_CAP_ID_DSN 0x03
#define PCI_EXT_CAP_ID_PWR 0x04
#define PCI_EXT_CAP_ID_MFVC 0x08
#define PCI_EXT_CAP_ID_VC9 0x09
#define PCI_EXT_CAP_ID_VNDR 0x0b
#define PCI_EXT_CAP_ID_ACS 0x0d
#define PCI_EXT_CAP_ID_ARI 0x0e
#define PCI_EXT_CAP_ID_ATS 0x0f
#define PCI_EXT_CAP_ID_SRIOV 0x10
#define PCI_EXT_CAP_ID_MCAST 0x12
#define PCI_EXT_CAP_ID_PRI 0x13
#define PCI_EXT_CAP_ID_REBAR 0x15
#define PCI_EXT_CAP_ID_DPA 0x16
#define PCI_EXT_CAP_ID_TPH 0x17
#define PCI_EXT_CAP_ID_LTR 0x18
#define PCI_EXT_CAP_ID_DVSEC 0x23

/** Uncorrectable and correctable error bits that exist (PCI_ERR_UNC_*, PCI_ERR_COR_*). */
#define UNCORRECTABLE 0x03fff031
#define CORRECTABLE 0x0000f1c1

static uint32_t virtualChannelBytes(const uint8_t *s, uint32_t position) {
  const uint32_t extendedChannels = byteAt(s, position + 4) & 7;
  const uint32_t arbitration = byteAt(s, position + 8);
  const uint32_t phases = arbitration & 8 ? 128 : arbitration & 4 ? 64 : arbitration & 2 ? 32 : 0;
  const uint32_t bytes = 0x10 + (1 + extendedChannels) * 0x0c;
  return phases == 0 ? bytes : ((bytes + 15) & ~15u) + phases / 2;
}

static uint32_t acsBytes(const uint8_t *s, uint32_t position) {
  if ((byteAt(s, position + 4) & 0x20) == 0) return 8;
  const uint32_t bits = byteAt(s, position + 5);
  return 8 + (bits == 0 ? 32 : ((bits + 31) & ~31u) >> 3);
}

static uint32_t tphBytes(const uint8_t *s, uint32_t position) {
  const uint32_t capability = dwordAt(s, position + 4);
  if (((capability >> 9) & 3) != 1) return 12;
  return 12 + ((capability >> 16) & 0x7ff) * 2 + 2;
}

/** Length of an extended capability that the core shows, 0 for one that it hides. */
static uint32_t visibleExtendedBytes(const uint8_t *s, uint32_t id, uint32_t position) {
  switch (id) {
    case PCI_EXT_CAP_ID_ERR:
      return 0x2c;
    case PCI_EXT_CAP_ID_DSN:
      return 12;
    case PCI_EXT_CAP_ID_PWR:
    case PCI_EXT_CAP_ID_PRI:
      return 16;
    case PCI_EXT_CAP_ID_ARI:
    case PCI_EXT_CAP_ID_ATS:
    case PCI_EXT_CAP_ID_LTR:
      return 8;
    case PCI_EXT_CAP_ID_SRIOV:
      return 0x40;
    case PCI_EXT_CAP_ID_MCAST:
      return 0x28;
    case PCI_EXT_CAP_ID_VC:
    case PCI_EXT_CAP_ID_MFVC:
    case PCI_EXT_CAP_ID_VC9:
      return virtualChannelBytes(s, position);
    case PCI_EXT_CAP_ID_VNDR:
    case PCI_EXT_CAP_ID_DVSEC:
      return dwordAt(s, position + 4) >> 20;
    case PCI_EXT_CAP_ID_ACS:
      return acsBytes(s, position);
    case PCI_EXT_CAP_ID_REBAR:
      return 4 + ((byteAt(s, position + 8) >> 5) & 7) * 8;
    case PCI_EXT_CAP_ID_DPA:
      return 16 + (byteAt(s, position + 4) & 0x1f) + 1;
    case PCI_EXT_CAP_ID_TPH:
      return tphBytes(s, position);
    default:
      return 0;
  }
}

static void permitExtended(uint8_t *s, uint32_t id, uint32_t position, uint32_t bytes) {
  if (id == PCI_EXT_CAP_ID_ERR) {
    allowOneToClear(s, position + 0x04, UNCORRECTABLE, 4);
    allow(s, position + 0x08, UNCORRECTABLE, 4);
    allow(s, position + 0x0c, UNCORRECTABLE, 4);
    allowOneToClear(s, position + 0x10, CORRECTABLE, 4);
    allow(s, position + 0x14, CORRECTABLE, 4);
    allow(s, position + 0x18, 0x140, 4); // ECRC generation and checking
  } else if (id == PCI_EXT_CAP_ID_PWR) {
    allow(s, position + 4, 0xff, 1); // data select
  } else if (id == PCI_EXT_CAP_ID_VNDR || id == PCI_EXT_CAP_ID_DVSEC) {
    const uint32_t headerBytes = id == PCI_EXT_CAP_ID_DVSEC ? 10 : 8;
    for (uint32_t i = headerBytes; i < bytes; i++) allow(s, position + i, 0xff, 1);
  }
}

static void foldExtended(uint8_t *s) {
  const uint32_t size = load32(s + CONFIG_SIZE);
  uint32_t position = dwordAt(s, EXTENDED_START) == 0 ? 0 : EXTENDED_START;
  uint32_t previous = 0;
  uint32_t visible = 0;
  for (uint32_t step = 0; step < EXTENDED_MAX_STEPS && position >= EXTENDED_START && position <= size - 4; step++) {
    const uint32_t header = dwordAt(s, position);
    const uint32_t id = header & 0xffff;
    const uint32_t next = (header >> 20) & 0xffc;
    const uint32_t bytes = visibleExtendedBytes(s, id, position);
    if (bytes == 0 && previous != 0) {
      const uint32_t kept = load32(s + previous + CONFIG_VALUE) & ~NEXT_MASK;
      store32(s + previous + CONFIG_VALUE, kept | (next << 20));
    } else {
      claim(s, position, bytes == 0 ? ANCHOR_BYTES : bytes, id, size);
      if (bytes == 0) {
        store32(s + position + CONFIG_VALUE, header & NEXT_MASK);
      } else {
        permitExtended(s, id, position, bytes);
        visible++;
      }
      previous = position;
    }
    position = next;
  }
  if (previous != 0 && visible == 0) store32(s + EXTENDED_START + CONFIG_VALUE, 0);
}
