/** Made-up noise: how fresh processes may differ from each other. Each has a spread of about 1 and its middle at 0. */
import type { Random } from '../../src/random.ts';

export function gauss(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
}

const sign = (random: Random): number => (random.below(2) === 0 ? -1 : 1);

export const NOISES = {
  normal: gauss,
  /** Student's t with 3 degrees of freedom. */
  heavyTailed: (random: Random): number =>
    gauss(random) / Math.sqrt((gauss(random) ** 2 + gauss(random) ** 2 + gauss(random) ** 2) / 3),
  /** One process in ten is off by 6. */
  contaminated: (random: Random): number => gauss(random) + (random.below(10) === 0 ? 6 * sign(random) : 0),
  /** Two modes, 3 apart. */
  bimodal: (random: Random): number => gauss(random) + 1.5 * sign(random),
};
export type NoiseName = keyof typeof NOISES;

/** Rounds of one process, which lies at `level`: their own noise, of spread `inside`, comes on top. */
export function forkAt(level: number, inside: number, random: Random, rounds = 15): number[] {
  return Array.from({ length: rounds }, () => level + inside * gauss(random));
}
