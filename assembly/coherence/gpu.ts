// The first-level cache of a GPU agent. No home knows of it, and an acquire empties it.
import * as layout from './layout';
import { sideAt } from './link';
import { insert, remove, setOf, toFront, wayOf } from './tags';

function setFor(agent: usize, line: u32): usize {
  const side = sideAt(1);
  return setOf(
    load<u32>(agent, layout.AGENT_TAGS_1_AT),
    load<u32>(side, layout.SIDE_SETS_1),
    load<u32>(side, layout.SIDE_WAYS_1),
    line,
  );
}

export function gpuRule(state: u32, event: u32): u32 {
  return load<u32>(load<u32>(layout.GPU_RULES_AT) + 4 * (state * layout.DO_COUNT + event));
}

/** What the protocol calls an access of a GPU agent. */
export function gpuEvent(operation: u32): u32 {
  if (operation == layout.ACCESS_LOAD) return layout.DO_LOAD;
  return operation >= <u32>layout.ACCESS_ADD ? layout.DO_ATOMIC_FAR : layout.DO_STORE;
}

/** V or I. A line that is there is used. */
export function gpuState(agent: usize, line: u32): u32 {
  const set = setFor(agent, line);
  const way = wayOf(set, load<u32>(sideAt(1), layout.SIDE_WAYS_1), line);
  if (way < 0) return layout.STATE_I;
  toFront(set, way);
  return layout.STATE_V;
}

export function gpuFill(agent: usize, line: u32): void {
  insert(setFor(agent, line), load<u32>(sideAt(1), layout.SIDE_WAYS_1), line);
}

export function gpuDrop(agent: usize, line: u32): void {
  const ways = load<u32>(sideAt(1), layout.SIDE_WAYS_1);
  const set = setFor(agent, line);
  const way = wayOf(set, ways, line);
  if (way >= 0) remove(set, ways, way);
}

export function acquire(agent: usize): void {
  const side = sideAt(1);
  const tags = load<u32>(agent, layout.AGENT_TAGS_1_AT);
  memory.fill(tags, 0, 4 * load<u32>(side, layout.SIDE_SETS_1) * load<u32>(side, layout.SIDE_WAYS_1));
}
