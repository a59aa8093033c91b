#ifndef EXTENDED_CAPABILITIES_H
#define EXTENDED_CAPABILITIES_H

#include <stdint.h>

/** Walks the chain at 0x100. A hidden capability at its head stays as an anchor without id. */
static void foldExtended(uint8_t *s);

#endif
