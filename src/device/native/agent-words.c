// Kernels that contend for words: ping-pong between two agents, increments of one word or of words that share a line, a
// mix of reads and increments over a table, and GUPS.
#include "agent-kernels.h"
#include "agent-place.h"

/** x^64 + x^2 + x + 1, the polynomial of HPC Challenge RandomAccess. */
#define POLYNOMIAL 7

SPECIALISED uint32_t pingPongCas(struct Agent *agent, uint32_t operations, bool emulated) {
  uint32_t turn = fieldOf(agent, AGENT_CURSOR);
  uint32_t losses = 0;
  for (uint32_t done = 0; done < operations; done++) {
    while (atomicSwapIf(toWrite(agent, 0, 4, emulated), turn, turn + 1) != turn) {
      if (isStopped(agent, ++losses)) return leaveKernel(agent, done, turn, losses);
    }
    turn += 2;
  }
  return leaveKernel(agent, operations, turn, losses);
}

SPECIALISED uint32_t pingPongAdd(struct Agent *agent, uint32_t operations, bool emulated) {
  uint32_t turn = fieldOf(agent, AGENT_CURSOR);
  uint32_t losses = 0;
  for (uint32_t done = 0; done < operations; done++) {
    while (atomicLoad(toRead(agent, 0, 4, emulated)) != turn) {
      if (isStopped(agent, ++losses)) return leaveKernel(agent, done, turn, losses);
    }
    atomicAdd(toWrite(agent, 0, 4, emulated), 1);
    turn += 2;
  }
  return leaveKernel(agent, operations, turn, losses);
}

SPECIALISED uint32_t countByCas(struct Agent *agent, uint32_t operations, bool emulated) {
  const uint32_t at = fieldOf(agent, AGENT_CURSOR);
  uint32_t losses = 0;
  for (uint32_t done = 0; done < operations; done++) {
    uint32_t seen = atomicLoad(toRead(agent, at, 4, emulated));
    for (;;) {
      const uint32_t found = atomicSwapIf(toWrite(agent, at, 4, emulated), seen, seen + 1);
      if (found == seen) break;
      seen = found;
      losses++;
    }
  }
  return leaveKernel(agent, operations, at, losses);
}

SPECIALISED uint32_t countByAdd(struct Agent *agent, uint32_t operations, bool emulated) {
  const uint32_t at = fieldOf(agent, AGENT_CURSOR);
  for (uint32_t done = 0; done < operations; done++) atomicAdd(toWrite(agent, at, 4, emulated), 1);
  return operations;
}

/** Reads or increments what the table names, entry by entry: layout.ts has its form. */
SPECIALISED uint32_t tableMix(struct Agent *agent, uint32_t operations, bool emulated) {
  const uint8_t *const table = addressOf(agent->device, fieldOf(agent, AGENT_TABLE));
  const uint32_t mask = fieldOf(agent, AGENT_TABLE_ENTRIES) - 1;
  uint32_t entryIdx = fieldOf(agent, AGENT_CURSOR);
  uint32_t sum = fieldOf(agent, AGENT_CHECKSUM);
  for (uint32_t i = 0; i < operations; i++) {
    const uint32_t entry = load32(table + (entryIdx++ & mask) * 4);
    if ((entry & MIX_INCREMENTS) == 0) sum += atomicLoad(toRead(agent, entry, 4, emulated));
    else atomicAdd(toWrite(agent, entry ^ MIX_INCREMENTS, 4, emulated), 1);
  }
  store32(agent->block + AGENT_CURSOR, entryIdx);
  store32(agent->block + AGENT_CHECKSUM, sum);
  return operations;
}

/** RandomAccess of HPC Challenge: words of 64 bits, changed without atomics, so that updates of others may be lost. */
SPECIALISED uint32_t gups(struct Agent *agent, uint32_t operations, bool emulated) {
  const uint32_t mask = fieldOf(agent, AGENT_SIZE) - 8;
  uint64_t random = load64(agent->block + AGENT_RANDOM);
  for (uint32_t i = 0; i < operations; i++) {
    random = (random << 1) ^ ((int64_t)random < 0 ? POLYNOMIAL : 0);
    uint8_t *const word = toWrite(agent, ((uint32_t)random << 3) & mask, 8, emulated);
    store64(word, load64(word) ^ random);
  }
  store64(agent->block + AGENT_RANDOM, random);
  return operations;
}

SPECIALISED uint32_t words(struct Agent *agent, uint32_t kernel, uint32_t operations, bool emulated) {
  switch (kernel) {
    case KERNEL_PING_PONG_CAS: return pingPongCas(agent, operations, emulated);
    case KERNEL_PING_PONG_ADD: return pingPongAdd(agent, operations, emulated);
    case KERNEL_COUNT_CAS: return countByCas(agent, operations, emulated);
    case KERNEL_COUNT_ADD: return countByAdd(agent, operations, emulated);
    case KERNEL_MIX: return tableMix(agent, operations, emulated);
    default: return gups(agent, operations, emulated);
  }
}

static uint32_t runWords(struct Agent *agent, uint32_t kernel, uint32_t operations, bool emulated) {
  return emulated ? words(agent, kernel, operations, true) : words(agent, kernel, operations, false);
}
