// Capability chains as vfio-pci-core shows them (device.md 2.7): unknown ones hidden by rewiring the pointer
// before them, visible ones read-only but for some registers. Resizable BAR is visible and read-only.
#ifndef CAPABILITIES_H
#define CAPABILITIES_H

#include <stdint.h>

#define PCI_CAP_ID_EXP 0x10

/** Offset of the first capability `id`, 0 where there is none. A chain that leaves 0x40…0xff ends there. */
static uint32_t findCapability(const uint8_t *s, uint32_t id);
/** Marks `bytes` as owned by `id` and read-only. */
static void claim(uint8_t *s, uint32_t offset, uint32_t bytes, uint32_t id, uint32_t limit);
static void foldCapabilities(uint8_t *s);

#endif
