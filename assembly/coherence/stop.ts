// Why a run stops before its end.
import { STOP, STOP_UNREACHABLE, STOPPED_AT } from './layout';

/** A pair that the tables do not have. `who` is the side of a cache, or 2 of a home. */
export function unreachable(who: u32, state: u32, event: u32): void {
  store<u32>(STOP, STOP_UNREACHABLE);
  store<u32>(STOPPED_AT, (who << 16) | (state << 8) | event);
}
