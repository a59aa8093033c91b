// Where an agent's access lands: straight on memory, or through the device. Blocks are the library's: a caller that
// writes there has kernels go astray.
#ifndef AGENT_PLACE_H
#define AGENT_PLACE_H

#include "gates.h"
#include "pages.h"
#include "state.h"

/** Attempts after which a waiting agent looks whether it is to stop. */
#define PATIENCE 1024

/** One agent on its way through a kernel. */
struct Agent {
  struct Device *device;
  uint8_t *block;
  /** The working range, where it is accessed straight. */
  uint8_t *range;
  const uint32_t *stop;
};

static inline uint32_t fieldOf(const struct Agent *agent, uint32_t field) {
  return load32(agent->block + field);
}

/** The device refused what the range is made not to be refused. The caller is told, as of what leaves the memory. */
static inline uint8_t *refused(struct Agent *agent) {
  agent->device->leftMemory = true;
  return agent->range;
}

/** `count` bytes at `at` of the agent's range, for reading: emulated, the device is asked as before every access. */
SPECIALISED uint8_t *toRead(struct Agent *agent, uint32_t at, uint32_t count, bool emulated) {
  if (!emulated) return agent->range + at;
  struct Device *const device = agent->device;
  const uint32_t regionIndex = fieldOf(agent, AGENT_REGION);
  const uint8_t *const region = regionAt(device, regionIndex);
  const uint64_t offset = load64(agent->block + AGENT_OFFSET) + at;
  if (admitRead(device, region, regionIndex, offset, count) != (int32_t)count) return refused(agent);
  const uint32_t piece = pieceToRead(device, region, offset, count);
  return piece == 0 ? refused(agent) : addressOf(device, piece);
}

/** The same for writing, atomic operations among it. */
SPECIALISED uint8_t *toWrite(struct Agent *agent, uint32_t at, uint32_t count, bool emulated) {
  if (!emulated) return agent->range + at;
  struct Device *const device = agent->device;
  const uint32_t regionIndex = fieldOf(agent, AGENT_REGION);
  const uint8_t *const region = regionAt(device, regionIndex);
  const uint64_t offset = load64(agent->block + AGENT_OFFSET) + at;
  if (admitWrite(device, region, regionIndex, offset, count) != (int32_t)count) return refused(agent);
  const uint32_t piece = pieceToWrite(device, region, offset, count);
  return piece == 0 ? refused(agent) : addressOf(device, piece);
}

static inline uint32_t atomicLoad(const uint8_t *at) {
  return __atomic_load_n((const uint32_t *)(const void *)at, __ATOMIC_SEQ_CST);
}

static inline void atomicStore(uint8_t *at, uint32_t value) {
  __atomic_store_n((uint32_t *)(void *)at, value, __ATOMIC_SEQ_CST);
}

static inline uint32_t atomicAdd(uint8_t *at, uint32_t value) {
  return __atomic_fetch_add((uint32_t *)(void *)at, value, __ATOMIC_SEQ_CST);
}

/** @returns what was found: `expected` where it was replaced */
static inline uint32_t atomicSwapIf(uint8_t *at, uint32_t expected, uint32_t replacement) {
  __atomic_compare_exchange_n((uint32_t *)(void *)at, &expected, replacement, false, __ATOMIC_SEQ_CST,
                              __ATOMIC_SEQ_CST);
  return expected;
}

/** Whether an agent that has waited for so many attempts is to stop. */
static inline bool isStopped(const struct Agent *agent, uint32_t attempts) {
  return attempts % PATIENCE == 0 && __atomic_load_n(agent->stop, __ATOMIC_SEQ_CST) != 0;
}

/** Leaves in the block where the kernel goes on, and what failed. */
static inline uint32_t leaveKernel(struct Agent *agent, uint32_t done, uint32_t cursor, uint32_t failures) {
  store32(agent->block + AGENT_CURSOR, cursor);
  store32(agent->block + AGENT_FAILURES, fieldOf(agent, AGENT_FAILURES) + failures);
  return done;
}

#endif
