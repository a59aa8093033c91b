/** Why a run stops before its end. */
import { STOP, STOP_UNREACHABLE, STOPPED_AT } from '../../../assembly/coherence/layout.ts';
import { store } from './memory.ts';

/** A pair that the tables do not have. @param who side of a cache, or 2 of a home */
export function unreachable(who: number, state: number, event: number): void {
  store(STOP, STOP_UNREACHABLE);
  store(STOPPED_AT, (who << 16) | (state << 8) | event);
}
