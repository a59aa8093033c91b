// Kernels that contend for words: ping-pong between two agents, increments of one word or of words that share a line, a
// mix of reads and increments over a table, and GUPS. Each returns the operations done, fewer where it was told to stop.
import { toRead, toWrite } from './agent-place';
import {
  AGENT_CHECKSUM,
  AGENT_CURSOR,
  AGENT_FAILURES,
  AGENT_RANDOM,
  AGENT_SIZE,
  AGENT_STOP,
  AGENT_TABLE,
  AGENT_TABLE_ENTRIES,
  MIX_INCREMENTS,
} from './layout';

/** Attempts after which a waiting agent looks whether it is to stop. */
const PATIENCE: u32 = 1024;
/** x^64 + x^2 + x + 1, the polynomial of HPC Challenge RandomAccess. */
const POLYNOMIAL: u64 = 7;

/** Whether an agent that has waited for so many attempts is to stop. */
export function isStopped(block: usize, attempts: u32): bool {
  return attempts % PATIENCE == 0 && atomic.load<u32>(load<u32>(block, AGENT_STOP)) != 0;
}

/**
 * Two agents take turns at the first word of the range: agent i waits for a value of its parity and adds one. With
 * compare-and-swap both attempt it back to back, as core-to-core-latency and Fusco et al. (arXiv 2408.11556) do.
 */
export function pingPongCas<Path>(block: usize, operations: u32): u32 {
  let turn = load<u32>(block, AGENT_CURSOR);
  let losses: u32 = 0;
  for (let done: u32 = 0; done < operations; done++) {
    while (atomic.cmpxchg<u32>(toWrite<Path>(block, 0, 4), turn, turn + 1) != turn) {
      if (isStopped(block, ++losses)) return leave(block, done, turn, losses);
    }
    turn += 2;
  }
  return leave(block, operations, turn, losses);
}

export function pingPongAdd<Path>(block: usize, operations: u32): u32 {
  let turn = load<u32>(block, AGENT_CURSOR);
  let losses: u32 = 0;
  for (let done: u32 = 0; done < operations; done++) {
    while (atomic.load<u32>(toRead<Path>(block, 0, 4)) != turn) {
      if (isStopped(block, ++losses)) return leave(block, done, turn, losses);
    }
    atomic.add<u32>(toWrite<Path>(block, 0, 4), 1);
    turn += 2;
  }
  return leave(block, operations, turn, losses);
}

/** Increments of the word at AGENT_CURSOR of the range, which others increment too, or the words beside it. */
export function countByCas<Path>(block: usize, operations: u32): u32 {
  const at = load<u32>(block, AGENT_CURSOR);
  let losses: u32 = 0;
  for (let done: u32 = 0; done < operations; done++) {
    let seen = atomic.load<u32>(toRead<Path>(block, at, 4));
    while (true) {
      const found = atomic.cmpxchg<u32>(toWrite<Path>(block, at, 4), seen, seen + 1);
      if (found == seen) break;
      seen = found;
      losses++;
    }
  }
  return leave(block, operations, at, losses);
}

export function countByAdd<Path>(block: usize, operations: u32): u32 {
  const at = load<u32>(block, AGENT_CURSOR);
  for (let done: u32 = 0; done < operations; done++) atomic.add<u32>(toWrite<Path>(block, at, 4), 1);
  return operations;
}

/** Reads or increments what the table names, entry by entry: layout.ts has its form. */
export function mixed<Path>(block: usize, operations: u32): u32 {
  const table = load<u32>(block, AGENT_TABLE);
  const mask = load<u32>(block, AGENT_TABLE_ENTRIES) - 1;
  let entryIdx = load<u32>(block, AGENT_CURSOR);
  let sum = load<u32>(block, AGENT_CHECKSUM);
  for (let i: u32 = 0; i < operations; i++) {
    const entry = load<u32>(table + ((entryIdx++ & mask) << 2));
    if ((entry & MIX_INCREMENTS) == 0) sum += atomic.load<u32>(toRead<Path>(block, entry, 4));
    else atomic.add<u32>(toWrite<Path>(block, entry ^ MIX_INCREMENTS, 4), 1);
  }
  store<u32>(block, entryIdx, AGENT_CURSOR);
  store<u32>(block, sum, AGENT_CHECKSUM);
  return operations;
}

/** RandomAccess of HPC Challenge: words of 64 bits, changed without atomics, so that updates of others may be lost. */
export function gups<Path>(block: usize, operations: u32): u32 {
  const mask = load<u32>(block, AGENT_SIZE) - 8;
  let random = load<u64>(block, AGENT_RANDOM);
  for (let i: u32 = 0; i < operations; i++) {
    random = (random << 1) ^ (<i64>random < 0 ? POLYNOMIAL : 0);
    const word = toWrite<Path>(block, ((<u32>random) << 3) & mask, 8);
    store<u64>(word, load<u64>(word) ^ random);
  }
  store<u64>(block, random, AGENT_RANDOM);
  return operations;
}

/** Leaves in the block where the kernel goes on, and what failed. @returns the operations done */
export function leave(block: usize, done: u32, cursor: u32, losses: u32): u32 {
  store<u32>(block, cursor, AGENT_CURSOR);
  store<u32>(block, load<u32>(block, AGENT_FAILURES) + losses, AGENT_FAILURES);
  return done;
}
