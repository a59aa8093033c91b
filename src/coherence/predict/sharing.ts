/** Agents that want the same line: turns, false sharing, and additions. */
import * as layout from '../../../assembly/coherence/layout.ts';
import type { ParameterValues } from '../profiles/parameters.ts';
import { arrayAt, type Load, type Memory, type Scenario, type Side } from './scenario.ts';

const TURNS = 500;
const STORES = 500;
const ADDITIONS = 50;

/** Whether compare-and-swaps and additions of a side reach a memory. */
export function atomicsReach(values: ParameterValues, side: Side, memory: Memory): boolean {
  if (side === 'grace') return memory === 'lpddr' || values['cpu-atomics-to-device'] === 1;
  return memory === 'hbm' || values['gpu-atomics-to-host'] === 1;
}

/** The first agent makes an even word odd, the second an odd one even, each as soon as it can. */
export function pingPong(
  values: ParameterValues,
  memory: Memory,
  first: Side,
  second: Side,
): Scenario | null {
  if (![first, second].every((side) => atomicsReach(values, side, memory))) return null;
  const loads = [
    repeated(first, TURNS, arrayAt(memory, 0), layout.ACCESS_SWAP_EVEN),
    repeated(second, TURNS, arrayAt(memory, 0), layout.ACCESS_SWAP_ODD),
  ];
  // Cores are first; who begins is told by the words.
  return { loads: first === 'hopper' ? loads.toReversed() : loads, contents: 'empty' };
}

/** Two cores that store to words of one line, or each to a line of its own. */
export function stores(memory: Memory, lines: 'shared' | 'own'): Scenario {
  const lineOf = (core: number) => arrayAt(memory, 0) + (lines === 'own' ? core : 0);
  const loads = [0, 1].map((core) => repeated('grace', STORES, lineOf(core), layout.ACCESS_STORE));
  return { loads, contents: 'empty' };
}

/** All agents of a side add to one line, or each to a line of its own. */
export function additions(
  values: ParameterValues,
  side: Side,
  memory: Memory,
  lines: 'shared' | 'own',
): Scenario | null {
  if (!atomicsReach(values, side, memory)) return null;
  const count = values[side === 'grace' ? 'cpu-cores' : 'gpu-sms'];
  const lineOf = (agent: number) => arrayAt(memory, 0) + (lines === 'own' ? agent : 0);
  const loads = Array.from({ length: count }, (_, agent) =>
    repeated(side, ADDITIONS, lineOf(agent), layout.ACCESS_ADD),
  );
  return { loads, contents: 'empty' };
}

function repeated(side: Side, accesses: number, line: number, operation: number): Load {
  const step = { line, what: operation | layout.ACCESS_DEPENDS };
  return { side, accesses, step: () => step };
}

export { TURNS as PING_PONG_TURNS };
