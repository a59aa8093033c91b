// What one agent does on the shared memory: a number of operations of one kernel.
#include "agent.h"

#include "agent-kernels.h"

static uint32_t runAgent(struct Device *device, uint32_t block, uint32_t operations) {
  if (!isInMemory(device, block, AGENT_BYTES)) return 0;
  struct Agent agent = {.device = device, .block = addressOf(device, block)};
  const uint32_t stop = fieldOf(&agent, AGENT_STOP);
  const uint32_t range = fieldOf(&agent, AGENT_ADDRESS);
  if (!isInMemory(device, stop, 4) || !isInMemory(device, range, MESSAGE_PAYLOAD)) return 0;
  agent.stop = (const uint32_t *)(const void *)addressOf(device, stop);
  agent.range = addressOf(device, range);
  const uint32_t kernel = fieldOf(&agent, AGENT_KERNEL);
  const bool emulated = fieldOf(&agent, AGENT_EMULATED) != 0;
  if (kernel <= KERNEL_TRIAD) {
    runStreams(&agent, kernel, operations, emulated);
    return operations;
  }
  if (kernel <= KERNEL_CHASE_4) {
    runChase(&agent, kernel, operations, emulated);
    return operations;
  }
  if (kernel <= KERNEL_COUNT_ADD || kernel == KERNEL_MIX || kernel == KERNEL_GUPS) {
    return runWords(&agent, kernel, operations, emulated);
  }
  if (kernel <= KERNEL_SERVE) return runMessages(&agent, kernel, operations, emulated);
  device->leftMemory = true;
  return 0;
}
