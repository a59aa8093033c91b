// Hashes of all that happened, in its order: two runs with the same hashes are the same run.

/** Of a time its lowest 32 bits, which a signed conversion gives in fewest instructions: times are below 2^53. */
export function mixTrace(at: usize, time: f64, line: u32, what: u32): void {
  let hash = load<u32>(at);
  hash = (hash ^ <u32>(<i64>time)) * 0x85ebca6b;
  hash = ((hash >> 13) ^ hash ^ line) * 0xc2b2ae35;
  hash = ((hash >> 16) ^ hash ^ what) * 0x9e3779b1;
  store<u32>(at, hash);
}
