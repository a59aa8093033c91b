#ifndef ACCESS_BATCH_H
#define ACCESS_BATCH_H

#include "state.h"

/**
 * Runs `count` packed accesses (16 bytes each, see layout.ts).
 * @param accesses address of the first
 * @param buffer address of the transfer buffer of bulk operations
 * @param checksum value to start from
 * @returns the checksum over every value read and every return value
 */
static uint32_t runBatch(struct Device *device, uint32_t accesses, uint32_t count, uint32_t buffer, uint32_t checksum);

#endif
