#ifndef CONFIG_RUNS_H
#define CONFIG_RUNS_H

#include "access.h"

static uint32_t configReads(struct Device *device, struct Run run);
static uint32_t configWrites(struct Device *device, struct Run run);
/**
 * Accesses whose control words differ from one to the next, those of registers with quirks among them. Stops where a
 * run begins, and at an access that it cannot serve.
 */
static uint32_t mixedConfig(struct Device *device, const uint8_t *at, const uint8_t *end, uint32_t checksum);

#endif
