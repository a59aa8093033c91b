/**
 * Every schedule of a program on the protocol: each order in which its agents go on, messages arrive, and copies are given
 * back, however often. States are visited once each, so that all schedules are covered without going through them one by
 * one.
 */
import { checkRest, checkState } from '../explore/invariants.ts';
import { StateSet } from '../explore/state-set.ts';
import { Violation } from '../explore/violation.ts';
import { compile } from '../protocol/compile.ts';
import { PROTOCOL } from '../protocol/protocol.ts';
import type { Protocol } from '../protocol/tables.ts';
import type { Agents } from './agents.ts';
import { type Choice, Machine } from './machine.ts';
import type { Orders } from './orders.ts';
import type { Program } from './shapes.ts';
import { type Checks, startsOf } from './starts.ts';

export interface Schedules {
  readonly states: number;
  readonly steps: number;
  /** Sorted. */
  readonly outcomes: readonly string[];
  /** States in which the program is not over and nothing can happen, or that the protocol has no rule for. */
  readonly stuck: number;
}

export interface ScheduleOptions {
  readonly protocol?: Protocol;
  readonly checks?: Checks;
  readonly orders?: Orders;
  /** Copies that are given back to make room, at most and by all agents together: without limit unless told. */
  readonly evictions?: number;
}

/** @throws Violation where an invariant does not hold and is checked */
export function schedulesOf(program: Program, agents: Agents, options: ScheduleOptions = {}): Schedules {
  const { protocol = PROTOCOL, checks = 'all', orders = 'all' } = options;
  const evictions = options.evictions ?? Number.POSITIVE_INFINITY;
  const machine = new Machine(compile(protocol), program, { agents, checks, orders, evictions });
  const { world, cells } = machine;
  const states = new StateSet(cells.length);
  for (const start of startsOf(world.size)) {
    cells.fill(0);
    world.become(start.cells);
    states.add(cells, -1);
  }
  const outcomes = new Set<string>();
  const choices: Choice[] = [];
  let [steps, stuck] = [0, 0];
  for (let index = 0; index < states.size; index++) {
    cells.set(states.at(index));
    const count = machine.choices(choices);
    if (count === 0 && !machine.isOver()) stuck++;
    else if (count === 0) {
      if (checks === 'all') checkRest(world);
      outcomes.add(machine.outcome());
    }
    for (let i = 0; i < count; i++) {
      if (i > 0) cells.set(states.at(index));
      steps++;
      if (!goesOn(machine, choices[i]!, checks)) stuck++;
      else states.add(cells, index);
    }
  }
  return { states: states.size, steps, outcomes: [...outcomes].toSorted(), stuck };
}

function goesOn(machine: Machine, choice: Choice, checks: Checks): boolean {
  try {
    machine.take(choice);
    if (checks === 'all') checkState(machine.world);
    return true;
  } catch (violation) {
    if (checks === 'all' || !(violation instanceof Violation)) throw violation;
    return false;
  }
}
