#include "capabilities.h"

#include "config-tables.h"
#include "extended-capabilities.h"

#define PCI_STATUS 0x06
#define PCI_STATUS_CAP_LIST 0x10u
#define PCI_CAPABILITY_LIST 0x34
#define HEADER_BYTES 0x40
#define SPACE_BYTES 0x100
#define MAX_STEPS 48

#define PCI_CAP_ID_PM 0x01
#define PCI_CAP_ID_AGP 0x02
#define PCI_CAP_ID_VPD 0x03
#define PCI_CAP_ID_MSI 0x05
#define PCI_CAP_ID_PCIX 0x07
#define PCI_CAP_ID_HT 0x08
#define PCI_CAP_ID_VNDR 0x09
#define PCI_CAP_ID_MSIX 0x11
#define PCI_CAP_ID_SATA 0x12
#define PCI_CAP_ID_AF 0x13

static uint32_t firstCapability(const uint8_t *s) {
  if ((wordAt(s, PCI_STATUS) & PCI_STATUS_CAP_LIST) == 0) return 0;
  return byteAt(s, PCI_CAPABILITY_LIST) & 0xfc;
}

static uint32_t findCapability(const uint8_t *s, uint32_t id) {
  uint32_t position = firstCapability(s);
  for (uint32_t step = 0; step < MAX_STEPS && position >= HEADER_BYTES; step++) {
    if (byteAt(s, position) == id) return position;
    position = byteAt(s, position + 1) & 0xfc;
  }
  return 0;
}

static void claim(uint8_t *s, uint32_t offset, uint32_t bytes, uint32_t id, uint32_t limit) {
  const uint32_t end = min32(offset + bytes, limit);
  memset(s + CONFIG_MAP + offset, (int)(id & 0xff), end - offset);
  memset(s + CONFIG_WRITABLE + offset, 0, end - offset);
}

static uint32_t pcixVersion(const uint8_t *s, uint32_t position) {
  return (wordAt(s, position + 2) >> 12) & 3;
}

/** Length of a capability that the core shows, 0 for one that it hides. */
static uint32_t visibleBytes(const uint8_t *s, uint32_t id, uint32_t position) {
  switch (id) {
    case PCI_CAP_ID_PM:
    case PCI_CAP_ID_VPD:
      return 8;
    case PCI_CAP_ID_AGP:
    case PCI_CAP_ID_MSIX:
      return 12;
    case PCI_CAP_ID_AF:
      return 6;
    case PCI_CAP_ID_VNDR:
      return byteAt(s, position + 2);
    case PCI_CAP_ID_PCIX:
      return pcixVersion(s, position) != 0 ? 24 : 8;
    case PCI_CAP_ID_HT:
      // A hypertransport type of 3 bits (slave, host) is the short form.
      return (byteAt(s, position + 3) & 0xe0) != 0 ? 24 : 28;
    case PCI_CAP_ID_SATA:
      return (byteAt(s, position + 4) & 0xf) == 0xf ? 16 : 8;
    case PCI_CAP_ID_MSI: {
      const uint32_t flags = wordAt(s, position + 2);
      return 10 + (flags & 0x80 ? 4 : 0) + (flags & 0x100 ? 10 : 0);
    }
    case PCI_CAP_ID_EXP: {
      const uint32_t flags = wordAt(s, position + 2);
      const bool integrated = ((flags >> 4) & 0xf) == 9;
      if ((flags & 0xf) == 1) return integrated ? 0x0c : 0x14;
      return integrated ? 0x2c : 0x34;
    }
    default:
      return 0;
  }
}

static void permitMsi(uint8_t *s, uint32_t position) {
  const uint32_t flags = wordAt(s, position + 2);
  const uint32_t wide = flags & 0x80 ? 4 : 0;
  allow(s, position + 2, 0x71, 1); // enable, queue size
  allow(s, position + 4, 0xffffffff, 4);
  if (wide) allow(s, position + 8, 0xffffffff, 4);
  allow(s, position + 8 + wide, 0xffff, 2);
  if (flags & 0x100) {
    allow(s, position + 12 + wide, 0xffffffff, 4);
    allow(s, position + 16 + wide, 0xffffffff, 4);
  }
}

/** Registers inside visible capabilities that a guest may write. */
static void permit(uint8_t *s, uint32_t id, uint32_t position) {
  switch (id) {
    case PCI_CAP_ID_PM:
      // PME support, status and enable are virtual and 0; power state and data select are writable.
      s[position + 3 + CONFIG_VALUE] = byteAt(s, position + 3) & 0x07;
      s[position + 5 + CONFIG_VALUE] = byteAt(s, position + 5) & 0x7e;
      allow(s, position + 4, 0x1e03, 2);
      break;
    case PCI_CAP_ID_VPD:
      allow(s, position + 2, 0xffff, 2);
      allow(s, position + 4, 0xffffffff, 4);
      break;
    case PCI_CAP_ID_PCIX:
      allow(s, position + 2, 0xffff, 2);
      if (pcixVersion(s, position) != 0) allow(s, position + 8, 0xffffffff, 4);
      break;
    case PCI_CAP_ID_VNDR:
      for (uint32_t i = 3; i < byteAt(s, position + 2); i++) {
        if (position + i < SPACE_BYTES) allow(s, position + i, 0xff, 1);
      }
      break;
    case PCI_CAP_ID_EXP:
      allow(s, position + 8, 0x7dff, 2); // DEVCTL: no phantom functions; FLR always reads 0
      if ((wordAt(s, position + 2) & 0xf) != 1) allow(s, position + 0x28, 0xffdf, 2); // DEVCTL2: no ARI
      break;
    case PCI_CAP_ID_MSI:
      permitMsi(s, position);
      break;
  }
}

/** Walks the standard chain. Returns whether a capability seen on it promises extended space. */
static bool foldStandard(uint8_t *s) {
  bool extended = false;
  uint32_t visible = 0;
  uint32_t previous = PCI_CAPABILITY_LIST;
  uint32_t position = firstCapability(s);
  for (uint32_t step = 0; step < MAX_STEPS && position >= HEADER_BYTES; step++) {
    const uint32_t id = byteAt(s, position);
    const uint32_t next = byteAt(s, position + 1);
    const uint32_t bytes = visibleBytes(s, id, position);
    if (id == PCI_CAP_ID_EXP || (id == PCI_CAP_ID_PCIX && pcixVersion(s, position) != 0)) extended = true;
    if (bytes == 0) {
      s[previous + CONFIG_VALUE] = (uint8_t)next;
    } else {
      claim(s, position, bytes, id, SPACE_BYTES);
      permit(s, id, position);
      previous = position + 1;
      visible++;
    }
    position = next & 0xfc;
  }
  if (visible == 0) {
    store16(s + PCI_STATUS + CONFIG_VALUE, (uint16_t)(wordAt(s, PCI_STATUS) & ~PCI_STATUS_CAP_LIST));
  }
  return extended;
}

static void foldCapabilities(uint8_t *s) {
  const bool extended = foldStandard(s);
  if (extended && load32(s + CONFIG_SIZE) > SPACE_BYTES) foldExtended(s);
}
