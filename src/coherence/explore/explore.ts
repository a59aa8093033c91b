/** Every state that a small world can come to, each checked. Breadth first: a violation comes with a shortest story. */
import { compile } from '../protocol/compile.ts';
import type { Protocol } from '../protocol/tables.ts';
import { type Choice, choicesIn, isFree, take } from './choices.ts';
import { checkRest, checkState } from './invariants.ts';
import { StateSet } from './state-set.ts';
import { Stepper } from './step.ts';
import { storyOf } from './story.ts';
import { Canonical } from './symmetry.ts';
import { Violation } from './violation.ts';
import { type Size, World } from './world.ts';

export interface Exploration {
  /** Cores are alike: states that differ only in which core is which count once. */
  readonly states: number;
  readonly steps: number;
  /** Rules of the protocol that nothing led to. */
  readonly unused: readonly string[];
  /** The first violation, after which nothing was looked at. */
  readonly found: Found | null;
}

export interface Found {
  readonly violation: Violation;
  /** What happened, from the first state on. */
  readonly story: readonly string[];
}

const STATES_BETWEEN_PROGRESS = 1 << 14;

/** @param progress called now and then with the number of states so far */
export function explore(protocol: Protocol, size: Size, progress?: (states: number) => void): Exploration {
  const exploring = exploration(protocol, size);
  for (;;) {
    const { done, value } = exploring.next();
    if (done) return value;
    progress?.(value);
  }
}

/** The same in steps, between which the number of states so far is told: for who has to look elsewhere meanwhile. */
export function* exploration(protocol: Protocol, size: Size): Generator<number, Exploration, void> {
  const stepper = new Stepper(compile(protocol));
  const world = World.initial(size);
  const canonical = new Canonical(size);
  const states = new StateSet(world.cells.length);
  const choices: Choice[] = [];
  let steps = 0;
  let index = 0;
  let isBroken = false;
  states.add(canonical.of(world), -1);
  try {
    for (; index < states.size; index++) {
      if (index % STATES_BETWEEN_PROGRESS === 0) yield states.size;
      world.become(states.at(index));
      const count = choicesIn(world, stepper, choices);
      isBroken = false;
      if (areFree(choices, count)) checkRest(world);
      isBroken = true;
      for (let i = 0; i < count; i++) {
        if (i > 0) world.become(states.at(index));
        steps++;
        take(choices[i]!, world, stepper);
        checkState(world);
        states.add(canonical.of(world), index);
      }
    }
  } catch (violation) {
    if (!(violation instanceof Violation)) throw violation;
    const story = storyOf(states, index, { size, stepper, isBroken });
    return { states: states.size, steps, unused: stepper.unused, found: { violation, story } };
  }
  return { states: states.size, steps, unused: stepper.unused, found: null };
}

function areFree(choices: readonly Choice[], count: number): boolean {
  for (let i = 0; i < count; i++) if (!isFree(choices[i]!)) return false;
  return true;
}
