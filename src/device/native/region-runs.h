#ifndef REGION_RUNS_H
#define REGION_RUNS_H

#include "access.h"

static uint32_t regionReads(struct Device *device, struct Run run);
static uint32_t regionWrites(struct Device *device, struct Run run);

#endif
