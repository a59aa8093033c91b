/**
 * Reads what the next accesses of an agent will need before they need it. The host waits for all of it together, and not
 * once for each: of lines that miss every cache that is most of what an access costs.
 */

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
} from '../../../assembly/coherence/layout.ts';
import { coherentSet } from './core.ts';
import { firstPlaceOf } from './directory.ts';
import { sideAt } from './link.ts';
import { load, store } from './memory.ts';
import { tagsOf } from './memory-side.ts';

const ACCESSES = 8;

/** When an access of `agent` has missed. */
export function readAhead(agent: number): void {
  const from = load(agent + AGENT_CURSOR);
  if (from < load(agent + AGENT_READ_AHEAD)) return;
  const count = load(agent + AGENT_ACCESS_COUNT);
  const to = count - from < ACCESSES ? count : from + ACCESSES;
  const accesses = load(agent + AGENT_ACCESSES_AT);
  const isCore = load(agent + AGENT_SIDE) === 0;
  let mix = 0;
  for (let at = from; at < to; at++) {
    const line = load(accesses + ACCESS_BYTES * at + ACCESS_LINE);
    mix ^= load(firstPlaceOf(line)) ^ load(tagsOf(line));
    if (isCore) mix ^= load(firstPlaceOf(lastOf(agent, line)));
  }
  store(agent + AGENT_READ_AHEAD, to);
  store(agent + AGENT_READ_MIX, mix);
}

/** The line that has to go for `line`, unless its set is used meanwhile. */
function lastOf(agent: number, line: number): number {
  const last = load(sideAt(0) + SIDE_WAYS_2) - 1;
  return (load(coherentSet(agent, line) + 4 * last) - 1) >>> 0;
}
