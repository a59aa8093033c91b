// nvgrace-gpu as posted in version 13 (device.md 1.11a): one fake BAR, at 0x18 and 0x1c. A request is emulated only
// where it starts exactly there; whatever else touches these bytes sees vfio-pci-core's view of the physical BAR.
// That view stays in the tables, and the two emulated registers are in SHADOW_VALUE.
#ifndef POLICY_V13_H
#define POLICY_V13_H

#include "../state.h"

/** Runs after foldCore: sends requests that start at one of the two registers down the general path. */
static void foldV13(uint8_t *s);
/** At open and by the reset ioctl alone. */
static void resetV13(uint8_t *s);
/**
 * A read that starts at an emulated register: the first bytes of it, never those of the next one.
 * The driver reads beyond its variable for more than 4 bytes; the model refuses them.
 */
static int32_t v13Read(struct Device *device, uint32_t offset, uint32_t count, uint32_t buffer);
/**
 * A write that starts at an emulated register. All ones size it, anything else is stored verbatim, flags included.
 * The driver leaves the upper bytes of a shorter write uninitialised; the model takes them as 0, so that a shorter
 * write never sizes. More than 4 bytes are refused, as by v13Read.
 */
static int32_t v13Write(struct Device *device, uint32_t offset, uint32_t count, uint32_t buffer);

#endif
