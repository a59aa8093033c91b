/** `npm run selftest -- profile`: what profiling costs an arm, and whether a profile and a cost stack tell the same. */
import { EXIT } from '../errors.ts';
import { distance, partsOf } from '../profile/parts.ts';
import { profileRun } from '../profile/profile-run.ts';
import { profilingCost } from '../profile/profiling-cost.ts';
import type { ProfileRequest } from '../profile/protocol.ts';
import { stacksOf } from '../profile/stacks.ts';
import { wasmNames } from '../profile/wasm-names.ts';
import { Random } from '../random.ts';
import {
  costLine,
  keepsCost,
  type PartTrial,
  partLine,
  partsHold,
  partTrials,
  trialsLine,
} from '../report/profile-trials.ts';
import type { ProfiledPart } from '../results/profile.ts';
import { loadWorkloads } from '../workload/scenario.ts';
import { version } from './version.ts';

/** Of turns with the profiler and without. */
const PAIRS = 20;
/** Each takes a profile and a cost stack. */
const PROCESSES = 5;
const PROFILE_MS = 2000;

/** Registers and copies, one by one and in batches: each has another part that is large. */
const ARMS: readonly (readonly [
  workload: string,
  implementation: ProfileRequest['implementation'],
  size: number | null,
])[] = [
  ['config-read/call', 'wasm', null],
  ['config-read/batch', 'wasm', null],
  ['region-copy', 'wasm', 64],
  ['region-copy', 'wasm', 4096],
  ['region-copy', 'wasm', 65_536],
  ['region-read/call', 'wasm', 4096],
  ['region-read/batch', 'wasm', 64],
  ['config-read/call', 'ts', null],
  ['config-read/batch', 'ts', null],
  ['region-copy', 'ts', 4096],
];

/** Returns the exit code: 3 unless profiling surely costs no more than is promised, and the two views of every arm agree. */
export async function profileExperiment(): Promise<number> {
  let isKept = true;
  const all: PartTrial[] = [];
  for (const [workload, implementation, size] of ARMS) {
    const request = requestOf(workload, implementation, size);
    const name = `${workload}${size === null ? '' : ` ${size} B`} ${implementation}`;
    const cost = { name, ...(await profilingCost({ ...request, layoutSeed: request.seed }, PAIRS)) };
    const trials = partTrials(await partsOfProcesses(request), gapOf, new Random(1));
    // An arm that gave nothing to hold against each other is no arm that agrees.
    isKept &&= keepsCost(cost) && trials.length > 0;
    all.push(...trials);
    const parts = trials.length > 0 ? trials.map(partLine) : ['  no parts: NOT TESTED'];
    process.stdout.write(`${[costLine(cost), ...parts].join('\n')}\n`);
  }
  process.stdout.write(`${trialsLine(all)}\n`);
  return isKept && partsHold(all) ? EXIT.ok : EXIT.regression;
}

async function partsOfProcesses(request: ProfileRequest): Promise<ProfiledPart[][]> {
  const { signal } = new AbortController();
  const found: ProfiledPart[][] = [];
  for (let seed = 1; seed <= PROCESSES; seed++) {
    const profile = await profileRun({ ...request, seed }, { progress: () => {}, signal });
    if (!profile) continue;
    const { v8, stack, seesInlined } = profile;
    found.push(partsOf(stacksOf(v8, wasmNames()), stack?.stack ?? null, seesInlined));
  }
  return found;
}

function gapOf(part: ProfiledPart): number {
  return part.stack ? distance(part, part.stack) : 0;
}

function requestOf(
  name: string,
  implementation: ProfileRequest['implementation'],
  sizeBytes: number | null,
): ProfileRequest {
  const workload = loadWorkloads().find(
    (one) => one.name === name && (sizeBytes === null || one.params.sizeBytes === sizeBytes),
  )!;
  const device = { device: 'gh200-120gb' };
  return {
    workload,
    implementation,
    device,
    nativeBuild: 'O3',
    seed: 1,
    version: version(),
    durationMs: PROFILE_MS,
  };
}
