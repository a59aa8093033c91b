/** What happens once in a process: an implementation is compiled, instantiated, and makes its first pass. */
import { nowNs } from '../clock.ts';
import { recordStart, type StartPhase, startTimes } from '../device/start-times.ts';
import type { SampleRow } from '../results/rows.ts';
import type { Tier } from '../results/samples.ts';
import type { MeasuredArm } from './arm.ts';
import { loadAnew } from './own-source.ts';

/** The workload that rows of `compile` and `instantiate` name: they belong to none. */
export const START_WORKLOAD = 'start';

/** No answer was asked for. */
const NO_CHECKSUM = '00000000';

/**
 * Imports the TypeScript implementation from source text that this process has not seen, which is its `compile`. The
 * files are in the page cache by then, as the core's bytes are when WebAssembly compiles them.
 */
export async function timeTsImport(): Promise<void> {
  const start = nowNs();
  await loadAnew('device/ts/ts-device');
  recordStart({ implementation: 'ts', phase: 'compile', durationNs: nowNs() - start });
}

/** Facts that the rows of one fork share. */
export interface PhaseFacts {
  readonly runtime: string;
  readonly fork: number;
  readonly block: number;
  readonly buildOf: (implementation: string) => string;
}

/** A row for each start of an implementation in this process so far; see start-times.ts for what each phase includes. */
export function startRows({ buildOf, ...facts }: PhaseFacts): SampleRow[] {
  return startTimes().map(({ implementation, phase, durationNs }) => ({
    ...facts,
    workload: START_WORKLOAD,
    params: {},
    implementation,
    build: buildOf(implementation),
    evidence: 'measured',
    phase,
    tier: startTier(implementation, phase),
    checksum: NO_CHECKSUM,
    payloadBytesPerOp: null,
    trafficBytesPerOp: null,
    round: 0,
    durationNs,
    operations: 1,
  }));
}

/** Where V8 begins unless flags say otherwise. What compiles is itself C++: V8, or the dynamic linker. */
function startTier(implementation: string, phase: StartPhase): Tier {
  if (phase === 'compile' || implementation === 'native') return 'native';
  return implementation === 'wasm' ? 'liftoff' : 'interpreter';
}

/** The first pass of an arm. */
export interface FirstPass {
  readonly durationNs: number;
  readonly operations: number;
  /** When the pass was over: V8 may have promoted some of the code during it. */
  readonly tier: Tier;
}

const begun = new Set<string>();

/**
 * Makes and times one pass of an arm whose implementation has made none in this process; later arms find V8's code
 * warm, and get null without a pass. To be called before the arm is asked for its answer, which passes leave as it
 * is: the answer that counts is that of a later one. Building the device and filling its memory came before, so what
 * that runs of the implementation is warm.
 */
export function timeFirstPass(arm: MeasuredArm): FirstPass | null {
  const code = JSON.stringify([arm.implementation, arm.build]);
  if (arm.implementation === 'noop' || arm.layer !== undefined || begun.has(code)) return null;
  begun.add(code);
  const { durationNs } = arm.time(1);
  return { durationNs, operations: arm.operations, tier: arm.tier() };
}
