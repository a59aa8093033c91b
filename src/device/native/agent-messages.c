// Kernels that hand something on: messages from one agent to another, and requests of several agents to one that emulates
// the device, as virtual CPUs trap into a device thread.
#include "access-batch.h"
#include "access.h"
#include "agent-kernels.h"
#include "agent-place.h"

/** Message n: each word of the payload is n, the flag says so, and the next one waits for the acknowledgement. */
SPECIALISED uint32_t produce(struct Agent *agent, uint32_t operations, bool emulated) {
  const uint32_t payload = fieldOf(agent, AGENT_PAYLOAD);
  uint32_t sent = fieldOf(agent, AGENT_CURSOR);
  for (uint32_t done = 0; done < operations; done++) {
    uint32_t attempts = 0;
    while (atomicLoad(toRead(agent, MESSAGE_ACK, 4, emulated)) != sent) {
      if (isStopped(agent, ++attempts)) return leaveKernel(agent, done, sent, 0);
    }
    sent++;
    uint8_t *const to = toWrite(agent, MESSAGE_PAYLOAD, payload, emulated);
    for (uint32_t word = 0; word < payload; word += 8) store64(to + word, sent);
    atomicStore(toWrite(agent, MESSAGE_FLAG, 4, emulated), sent);
  }
  return leaveKernel(agent, operations, sent, 0);
}

SPECIALISED uint32_t consume(struct Agent *agent, uint32_t operations, bool emulated) {
  const uint32_t payload = fieldOf(agent, AGENT_PAYLOAD);
  uint32_t received = fieldOf(agent, AGENT_CURSOR);
  uint32_t broken = 0;
  for (uint32_t done = 0; done < operations; done++) {
    uint32_t attempts = 0;
    while (atomicLoad(toRead(agent, MESSAGE_FLAG, 4, emulated)) != received + 1) {
      if (isStopped(agent, ++attempts)) return leaveKernel(agent, done, received, broken);
    }
    received++;
    const uint8_t *const from = toRead(agent, MESSAGE_PAYLOAD, payload, emulated);
    uint64_t differences = 0;
    for (uint32_t word = 0; word < payload; word += 8) differences |= load64(from + word) ^ received;
    if (differences != 0) broken++;
    atomicStore(toWrite(agent, MESSAGE_ACK, 4, emulated), received);
  }
  return leaveKernel(agent, operations, received, broken);
}

/** The slot of a ticket in the ring, and the sequence of a free one in its round. */
struct Slot {
  uint8_t *at;
  uint32_t free;
};

static struct Slot slotOf(const struct Agent *agent, uint32_t ticket) {
  const uint32_t bytes = fieldOf(agent, AGENT_SIZE);
  return (struct Slot){agent->range + RING_SLOTS + ticket * SLOT_BYTES % bytes, 3 * (ticket / (bytes / SLOT_BYTES))};
}

/** Waits for a sequence; false where the agent is to stop. */
static bool awaited(const struct Agent *agent, const uint8_t *slot, uint32_t sequence) {
  uint32_t attempts = 0;
  while (atomicLoad(slot + SLOT_SEQUENCE) != sequence) {
    if (isStopped(agent, ++attempts)) return false;
  }
  return true;
}

/** Puts the packed accesses of the table into the ring, one after the other, and waits for the answer of each. */
static uint32_t request(struct Agent *agent, uint32_t operations) {
  const uint8_t *const table = addressOf(agent->device, fieldOf(agent, AGENT_TABLE));
  const uint32_t mask = fieldOf(agent, AGENT_TABLE_ENTRIES) - 1;
  uint32_t next = fieldOf(agent, AGENT_CURSOR);
  for (uint32_t done = 0; done < operations; done++) {
    const struct Slot slot = slotOf(agent, atomicAdd(agent->range + RING_TICKET, 1));
    if (!awaited(agent, slot.at, slot.free)) return leaveKernel(agent, done, next, 0);
    memcpy(slot.at + SLOT_ACCESS, table + (next++ & mask) * ACCESS_BYTES, ACCESS_BYTES);
    atomicStore(slot.at + SLOT_SEQUENCE, slot.free + 1);
    if (!awaited(agent, slot.at, slot.free + 2)) return leaveKernel(agent, done, next, 0);
    store32(agent->block + AGENT_CHECKSUM, mix(fieldOf(agent, AGENT_CHECKSUM), load32(slot.at + SLOT_ANSWER)));
    atomicStore(slot.at + SLOT_SEQUENCE, slot.free + 3);
  }
  return leaveKernel(agent, operations, next, 0);
}

/** Serves requests in the order of their tickets: each is a batch of one access. */
static uint32_t serve(struct Agent *agent, uint32_t operations) {
  struct Device *const device = agent->device;
  const uint32_t buffer = fieldOf(agent, AGENT_BUFFER);
  uint32_t ticket = fieldOf(agent, AGENT_CURSOR);
  for (uint32_t done = 0; done < operations; done++) {
    const struct Slot slot = slotOf(agent, ticket);
    if (!awaited(agent, slot.at, slot.free + 1)) return leaveKernel(agent, done, ticket, 0);
    const uint32_t access = (uint32_t)(slot.at + SLOT_ACCESS - device->memory);
    store32(slot.at + SLOT_ANSWER, runBatch(device, access, 1, buffer, 0));
    atomicStore(slot.at + SLOT_SEQUENCE, slot.free + 2);
    ticket++;
  }
  return leaveKernel(agent, operations, ticket, 0);
}

static uint32_t runMessages(struct Agent *agent, uint32_t kernel, uint32_t operations, bool emulated) {
  if (kernel == KERNEL_REQUEST) return request(agent, operations);
  if (kernel == KERNEL_SERVE) return serve(agent, operations);
  if (kernel == KERNEL_PRODUCE) {
    return emulated ? produce(agent, operations, true) : produce(agent, operations, false);
  }
  return emulated ? consume(agent, operations, true) : consume(agent, operations, false);
}
