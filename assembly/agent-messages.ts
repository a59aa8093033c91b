// Kernels that hand something on: messages from one agent to another, and requests of several agents to one that emulates
// the device, as virtual CPUs trap into a device thread. Plain payloads stand behind an atomic flag, and are whole where
// the flag is seen (WebAssembly threads, exec/relaxed). Each returns the operations done.
import { mix } from './access';
import { runBatch } from './access-batch';
import { toRead, toWrite } from './agent-place';
import { isStopped, leave } from './agent-words';
import {
  ACCESS_BYTES,
  AGENT_ADDRESS,
  AGENT_BUFFER,
  AGENT_CHECKSUM,
  AGENT_CURSOR,
  AGENT_PAYLOAD,
  AGENT_SIZE,
  AGENT_TABLE,
  AGENT_TABLE_ENTRIES,
  MESSAGE_ACK,
  MESSAGE_FLAG,
  MESSAGE_PAYLOAD,
  RING_SLOTS,
  RING_TICKET,
  SLOT_ACCESS,
  SLOT_ANSWER,
  SLOT_BYTES,
  SLOT_SEQUENCE,
} from './layout';

/** Message n: each word of the payload is n, the flag says so, and the next one waits for the acknowledgement. */
export function produce<Path>(block: usize, operations: u32): u32 {
  const payload = load<u32>(block, AGENT_PAYLOAD);
  let sent = load<u32>(block, AGENT_CURSOR);
  for (let done: u32 = 0; done < operations; done++) {
    let attempts: u32 = 0;
    while (atomic.load<u32>(toRead<Path>(block, MESSAGE_ACK, 4)) != sent) {
      if (isStopped(block, ++attempts)) return leave(block, done, sent, 0);
    }
    sent++;
    const to = toWrite<Path>(block, MESSAGE_PAYLOAD, payload);
    for (let word: usize = to; word < to + payload; word += 8) store<u64>(word, sent);
    atomic.store<u32>(toWrite<Path>(block, MESSAGE_FLAG, 4), sent);
  }
  return leave(block, operations, sent, 0);
}

export function consume<Path>(block: usize, operations: u32): u32 {
  const payload = load<u32>(block, AGENT_PAYLOAD);
  let received = load<u32>(block, AGENT_CURSOR);
  let broken: u32 = 0;
  for (let done: u32 = 0; done < operations; done++) {
    let attempts: u32 = 0;
    while (atomic.load<u32>(toRead<Path>(block, MESSAGE_FLAG, 4)) != received + 1) {
      if (isStopped(block, ++attempts)) return leave(block, done, received, broken);
    }
    received++;
    const from = toRead<Path>(block, MESSAGE_PAYLOAD, payload);
    let differences: u64 = 0;
    for (let word: usize = from; word < from + payload; word += 8) differences |= load<u64>(word) ^ received;
    if (differences != 0) broken++;
    atomic.store<u32>(toWrite<Path>(block, MESSAGE_ACK, 4), received);
  }
  return leave(block, operations, received, broken);
}

/** Puts the packed accesses of the table into the ring, one after the other, and waits for the answer of each. */
export function request(block: usize, operations: u32): u32 {
  const table = load<u32>(block, AGENT_TABLE);
  const mask = load<u32>(block, AGENT_TABLE_ENTRIES) - 1;
  const ring = load<u32>(block, AGENT_ADDRESS);
  let next = load<u32>(block, AGENT_CURSOR);
  let sum = load<u32>(block, AGENT_CHECKSUM);
  for (let done: u32 = 0; done < operations; done++) {
    const ticket = atomic.add<u32>(ring + RING_TICKET, 1);
    const slot = slotOf(block, ticket);
    const free = firstOf(block, ticket);
    if (!awaited(block, slot, free)) return leave(block, done, next, 0);
    const access = table + (next++ & mask) * ACCESS_BYTES;
    v128.store(slot + SLOT_ACCESS, v128.load(access));
    atomic.store<u32>(slot + SLOT_SEQUENCE, free + 1);
    if (!awaited(block, slot, free + 2)) return leave(block, done, next, 0);
    sum = mix(sum, load<u32>(slot + SLOT_ANSWER));
    atomic.store<u32>(slot + SLOT_SEQUENCE, free + 3);
    store<u32>(block, sum, AGENT_CHECKSUM);
  }
  return leave(block, operations, next, 0);
}

/** Serves requests in the order of their tickets: each is a batch of one access. */
export function serve(block: usize, operations: u32): u32 {
  const buffer = load<u32>(block, AGENT_BUFFER);
  let ticket = load<u32>(block, AGENT_CURSOR);
  for (let done: u32 = 0; done < operations; done++) {
    const slot = slotOf(block, ticket);
    const free = firstOf(block, ticket);
    if (!awaited(block, slot, free + 1)) return leave(block, done, ticket, 0);
    store<u32>(slot + SLOT_ANSWER, runBatch(slot + SLOT_ACCESS, 1, buffer, 0));
    atomic.store<u32>(slot + SLOT_SEQUENCE, free + 2);
    ticket++;
  }
  return leave(block, operations, ticket, 0);
}

function slotOf(block: usize, ticket: u32): usize {
  const bytes = load<u32>(block, AGENT_SIZE);
  return load<u32>(block, AGENT_ADDRESS) + RING_SLOTS + ((ticket * SLOT_BYTES) % bytes);
}

/** Sequence of a free slot in the round of a ticket. */
function firstOf(block: usize, ticket: u32): u32 {
  return 3 * (ticket / (load<u32>(block, AGENT_SIZE) / SLOT_BYTES));
}

/** Waits for a sequence; false where the agent is to stop. */
function awaited(block: usize, slot: usize, sequence: u32): bool {
  let attempts: u32 = 0;
  while (atomic.load<u32>(slot + SLOT_SEQUENCE) != sequence) {
    if (isStopped(block, ++attempts)) return false;
  }
  return true;
}
