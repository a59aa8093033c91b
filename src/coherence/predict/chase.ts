/** Chases: loads of one agent, each of which waits for the one before, in a pseudo-random order through a footprint. */
import * as layout from '../../../assembly/coherence/layout.ts';
import type { ParameterValues } from '../profiles/parameters.ts';
import { LINE_BYTES } from '../simulate/lay-side.ts';
import { arrayAt, type Memory, type Scenario, type Side } from './scenario.ts';

/** Lines of 4 GiB: no cache holds them. */
const FAR_LINES = 2 ** 26;
const FAR_ACCESSES = 2000;
const SEED = 12_345;

/** Where the footprint ends up: in a cache of the agent, in that of the home, or nowhere. */
export type Plateau = 'l1' | 'l2' | 'home' | 'memory';

/** Null where no footprint is too large for one cache and small enough for the next. */
export function chase(
  values: ParameterValues,
  side: Side,
  memory: Memory,
  plateau: Plateau,
): Scenario | null {
  const lines = footprint(values, side, memory, plateau);
  if (lines === null) return null;
  const order = cycleOf(lines);
  const accesses = plateau === 'memory' ? FAR_ACCESSES : lines;
  const what = layout.ACCESS_LOAD | layout.ACCESS_DEPENDS;
  const step = (i: number) => ({ line: arrayAt(memory, 0) + order(i), what });
  return { loads: [{ side, accesses, step }], contents: 'empty' };
}

function footprint(values: ParameterValues, side: Side, memory: Memory, plateau: Plateau): number | null {
  const first = values[side === 'grace' ? 'cpu-l1-size' : 'gpu-l1-size'] / LINE_BYTES;
  const own = side === 'grace' ? values['cpu-l2-size'] / LINE_BYTES : first;
  const home = values[memory === 'lpddr' ? 'l3-size' : 'l2-size'] / LINE_BYTES;
  if (plateau === 'memory') return FAR_LINES;
  if (plateau === 'l1') return powerBelow(first / 2);
  // Twice what a cache holds: with least recently used lines replaced, a cycle finds none of them.
  const [inner, outer] = plateau === 'l2' ? [first, own] : [own, home];
  const lines = 2 * powerAbove(inner);
  return lines <= outer ? lines : null;
}

function powerAbove(count: number): number {
  return 2 ** Math.ceil(Math.log2(count));
}

function powerBelow(count: number): number {
  return 2 ** Math.max(0, Math.floor(Math.log2(count)));
}

/** A linear congruential generator of full period: each line once in every `lines` (a power of two) steps. */
function cycleOf(lines: number): (i: number) => number {
  let at = SEED % lines;
  let index = 0;
  return (i) => {
    if (i < index) [at, index] = [SEED % lines, 0];
    for (; index < i; index++) at = ((Math.imul(at, 1_664_525) + 1_013_904_223) >>> 0) % lines;
    return at;
  };
}
