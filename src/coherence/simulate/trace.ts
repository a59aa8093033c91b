/** A hash of all that happened, in its order: two runs with the same hash are the same run. */
import { TRACE_HASH } from '../../../assembly/coherence/layout.ts';
import { load, store } from './memory.ts';

/** @param time picoseconds @param what a line, or what an event is about @param who an agent, or an event's kind */
export function mixTrace(time: number, what: number, who: number): void {
  let hash = load(TRACE_HASH);
  hash = Math.imul(hash ^ time, 0x85ebca6b);
  hash = Math.imul((hash >>> 13) ^ hash ^ what, 0xc2b2ae35);
  hash = Math.imul((hash >>> 16) ^ hash ^ who, 0x9e3779b1);
  store(TRACE_HASH, hash);
}
