import * as layout from '../../../assembly/layout.ts';
import { mix } from './access.ts';
import type { AccessBatch } from './access-batch.ts';
import type { AgentBlock } from './agent-block.ts';

const SLOT_SEQUENCE = layout.SLOT_SEQUENCE >>> 2;
const SLOT_ANSWER = layout.SLOT_ANSWER >>> 2;
const SLOT_ACCESS = layout.SLOT_ACCESS >>> 2;
const ACCESS_WORDS = layout.ACCESS_BYTES >>> 2;

/** Message n: each word of the payload is n, the flag says so, and the next one waits for the acknowledgement. */
export function produce(block: AgentBlock, operations: number): number {
  const { words } = block;
  const payload = block.get(layout.AGENT_PAYLOAD);
  let sent = block.get(layout.AGENT_CURSOR);
  for (let done = 0; done < operations; done++) {
    let attempts = 0;
    while (Atomics.load(words, block.toRead(layout.MESSAGE_ACK, 4) >>> 2) !== sent) {
      if (block.isStopped(++attempts)) return block.leave(done, sent, 0);
    }
    sent = (sent + 1) | 0;
    const to = block.toWrite(layout.MESSAGE_PAYLOAD, payload) >>> 2;
    const end = to + (payload >>> 2);
    for (let word = to; word < end; word += 2) {
      words[word] = sent;
      words[word + 1] = 0;
    }
    Atomics.store(words, block.toWrite(layout.MESSAGE_FLAG, 4) >>> 2, sent);
  }
  return block.leave(operations, sent, 0);
}

export function consume(block: AgentBlock, operations: number): number {
  const { words } = block;
  const payload = block.get(layout.AGENT_PAYLOAD);
  let received = block.get(layout.AGENT_CURSOR);
  let broken = 0;
  for (let done = 0; done < operations; done++) {
    const next = (received + 1) | 0;
    let attempts = 0;
    while (Atomics.load(words, block.toRead(layout.MESSAGE_FLAG, 4) >>> 2) !== next) {
      if (block.isStopped(++attempts)) return block.leave(done, received, broken);
    }
    received = next;
    const from = block.toRead(layout.MESSAGE_PAYLOAD, payload) >>> 2;
    const end = from + (payload >>> 2);
    let differences = 0;
    for (let word = from; word < end; word += 2) differences |= (words[word]! ^ next) | words[word + 1]!;
    if (differences !== 0) broken++;
    Atomics.store(words, block.toWrite(layout.MESSAGE_ACK, 4) >>> 2, received);
  }
  return block.leave(operations, received, broken);
}

/** Puts the packed accesses of the table into the ring, one after the other, and waits for the answer of each. */
export function request(block: AgentBlock, operations: number): number {
  const { words } = block;
  const tableIdx = block.get(layout.AGENT_TABLE) >>> 2;
  const mask = block.get(layout.AGENT_TABLE_ENTRIES) - 1;
  const ticketIdx = (block.get(layout.AGENT_ADDRESS) + layout.RING_TICKET) >>> 2;
  let next = block.get(layout.AGENT_CURSOR);
  for (let done = 0; done < operations; done++) {
    const ticket = Atomics.add(words, ticketIdx, 1) >>> 0;
    const slot = slotOf(block, ticket);
    const free = firstOf(block, ticket);
    if (!awaited(block, slot, free)) return block.leave(done, next, 0);
    const access = tableIdx + (next & mask) * ACCESS_WORDS;
    next = (next + 1) | 0;
    for (let word = 0; word < ACCESS_WORDS; word++) words[slot + SLOT_ACCESS + word] = words[access + word]!;
    Atomics.store(words, slot + SLOT_SEQUENCE, free + 1);
    if (!awaited(block, slot, free + 2)) return block.leave(done, next, 0);
    block.set(layout.AGENT_CHECKSUM, mix(block.get(layout.AGENT_CHECKSUM), words[slot + SLOT_ANSWER]!));
    Atomics.store(words, slot + SLOT_SEQUENCE, free + 3);
  }
  return block.leave(operations, next, 0);
}

/** Serves requests in the order of their tickets: each is a batch of one access. */
export function serve(block: AgentBlock, operations: number, batch: AccessBatch): number {
  const { words } = block;
  const buffer = block.get(layout.AGENT_BUFFER);
  let ticket = block.get(layout.AGENT_CURSOR) >>> 0;
  for (let done = 0; done < operations; done++) {
    const slot = slotOf(block, ticket);
    const free = firstOf(block, ticket);
    if (!awaited(block, slot, free + 1)) return block.leave(done, ticket, 0);
    words[slot + SLOT_ANSWER] = batch.run((slot + SLOT_ACCESS) << 2, 1, buffer, 0);
    Atomics.store(words, slot + SLOT_SEQUENCE, free + 2);
    ticket = (ticket + 1) >>> 0;
  }
  return block.leave(operations, ticket, 0);
}

/** Word index of the slot of a ticket. */
function slotOf(block: AgentBlock, ticket: number): number {
  const slots = block.get(layout.AGENT_ADDRESS) + layout.RING_SLOTS;
  return (slots + ((ticket * layout.SLOT_BYTES) % block.get(layout.AGENT_SIZE))) >>> 2;
}

/** Sequence of a free slot in the round of a ticket. */
function firstOf(block: AgentBlock, ticket: number): number {
  return 3 * Math.floor(ticket / (block.get(layout.AGENT_SIZE) / layout.SLOT_BYTES));
}

/** Waits for a sequence; false where the agent is to stop. */
function awaited(block: AgentBlock, slot: number, sequence: number): boolean {
  let attempts = 0;
  while (Atomics.load(block.words, slot + SLOT_SEQUENCE) !== sequence) {
    if (block.isStopped(++attempts)) return false;
  }
  return true;
}
