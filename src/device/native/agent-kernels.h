// What agent.c chooses from. Kernels that wait for others return the operations done.
#ifndef AGENT_KERNELS_H
#define AGENT_KERNELS_H

#include "agent-place.h"

static void runStreams(struct Agent *agent, uint32_t kernel, uint32_t operations, bool emulated);
static void runChase(struct Agent *agent, uint32_t kernel, uint32_t operations, bool emulated);
static uint32_t runWords(struct Agent *agent, uint32_t kernel, uint32_t operations, bool emulated);
static uint32_t runMessages(struct Agent *agent, uint32_t kernel, uint32_t operations, bool emulated);

#endif
