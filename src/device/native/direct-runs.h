#ifndef DIRECT_RUNS_H
#define DIRECT_RUNS_H

#include "access.h"

static uint32_t directReads(struct Device *device, struct Run run);
static uint32_t directWrites(struct Device *device, struct Run run);
static uint32_t walk(struct Device *device, struct Run run);

#endif
