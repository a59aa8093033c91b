#ifndef AGENT_H
#define AGENT_H

#include "state.h"

/**
 * Does `operations` of the agent whose block (layout.ts, AGENT_) is at this address, and leaves there where it goes on.
 * @returns operations done: fewer where it waited for another agent and was told to stop.
 * Where there is no such kernel, the caller is told as of what leaves the memory
 */
static uint32_t runAgent(struct Device *device, uint32_t block, uint32_t operations);

#endif
