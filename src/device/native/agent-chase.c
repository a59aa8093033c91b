// Dependent loads: a word in each line of a range names the next one, in one random cycle. Several chains go round the
// same cycle from other places, and their loads overlap. An operation is a hop of one chain.
#include "agent-kernels.h"
#include "agent-place.h"

SPECIALISED void chase(struct Agent *agent, uint32_t chains, uint32_t operations, bool emulated) {
  uint32_t at[4];
  for (uint32_t k = 0; k < chains; k++) at[k] = fieldOf(agent, AGENT_CHAINS + 4 * k);
  for (uint32_t i = 0; i < operations; i += chains) {
    for (uint32_t k = 0; k < chains; k++) at[k] = load32(toRead(agent, at[k], 4, emulated));
  }
  for (uint32_t k = 0; k < chains; k++) store32(agent->block + AGENT_CHAINS + 4 * k, at[k]);
}

SPECIALISED void chases(struct Agent *agent, uint32_t kernel, uint32_t operations, bool emulated) {
  if (kernel == KERNEL_CHASE) chase(agent, 1, operations, emulated);
  else if (kernel == KERNEL_CHASE_2) chase(agent, 2, operations, emulated);
  else chase(agent, 4, operations, emulated);
}

static void runChase(struct Agent *agent, uint32_t kernel, uint32_t operations, bool emulated) {
  if (emulated) chases(agent, kernel, operations, true);
  else chases(agent, kernel, operations, false);
}
