/** How a small world came to a state: what happened, in words, from the first state on. */
import { type Choice, choicesIn, describe, take } from './choices.ts';
import { checkState } from './invariants.ts';
import type { StateSet } from './state-set.ts';
import type { Stepper } from './step.ts';
import { Canonical } from './symmetry.ts';
import { Violation } from './violation.ts';
import { type Size, World } from './world.ts';

/** Walks to state `index` of `states`, and one step more where `isBroken`: the one that breaks an invariant. */
export function storyOf(
  states: StateSet,
  index: number,
  { size, stepper, isBroken }: { readonly size: Size; readonly stepper: Stepper; readonly isBroken: boolean },
): string[] {
  const path: number[] = [];
  for (let at = index; states.parentOf(at) >= 0; at = states.parentOf(at)) path.unshift(at);
  const canonical = new Canonical(size);
  let world = World.initial(size);
  const story: string[] = [];
  const follow = (isIt: (after: World, choice: Choice) => boolean): void => {
    const choices: Choice[] = [];
    const count = choicesIn(world, stepper, choices);
    for (const choice of choices.slice(0, count)) {
      const after = new World(size, world.cells.slice());
      if (!isIt(after, choice)) continue;
      story.push(describe(choice, world));
      world = after;
      return;
    }
  };
  for (const to of path) {
    const wanted = states.at(to).join();
    follow((after, choice) => !breaks(after, choice, stepper) && canonical.of(after).join() === wanted);
  }
  if (isBroken) follow((after, choice) => breaks(after, choice, stepper));
  return story;
}

function breaks(world: World, choice: Choice, stepper: Stepper): boolean {
  try {
    take(choice, world, stepper);
    checkState(world);
    return false;
  } catch (error) {
    if (error instanceof Violation) return true;
    throw error;
  }
}
