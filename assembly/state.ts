import { FAST_READ_LIMIT } from './layout';

/** Address of this instance's state block. One instance of the module drives one device. */
export let state: usize = 0;
/** Mirror of FAST_READ_LIMIT, so that the access path does not load it. */
export let fastReadLimit: u32 = 0;

/** Points this instance at a state block that is already built, by this or by another implementation. */
export function attach(stateBlock: usize): void {
  state = stateBlock;
  fastReadLimit = load<u32>(stateBlock, FAST_READ_LIMIT);
}
