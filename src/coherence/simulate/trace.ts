/** Hashes of all that happened, in its order: two runs with the same hashes are the same run. */
import { load, store } from './memory.ts';

/** @param at of the hash @param time picoseconds @param what an access, or an event's kind */
export function mixTrace(at: number, time: number, line: number, what: number): void {
  let hash = load(at);
  hash = Math.imul(hash ^ time, 0x85ebca6b);
  hash = Math.imul((hash >>> 13) ^ hash ^ line, 0xc2b2ae35);
  hash = Math.imul((hash >>> 16) ^ hash ^ what, 0x9e3779b1);
  store(at, hash);
}
