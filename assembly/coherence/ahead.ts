// Reads what the next accesses of an agent will need before they need it. The host waits for all of it together, and not
// once for each: of lines that miss every cache that is most of what an access costs.
import { coherentSet } from './core';
import { firstPlaceOf } from './directory';
import {
  ACCESS_BYTES,
  ACCESS_LINE,
  AGENT_ACCESS_COUNT,
  AGENT_ACCESSES_AT,
  AGENT_CURSOR,
  AGENT_READ_AHEAD,
  AGENT_READ_MIX,
  AGENT_SIDE,
  SIDE_WAYS_2,
} from './layout';
import { sideAt } from './link';
import { tagsOf } from './memory-side';

const ACCESSES: u32 = 8;

/** When an access of `agent` has missed. */
export function readAhead(agent: usize): void {
  const from = load<u32>(agent, AGENT_CURSOR);
  if (from < load<u32>(agent, AGENT_READ_AHEAD)) return;
  const count = load<u32>(agent, AGENT_ACCESS_COUNT);
  const to = count - from < ACCESSES ? count : from + ACCESSES;
  const accesses = load<u32>(agent, AGENT_ACCESSES_AT);
  const isCore = load<u32>(agent, AGENT_SIDE) == 0;
  let mix: u32 = 0;
  for (let at = from; at < to; at++) {
    const line = load<u32>(accesses + ACCESS_BYTES * at, ACCESS_LINE);
    mix ^= load<u32>(firstPlaceOf(line)) ^ load<u32>(tagsOf(line));
    if (isCore) mix ^= load<u32>(firstPlaceOf(lastOf(agent, line)));
  }
  store<u32>(agent, to, AGENT_READ_AHEAD);
  store<u32>(agent, mix, AGENT_READ_MIX);
}

/** The line that has to go for `line`, unless its set is used meanwhile. */
function lastOf(agent: usize, line: u32): u32 {
  const last = load<u32>(sideAt(0), SIDE_WAYS_2) - 1;
  return load<u32>(coherentSet(agent, line) + 4 * last) - 1;
}
