/** States of a line in the cache of a core by what they say of its data, one bit each. */
import { CPU } from './codes.ts';
import type { CpuState } from './names.ts';

const bitsOf = (...states: readonly CpuState[]): number =>
  states.reduce((bits, state) => bits | (1 << CPU[state]), 0);

export const CHANGEABLE = bitsOf('E', 'M');
export const READABLE = bitsOf('S', 'SM_AD', 'S_A');
/** Owners, those whose copy is on its way back, and those to whom it is on its way. */
export const MAY_OWN = bitsOf('E', 'M', 'MI_A', 'EI_A', 'IS_D', 'IM_AD', 'SM_AD');
export const MAY_SHARE = bitsOf('S', 'SM_AD', 'S_A', 'SI_A', 'IS_D');
/** Changed, and not yet at home. */
export const OWES_DATA = bitsOf('M', 'MI_A');
/** There is data in the copy. */
export const HAS_DATA = bitsOf('S', 'E', 'M', 'SM_AD', 'S_A', 'MI_A', 'EI_A', 'SI_A');

export function isOneOf(states: number, state: number): boolean {
  return ((states >> state) & 1) === 1;
}
