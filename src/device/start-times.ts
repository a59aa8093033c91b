import { nowNs } from '../clock.ts';

/**
 * `compile`: from what lies on disk to code that can be called: `new WebAssembly.Module` of bytes already read, dlopen
 * of the compiled addon, import of the TypeScript modules. `instantiate`: a device in a memory that describes it
 * already (see placeDevice): the instance with its imports and exports bound, and `build`.
 */
export const START_PHASES = ['compile', 'instantiate'] as const;
export type StartPhase = (typeof START_PHASES)[number];

/** What one implementation took to start in this process. */
export interface StartTime {
  readonly implementation: string;
  readonly phase: StartPhase;
  readonly durationNs: number;
}

const times = new Map<string, StartTime>();

/**
 * Makes something of an implementation, and keeps what that took if it is the first of its kind in this process. Later
 * ones say nothing of a start: V8 has compiled code for the same bytes, and the dynamic linker has the library.
 */
export function timeStart<T>(implementation: string, phase: StartPhase, make: () => T): T {
  const start = nowNs();
  const made = make();
  recordStart({ implementation, phase, durationNs: nowNs() - start });
  return made;
}

/** As `timeStart`, for what was timed elsewhere. */
export function recordStart(time: StartTime): void {
  const key = `${time.implementation} ${time.phase}`;
  if (!times.has(key)) times.set(key, time);
}

/** What has been started in this process so far, in that order. */
export function startTimes(): readonly StartTime[] {
  return [...times.values()];
}
