// A hash of all that happened, in its order: two runs with the same hash are the same run.
import { TRACE_HASH } from './layout';

/** Of a time its lowest 32 bits, which a signed conversion gives in fewest instructions: times are below 2^53. */
export function mixTrace(time: f64, what: u32, who: u32): void {
  let hash = load<u32>(TRACE_HASH);
  hash = (hash ^ <u32>(<i64>time)) * 0x85ebca6b;
  hash = ((hash >> 13) ^ hash ^ what) * 0xc2b2ae35;
  hash = ((hash >> 16) ^ hash ^ who) * 0x9e3779b1;
  store<u32>(TRACE_HASH, hash);
}
