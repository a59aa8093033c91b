import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Choice, choicesIn, take } from '../../../src/coherence/explore/choices.ts';
import { Stepper } from '../../../src/coherence/explore/step.ts';
import { Canonical } from '../../../src/coherence/explore/symmetry.ts';
import { type Size, World } from '../../../src/coherence/explore/world.ts';
import { compile } from '../../../src/coherence/protocol/compile.ts';
import { PROTOCOL } from '../../../src/coherence/protocol/protocol.ts';

const SIZE: Size = { cpuCount: 3, gpuCount: 1, lineCount: 2, capacity: 2 };
const ORDERS = [
  [0, 1, 2, 3],
  [0, 2, 1, 3],
  [1, 0, 2, 3],
  [1, 2, 0, 3],
  [2, 0, 1, 3],
  [2, 1, 0, 3],
];

/** A world that a walk of random choices comes to. */
function worldAfter(walk: readonly number[], stepper: Stepper): World {
  const world = World.initial(SIZE);
  const choices: Choice[] = [];
  for (const step of walk) take(choices[step % choicesIn(world, stepper, choices)]!, world, stepper);
  return world;
}

test('worlds that differ in the names of cores alone are one, and go on alike', () => {
  const stepper = new Stepper(compile(PROTOCOL));
  const canonical = new Canonical(SIZE);
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { maxLength: 60 }), fc.constantFrom(...ORDERS), (walk, order) => {
      const world = worldAfter(walk, stepper);
      const renamed = new World(SIZE);
      world.renamed(order, renamed);
      expect(canonical.of(renamed).join()).toBe(canonical.of(world).join());
      expect(successors(renamed)).toEqual(successors(world));
    }),
    { numRuns: 50 },
  );

  function successors(world: World): string[] {
    const choices: Choice[] = [];
    const count = choicesIn(world, stepper, choices);
    const all = choices.slice(0, count).map((choice) => {
      const after = new World(SIZE, world.cells.slice());
      take(choice, after, stepper);
      return canonical.of(after).join();
    });
    return all.toSorted();
  }
});
