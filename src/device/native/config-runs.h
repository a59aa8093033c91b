#ifndef CONFIG_RUNS_H
#define CONFIG_RUNS_H

#include "access.h"

static uint32_t configReads(struct Device *device, struct Run run);
static uint32_t configWrites(struct Device *device, struct Run run);

#endif
