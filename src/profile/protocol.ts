/** What a profile is asked for, and what the process that takes it answers, as JSON over Node's own channel. */
import type { Profiler } from 'node:inspector';
import type { DeviceFlags } from '../device/device-flags.ts';
import type { NativeBuild } from '../device/native/native-build.ts';
import type { StackRow } from '../report/stack.ts';
import type { Tier } from '../results/samples.ts';
import type { Workload } from '../workload/scenario.ts';

/** Those that answer: of `noop` there is nothing to see but the harness. */
export const PROFILED = ['wasm', 'ts', 'native'] as const;

/**
 * Between two samples. Each stops the thread, wherever it is, so that short intervals slow an arm down; these cost it far
 * less than 5 % (`npm run selftest -- profile`). How sure a share is follows from the number of samples alone: a longer
 * profile makes up for a long interval.
 */
export const SAMPLING_INTERVAL_US = 2000;

export interface ProfileRequest {
  readonly workload: Workload;
  readonly implementation: (typeof PROFILED)[number];
  readonly device: DeviceFlags;
  readonly nativeBuild: NativeBuild;
  readonly seed: number;
  readonly version: string;
  /** How long passes are made under the profiler. */
  readonly durationMs: number;
}

/** A profile as V8 gives it, with what it is a profile of. */
export interface RecordedProfile {
  readonly v8: Profiler.Profile;
  readonly build: string;
  /** Of the code that the passes ran in, at their end. */
  readonly tier: Tier;
  /** Whether functions that V8 has put into their callers are told apart from these; in JavaScript, that is. */
  readonly seesInlined: boolean;
  /** All time over all operations, before the profiler was started and under it. */
  readonly nsPerOp: { readonly unprofiled: number; readonly profiled: number };
  /** What its time is made of, by layers measured behind the profile; null where there are none, or it was stopped. */
  readonly stack: StackRow | null;
}

export type ToProfiled =
  | { readonly type: 'profile'; readonly request: ProfileRequest }
  | { readonly type: 'stop' };

export type FromProfiled =
  | { readonly type: 'progress'; readonly phase: string }
  /** Null where it was stopped before there was anything to see. */
  | { readonly type: 'profiled'; readonly profile: RecordedProfile | null }
  | { readonly type: 'failed'; readonly message: string; readonly exitCode: number | null };
