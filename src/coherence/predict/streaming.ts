/** Loops over arrays: each agent takes every so manieth line of them, as threads of a kernel do. */
import * as layout from '../../../assembly/coherence/layout.ts';
import type { ParameterValues } from '../profiles/parameters.ts';
import type { HomeContents } from '../simulate/lay-side.ts';
import { arrayAt, type Load, type Memory, type Scenario, type Side } from './scenario.ts';

/** One access of the body of a loop. Writes go past the caches of cores. */
export interface Access {
  readonly does: 'read' | 'write';
  readonly memory: Memory;
}

export interface Loop {
  readonly side: Side;
  readonly agents: number | 'all';
  readonly body: readonly Access[];
}

/** Of a round, at least: of an agent alone, and of each of many. */
const ACCESSES_OF_ONE = 4000;
const ACCESSES_OF_EACH = 400;
/** Of a loop, so that those of another have lines of their own. */
const ARRAYS = 4;

/** @param beside what the other side does meanwhile */
export function streaming(values: ParameterValues, loop: Loop, beside?: Loop): Scenario {
  const loads = loadsOf(values, loop, 0);
  const noise = beside === undefined ? [] : loadsOf(values, beside, 1).map(asNoise);
  const all = loop.side === 'grace' ? [...loads, ...noise] : [...noise, ...loads];
  const accesses = [...loop.body, ...(beside?.body ?? [])];
  return { loads: all, contents: [contentsOf('lpddr', accesses), contentsOf('hbm', accesses)] };
}

export function agentCount(values: ParameterValues, { side, agents }: Loop): number {
  if (agents !== 'all') return agents;
  return values[side === 'grace' ? 'cpu-cores' : 'gpu-sms'];
}

function loadsOf(values: ParameterValues, loop: Loop, index: number): Load[] {
  const { side, body } = loop;
  const count = agentCount(values, loop);
  const steps = body.map(({ does, memory }, i) => ({
    first: arrayAt(memory, ARRAYS * index + i),
    what: does === 'read' ? layout.ACCESS_LOAD : layout.ACCESS_STREAM,
  }));
  // Odd, so that the lines of an agent fall on all banks of everything.
  const stride = count | 1;
  const rounds = Math.ceil(accessesOfRound(values, side, count) / body.length);
  return Array.from({ length: count }, (_, agent) => ({
    side,
    accesses: rounds * body.length,
    step: (i: number) => {
      const { first, what } = steps[i % steps.length]!;
      return { line: first + Math.floor(i / steps.length) * stride + agent, what };
    },
  }));
}

/** Twice what an agent can have on its way: in less, the begin and the end of a run are all there is. */
function accessesOfRound(values: ParameterValues, side: Side, agents: number): number {
  const name = side === 'grace' ? 'cpu' : 'gpu';
  const onTheirWay = Math.max(values[`${name}-outstanding-reads`], values[`${name}-outstanding-writes`]);
  return Math.max(agents === 1 ? ACCESSES_OF_ONE : ACCESSES_OF_EACH, 2 * onTheirWay);
}

function asNoise(load: Load): Load {
  return { ...load, accesses: 'noise' };
}

/** As after hours of the same: what is displaced has to be written as often as lines are. */
function contentsOf(memory: Memory, accesses: readonly Access[]): HomeContents {
  const here = accesses.filter((access) => access.memory === memory);
  const changed = here.filter(({ does }) => does === 'write').length;
  return here.length === 0 ? 'clean' : { changed, of: here.length };
}
