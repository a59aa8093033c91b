// What a policy does with a whole request, around vfio-pci-core. Plain accesses to registers that no policy looks
// at never come here: they are folded into the tables.
#ifndef POLICY_REQUESTS_H
#define POLICY_REQUESTS_H

#include "../state.h"

/** A read that the policy answers alone, checked before the core checks anything. @returns its result, or FOR_CORE */
static int32_t takeRead(struct Device *device, uint32_t offset, uint32_t count, uint32_t buffer);
/** What the policy lays over a read that the core served. */
static void patchRead(const uint8_t *s, uint32_t offset, uint32_t count, uint8_t *buffer);
/** What the policy takes of a write, before the core sees it. @returns its result, or FOR_CORE */
static int32_t takeWrite(struct Device *device, uint32_t offset, uint32_t count, uint32_t buffer);
/** Puts the core's own view of what is emulated into the tables. */
static void beforeCore(uint8_t *s);
/** Puts the emulated view back. */
static void afterCore(uint8_t *s);

#endif
