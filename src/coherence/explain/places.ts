/** How agents and homes of an explanation are called. */
import type { Explanation } from './explain.ts';
import type { Place } from './steps.ts';

/** Names of the home of a memory: as CHI has it, and what it is in this machine. */
export const HOMES = {
  lpddr: { name: 'HN-G', what: 'Grace fabric, L3', cache: 'L3' },
  hbm: { name: 'HN-H', what: 'Hopper L2', cache: 'L2' },
} as const;

/** `core 1`, `SM 0`, `HN-G` */
export function placeName({ access, cast }: Pick<Explanation, 'access' | 'cast'>, place: Place): string {
  if (place === 'home') return HOMES[access.memory].name;
  return place < cast.cores ? `core ${place}` : `SM ${place - cast.cores}`;
}
