import { unavailableReason } from '../src/device/availability.ts';
import type { Implementation } from '../src/types.ts';

/** Why native code cannot be built here, null where it can. */
export const NATIVE_REASON = unavailableReason('native');

/** Those that answer on this machine. The first one is what others are held against. */
export const ANSWERING: readonly [Implementation, ...Implementation[]] =
  NATIVE_REASON === null ? ['wasm', 'ts', 'native'] : ['wasm', 'ts'];

/** For the name of a test that needs native code. */
export const NATIVE_NOTE = NATIVE_REASON === null ? '' : ` (skipped: ${NATIVE_REASON})`;
