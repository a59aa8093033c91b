/** `barometer profile`: where the time of one arm goes, by V8's own sampling profiler. */
import { type DeviceFlags, deviceFlags, oneOf, specFromFlags } from '../device/device-flags.ts';
import { BarometerError, EXIT, UsageError } from '../errors.ts';
import { fingerprint } from '../measure/fingerprint.ts';
import { type ArmProfile, profileRun } from '../profile/profile-run.ts';
import { PROFILED, type ProfileRequest, SAMPLING_INTERVAL_US } from '../profile/protocol.ts';
import { toSpeedscope } from '../profile/speedscope.ts';
import { type Stacks, stacksOf } from '../profile/stacks.ts';
import { summaryOf } from '../profile/summary.ts';
import { wasmNames } from '../profile/wasm-names.ts';
import { flameGraph } from '../report/flame-graph.ts';
import { jsonText } from '../report/json-text.ts';
import { PROFILE_SCHEMA, type ProfileDocument } from '../results/profile.ts';
import { parseCount, parseDurationMs } from '../units.ts';
import { selectWorkloads } from '../workload/catalog.ts';
import { loadWorkloads, type Workload } from '../workload/scenario.ts';
import { listenForInterrupts } from './measured-run.ts';
import { profileText } from './profile-text.ts';
import { ProgressLine } from './progress.ts';
import { saveOutput } from './save-output.ts';
import { filterOf, leavesNothing } from './select.ts';
import { version } from './version.ts';

/** Before the first sample V8 lists its code, for 30 to 50 ms: a shorter one would see little or nothing. */
const MIN_DURATION_MS = 100;
/** A longer one has no more to tell, and all of it is in memory. */
const MAX_DURATION_MS = 60_000;
const MAX_SEED = 2 ** 32;

export interface ProfileFlags extends DeviceFlags {
  readonly impl: string;
  readonly time: string;
  readonly seed: string;
  readonly filter?: string;
  readonly speedscope?: string;
  readonly svg?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Returns the exit code. @throws UsageError for bad input, BarometerError where the arm cannot run */
export async function profile(name: string, flags: ProfileFlags): Promise<number> {
  const { request, variants } = requestOf(name, flags);
  const progress = new ProgressLine(process.stderr, flags.quiet ?? false);
  const interrupt = listenForInterrupts();
  const { implementation } = request;
  const say = (phase: string) => progress.say(`${request.workload.name}  ${implementation}  ${phase}`);
  let found: ArmProfile | null;
  try {
    found = await profileRun(request, { progress: say, signal: interrupt.signal });
  } finally {
    progress.clear();
    interrupt.dispose();
  }
  const interrupted = interrupt.signal.aborted;
  if (found !== null) finish(found, { request, variants, interrupted }, flags);
  return interrupted ? EXIT.interrupted : EXIT.ok;
}

interface Asked {
  readonly request: ProfileRequest;
  readonly variants: number;
}

function requestOf(name: string, flags: ProfileFlags): Asked {
  for (const option of ['speedscope', 'svg'] as const) {
    if (flags[option] === '') throw new UsageError(`--${option} "": expected the name of a file`);
  }
  if (flags.svg !== undefined && flags.svg === flags.speedscope)
    throw new UsageError(`--svg ${flags.svg}: expected another file than --speedscope`);
  const implementation = oneOf('--impl', flags.impl, PROFILED);
  const durationMs = parseDurationMs(flags.time, '--time');
  if (durationMs < MIN_DURATION_MS || durationMs > MAX_DURATION_MS)
    throw new UsageError(`--time ${JSON.stringify(flags.time)}: expected 100ms to 60s`);
  const seed = parseCount(flags.seed, '--seed', { min: 1, max: MAX_SEED });
  const device = deviceFlags(flags);
  specFromFlags(device); // what is wrong with it is said before a process is started
  const { workload, variants } = variantOf(name, flags);
  const arm = { workload, implementation, device, nativeBuild: 'O3' } as const;
  return { request: { ...arm, seed, version: version(), durationMs }, variants };
}

/** @throws UsageError unless one workload is named, of which the filter leaves a variant */
function variantOf(name: string, flags: ProfileFlags): { workload: Workload; variants: number } {
  const named = selectWorkloads(loadWorkloads(), [name]);
  const left = named.filter(filterOf(flags));
  if (left.length === 0) throw leavesNothing(flags, named.length);
  const names = new Set(left.map((workload) => workload.name));
  if (names.size > 1) {
    throw new UsageError(
      `${JSON.stringify(name)} names ${names.size} workloads, and a profile is of one: ${[...names].join(', ')}`,
    );
  }
  return { workload: left[0]!, variants: left.length };
}

function finish(
  found: ArmProfile,
  asked: Asked & { readonly interrupted: boolean },
  flags: ProfileFlags,
): void {
  const stacks = stacksOf(found.v8, wasmNames());
  if (!asked.interrupted) checkSeen(stacks, flags.time);
  const report = documentOf(found, stacks, asked);
  // Printed first: where a file cannot be written, this is not lost.
  process.stdout.write(flags.json ? jsonText(report) : profileText(report));
  const title = titleOf(report);
  if (flags.speedscope !== undefined) {
    const file = toSpeedscope(stacks, title, `barometer ${version()}`);
    saveOutput('--speedscope', flags.speedscope, JSON.stringify(file));
  }
  if (flags.svg !== undefined) saveOutput('--svg', flags.svg, flameGraph(report, title));
}

/** A profile of nothing tells nothing. @throws BarometerError that says what to do */
export function checkSeen({ takenCount }: Pick<Stacks, 'takenCount'>, time: string): void {
  if (takenCount > 0) return;
  throw new BarometerError(
    `the profiler took no sample within --time ${time}: give a longer --time, or a machine with less other work`,
  );
}

function documentOf(
  found: ArmProfile,
  stacks: Stacks,
  { request, variants, interrupted }: Asked & { readonly interrupted: boolean },
): ProfileDocument {
  const { workload, implementation, device, seed, durationMs } = request;
  return {
    schema: PROFILE_SCHEMA,
    fingerprint: fingerprint([implementation]),
    settings: {
      ...device,
      policy: specFromFlags(device).policy,
      seed,
      durationMs,
      intervalUs: SAMPLING_INTERVAL_US,
    },
    workload: workload.name,
    params: workload.params,
    variants,
    implementation,
    evidence: 'measured',
    interrupted,
    ...summaryOf(found, stacks),
  };
}

function titleOf({ workload, params, implementation }: ProfileDocument): string {
  return `${workload} ${JSON.stringify(params)} on ${implementation}`;
}
