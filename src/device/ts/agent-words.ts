import * as layout from '../../../assembly/layout.ts';
import type { AgentBlock } from './agent-block.ts';

/** x^64 + x^2 + x + 1, the polynomial of HPC Challenge RandomAccess. */
const POLYNOMIAL = 7;

/**
 * Two agents take turns at the first word of the range: agent i waits for a value of its parity and adds one. With
 * compare-and-swap both attempt it back to back.
 */
export function pingPongCas(block: AgentBlock, operations: number): number {
  const { words } = block;
  let turn = block.get(layout.AGENT_CURSOR);
  let losses = 0;
  for (let done = 0; done < operations; done++) {
    while (Atomics.compareExchange(words, block.toWrite(0, 4) >>> 2, turn, (turn + 1) | 0) !== turn) {
      if (block.isStopped(++losses)) return block.leave(done, turn, losses);
    }
    turn = (turn + 2) | 0;
  }
  return block.leave(operations, turn, losses);
}

export function pingPongAdd(block: AgentBlock, operations: number): number {
  const { words } = block;
  let turn = block.get(layout.AGENT_CURSOR);
  let losses = 0;
  for (let done = 0; done < operations; done++) {
    while (Atomics.load(words, block.toRead(0, 4) >>> 2) !== turn) {
      if (block.isStopped(++losses)) return block.leave(done, turn, losses);
    }
    Atomics.add(words, block.toWrite(0, 4) >>> 2, 1);
    turn = (turn + 2) | 0;
  }
  return block.leave(operations, turn, losses);
}

/** Increments of the word at AGENT_CURSOR of the range, which others increment too, or the words beside it. */
export function countByCas(block: AgentBlock, operations: number): number {
  const { words } = block;
  const at = block.get(layout.AGENT_CURSOR);
  let losses = 0;
  for (let done = 0; done < operations; done++) {
    let seen = Atomics.load(words, block.toRead(at, 4) >>> 2);
    for (;;) {
      const found = Atomics.compareExchange(words, block.toWrite(at, 4) >>> 2, seen, (seen + 1) | 0);
      if (found === seen) break;
      seen = found;
      losses++;
    }
  }
  return block.leave(operations, at, losses);
}

export function countByAdd(block: AgentBlock, operations: number): number {
  const { words } = block;
  const at = block.get(layout.AGENT_CURSOR);
  for (let done = 0; done < operations; done++) Atomics.add(words, block.toWrite(at, 4) >>> 2, 1);
  return operations;
}

/** Reads or increments what the table names, entry by entry: its bits 30:0 are a byte of the range. */
export function mixed(block: AgentBlock, operations: number): number {
  const { words } = block;
  const tableIdx = block.get(layout.AGENT_TABLE) >>> 2;
  const mask = block.get(layout.AGENT_TABLE_ENTRIES) - 1;
  let entryIdx = block.get(layout.AGENT_CURSOR);
  let sum = block.get(layout.AGENT_CHECKSUM);
  for (let i = 0; i < operations; i++) {
    const entry = words[tableIdx + (entryIdx & mask)]!;
    entryIdx = (entryIdx + 1) | 0;
    if ((entry & layout.MIX_INCREMENTS) === 0)
      sum = (sum + Atomics.load(words, block.toRead(entry, 4) >>> 2)) | 0;
    else Atomics.add(words, block.toWrite(entry ^ layout.MIX_INCREMENTS, 4) >>> 2, 1);
  }
  block.set(layout.AGENT_CURSOR, entryIdx);
  block.set(layout.AGENT_CHECKSUM, sum);
  return operations;
}

/** RandomAccess of HPC Challenge: words of 64 bits, changed without atomics, so that updates of others may be lost. */
export function gups(block: AgentBlock, operations: number): number {
  const { words } = block;
  const mask = block.get(layout.AGENT_SIZE) - 8;
  let low = block.get(layout.AGENT_RANDOM);
  let high = block.get(layout.AGENT_RANDOM + 4);
  for (let i = 0; i < operations; i++) {
    const feedback = high < 0 ? POLYNOMIAL : 0;
    high = (high << 1) | (low >>> 31);
    low = (low << 1) ^ feedback;
    const word = block.toWrite((low << 3) & mask, 8) >>> 2;
    words[word] = words[word]! ^ low;
    words[word + 1] = words[word + 1]! ^ high;
  }
  block.set(layout.AGENT_RANDOM, low);
  block.set(layout.AGENT_RANDOM + 4, high);
  return operations;
}
