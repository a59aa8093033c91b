/** The first-level cache of a GPU agent. No home knows of it, and an acquire empties it. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { sideAt } from './link.ts';
import { load, store } from './memory.ts';
import { insert, remove, setOf, toFront, wayOf } from './tags.ts';

function setFor(agent: number, line: number): number {
  const side = sideAt(1);
  return setOf(
    load(agent + layout.AGENT_TAGS_1_AT),
    load(side + layout.SIDE_SETS_1),
    load(side + layout.SIDE_WAYS_1),
    line,
  );
}

export function gpuRule(state: number, event: number): number {
  return load(load(layout.GPU_RULES_AT) + 4 * (state * layout.DO_COUNT + event));
}

/** What the protocol calls an access of a GPU agent. */
export function gpuEvent(operation: number): number {
  if (operation === layout.ACCESS_LOAD) return layout.DO_LOAD;
  return operation >= layout.ACCESS_ADD ? layout.DO_ATOMIC_FAR : layout.DO_STORE;
}

/** V or I. A line that is there is used. */
export function gpuState(agent: number, line: number): number {
  const set = setFor(agent, line);
  const way = wayOf(set, load(sideAt(1) + layout.SIDE_WAYS_1), line);
  if (way < 0) return layout.STATE_I;
  toFront(set, way);
  return layout.STATE_V;
}

export function gpuFill(agent: number, line: number): void {
  insert(setFor(agent, line), load(sideAt(1) + layout.SIDE_WAYS_1), line);
}

export function gpuDrop(agent: number, line: number): void {
  const ways = load(sideAt(1) + layout.SIDE_WAYS_1);
  const set = setFor(agent, line);
  const way = wayOf(set, ways, line);
  if (way >= 0) remove(set, ways, way);
}

export function acquire(agent: number): void {
  const side = sideAt(1);
  const tags = load(agent + layout.AGENT_TAGS_1_AT);
  const end = tags + 4 * load(side + layout.SIDE_SETS_1) * load(side + layout.SIDE_WAYS_1);
  for (let at = tags; at < end; at += 4) store(at, 0);
}
