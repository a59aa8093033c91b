/** What a copy holds, and how old it may be. */
import { GPU } from '../protocol/codes.ts';
import { CPU_STATES, GPU_STATES } from '../protocol/names.ts';
import { HAS_DATA, isOneOf } from '../protocol/state-sets.ts';
import { Violation } from './violation.ts';
import { COPY, HOME, type World } from './world.ts';

/** Whether there is data in the copy. */
export function hasCopy(world: World, agent: number, line: number): boolean {
  const state = world.copy(agent, line, COPY.state);
  return world.isGpu(agent) ? state === GPU.V : isOneOf(HAS_DATA, state);
}

export function stateName(world: World, agent: number, line: number): string {
  return (world.isGpu(agent) ? GPU_STATES : CPU_STATES)[world.copy(agent, line, COPY.state)]!;
}

/** What an atomic operation leaves behind. */
export const nextValue = (world: World, found: number): number => (found + 1) % (world.size.valueCount ?? 2);

/** @throws Violation where what was read is older than it may be */
export function checkRead(world: World, agent: number, line: number, value: number, isCached: boolean): void {
  if (world.size.letsOldPass) return;
  if (world.isGpu(agent)) {
    if (((world.copy(agent, line, COPY.fresh) >> value) & 1) === 1) return;
    const since = `which line ${line} has not held since its acquire`;
    throw new Violation('data value', `GPU agent ${agent} read ${value}, ${since}`);
  }
  const newest = world.home(line, HOME.newest);
  // What a home hands out is checked there, and may be old when it arrives.
  if (!isCached || value === newest) return;
  throw new Violation('data value', `core ${agent} read ${value} of line ${line}, the newest is ${newest}`);
}

/** @throws Violation where a home hands out a value that is not the newest */
export function checkHandedOut(world: World, line: number, value: number): void {
  if (world.size.letsOldPass || value === world.home(line, HOME.newest)) return;
  throw new Violation('data value', `the home of line ${line} hands out ${value}, which is not the newest`);
}

/** A write takes effect: from here on everybody has to see it, GPU agents from their next acquire on. */
export function setNewest(world: World, line: number, value: number): void {
  world.setHome(line, HOME.newest, value);
  for (let agent = world.size.cpuCount; agent < world.agentCount; agent++) {
    world.setCopy(agent, line, COPY.fresh, world.copy(agent, line, COPY.fresh) | (1 << value));
  }
}
