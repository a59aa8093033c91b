#ifndef COPY_H
#define COPY_H

#include "state.h"

/** Copies `count` bytes; the ranges may overlap. A range that leaves linear memory is not copied. */
static void copyBytes(struct Device *device, uint32_t destination, uint32_t source, uint32_t count);
/** Sets `count` bytes. A range that leaves linear memory is not set. */
static void fillBytes(struct Device *device, uint32_t destination, uint32_t byte, uint32_t count);

#endif
