/** Cores are alike. Of worlds that differ only in which core is which, one stands for all. */
import { type Size, World } from './world.ts';

export class Canonical {
  private readonly orders: readonly (readonly number[])[];
  private readonly candidate: World;
  private readonly least: Uint16Array;

  constructor(size: Size) {
    const gpus = Array.from({ length: size.gpuCount }, (_, i) => size.cpuCount + i);
    this.orders = permutations(size.cpuCount)
      .slice(1)
      .map((order) => [...order, ...gpus]);
    this.candidate = new World(size);
    this.least = new Uint16Array(this.candidate.cells.length);
  }

  /** The least of them, read as a number. Holds until the next call. */
  of(world: World): Uint16Array {
    this.least.set(world.cells);
    for (const order of this.orders) {
      world.renamed(order, this.candidate);
      if (isLess(this.candidate.cells, this.least)) this.least.set(this.candidate.cells);
    }
    return this.least;
  }
}

/** All orders of 0 to count - 1, the usual one first. */
function permutations(count: number): number[][] {
  if (count === 0) return [[]];
  const last = count - 1;
  const all = permutations(last).flatMap((order) =>
    Array.from({ length: count }, (_, at) => order.toSpliced(last - at, 0, last)),
  );
  return all;
}

function isLess(a: Uint16Array, b: Uint16Array): boolean {
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return a[i]! < b[i]!;
  }
  return false;
}
