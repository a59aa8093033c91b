import {
  ACCESS_BYTES,
  OP_CONFIG_READ,
  OP_CONFIG_WRITE,
  OP_DIRECT_COPY,
  OP_REGION_COPY,
  OP_REGION_READ_BYTES,
  OP_REGION_WRITE_BYTES,
  OP_WALK,
} from '../../assembly/layout.ts';
import type { DeviceModel } from '../device/device-model.ts';
import { NativeDevice } from '../device/native/native-device.ts';
import type { CoreExports } from '../device/wasm/module.ts';
import { WasmDevice } from '../device/wasm/wasm-device.ts';
import type { Layer } from '../results/layers.ts';
import type { SampleSeries, Tier } from '../results/samples.ts';
import type { Implementation } from '../types.ts';
import { answerOf } from '../workload/answer.ts';
import { walkedAccesses } from '../workload/direct-accesses.ts';
import type { PreparedWorkload } from '../workload/prepared.ts';
import type { Workload } from '../workload/scenario.ts';
import { type SingleOperations, singleOperations } from './latency.ts';
import { loadTimedLoop } from './load-timed-loop.ts';
import { scriptTier, wasmTier } from './tier.ts';
import type { CallTarget, Sample, Subject } from './timed-loop.ts';

const WORDS = ACCESS_BYTES >> 2;

type TimedLoops = Awaited<ReturnType<typeof loadTimedLoop>>;

/** One side of a comparison, ready to be timed: a workload of ours on an implementation, or a function of a module. */
export interface MeasuredArm {
  readonly workload: Pick<Workload, 'name' | 'params'>;
  readonly implementation: string;
  readonly build: string;
  /** Operations of one pass. */
  readonly operations: number;
  readonly payloadBytesPerOp: number | null;
  readonly trafficBytesPerOp: number | null;
  /** Which part of other arms' cost this one shows; absent where it is a workload itself. */
  readonly layer?: Layer;
  /** Packed accesses that one operation walks over; absent where none are packed. */
  readonly accessesPerOp?: number;
  /** Calls out of JavaScript for one operation; 0 where V8 can put the callee into the loop. */
  readonly callsPerOp?: number;
  /** Every pass is set up outside the window, which costs more than the pass: samples are as short as the clock allows. */
  readonly isSetUpEachPass?: boolean;
  /** Times `passes` passes. */
  readonly time: (passes: number) => Sample;
  /** A pass taken apart into its operations, to be timed one by one; null where they are too short by nature. */
  readonly single: SingleOperations | null;
  /** Compiler tier of the code that the passes run in, now. */
  readonly tier: () => Tier;
  /**
   * Everything that one pass delivers and leaves behind, as 8 hex digits.
   * @param pass makes the pass on the timed path and returns its checksum
   */
  answer(pass: () => number): string;
  /** Digest of what passes have left behind, as it is now; 0 where nothing is. */
  stateDigest(): number;
}

/**
 * An arm with timed loops of its own (see timed-loop.ts).
 * @param layer `boundary` and, in calls, `harness` replace what the loop calls; the others only name the arm
 */
export async function createArm(
  workload: Pick<Workload, 'name' | 'params'>,
  implementation: Implementation,
  prepared: PreparedWorkload,
  build: string,
  layer?: Layer,
): Promise<MeasuredArm> {
  const loops = await loadTimedLoop();
  const { device, path, beforePass } = prepared;
  const words = device.memory.i32;
  const target = callTarget(prepared, loops, layer);
  const subject: Subject = { ...prepared, target, words };
  const loop =
    path === 'batch' ? loops.timeBatches : path === 'model' ? loops.timeCalls : loops.timeLibraryReads;
  const code = codeOf(prepared, loops, controlWords(prepared, words), layer);
  const time = beforePass
    ? oncePerPass(beforePass, (passes) => loop(subject, passes))
    : (n: number) => loop(subject, n);
  const { operations, payloadBytesPerOp, trafficBytesPerOp, answer, stateDigest } = prepared;
  const facts = { workload, implementation, build, operations, payloadBytesPerOp, trafficBytesPerOp };
  const counts = { accessesPerOp: walkedAccesses(prepared) / operations, callsPerOp: callsPerOp(prepared) };
  const single = layer === undefined ? singleOperations(prepared) : null;
  const isSetUpEachPass = beforePass !== null;
  const arm = {
    ...facts,
    ...counts,
    isSetUpEachPass,
    time,
    single,
    tier: () => tierOf(code),
    answer,
    stateDigest,
  };
  if (layer === undefined) return arm;
  return layer === 'boundary' || layer === 'harness' ? { ...withoutAnswer(arm), layer } : { ...arm, layer };
}

function callsPerOp({ device: { model }, path, accessCount, operations }: PreparedWorkload): number {
  const crosses = model instanceof WasmDevice || model instanceof NativeDevice;
  if (!crosses || path === 'library') return 0;
  if (path === 'batch') return 1 / operations;
  return accessCount === 0 ? 1 : accessCount / operations;
}

/** An arm that does nothing has nothing to answer, and shares the device of one that has. */
function withoutAnswer(arm: MeasuredArm): MeasuredArm {
  const time = (passes: number) => ({ durationNs: arm.time(passes).durationNs, checksum: 0 });
  return { ...arm, time, answer: (pass) => answerOf(pass(), 0), stateDigest: () => 0 };
}

/** Control words of the accesses, each once: a batch of several kinds runs in the code of all of them. */
function controlWords({ accesses, accessCount }: PreparedWorkload, words: Int32Array): readonly number[] {
  const found = new Set<number>();
  const first = accesses >> 2;
  for (let i = 0; i < accessCount; i++) {
    const control = words[first + i * WORDS]!;
    found.add(control);
    if (isCopy(control & 0xff)) i++; // the packed access after it holds the source
  }
  return found.size === 0 ? [OP_WALK] : [...found];
}

function isCopy(op: number): boolean {
  return op === OP_REGION_COPY || op === OP_DIRECT_COPY;
}

/** What calls are made on: the functions of the core itself, where it has any, without the class that all arms share. */
function callTarget(
  { device: { model }, path }: PreparedWorkload,
  loops: TimedLoops,
  layer: Layer | undefined,
): CallTarget {
  if (layer === 'boundary') return emptyTarget(model, loops);
  if (layer === 'harness' && path === 'model') return loops.inlinedTarget();
  if (model instanceof WasmDevice) return loops.wasmTarget(model.core);
  return model instanceof NativeDevice ? model.core : model;
}

function emptyTarget(model: DeviceModel, loops: TimedLoops): CallTarget {
  if (model instanceof WasmDevice) return loops.emptyWasmTarget(model.core);
  if (model instanceof NativeDevice) return loops.emptyNativeTarget(model.core);
  throw new RangeError(`no boundary stands before ${model.implementation}: V8 can inline its calls`);
}

/** Work that can be done only once is set up anew, outside the window, before each pass. */
function oncePerPass(beforePass: () => void, time: (passes: number) => Sample): (passes: number) => Sample {
  return (passes) => {
    let durationNs = 0;
    let checksum = 0;
    for (let i = 0; i < passes; i++) {
      beforePass();
      const sample = time(1);
      durationNs += sample.durationNs;
      checksum = sample.checksum;
    }
    return { durationNs, checksum };
  };
}

/** Functions that the passes of an arm spend their time in. */
interface Code {
  readonly script: readonly unknown[];
  /** Exports of the core. */
  readonly wasm: readonly unknown[];
  /** Whether C code does the work: what JavaScript is left then only calls it. */
  readonly native: boolean;
}

/** Which export answers one call to the wasm implementation, which does nothing instead, and which loop makes the call. */
const CALLS: Record<number, { wasm: keyof CoreExports; empty: keyof CoreExports; loop: keyof TimedLoops }> = {
  [OP_CONFIG_READ]: { wasm: 'configRead', empty: 'emptyOf2', loop: 'readPass' },
  [OP_CONFIG_WRITE]: { wasm: 'configWrite', empty: 'emptyOf3', loop: 'writePass' },
  [OP_REGION_READ_BYTES]: { wasm: 'regionReadAt', empty: 'emptyOf5', loop: 'regionPass' },
  [OP_REGION_WRITE_BYTES]: { wasm: 'regionWriteAt', empty: 'emptyOf5', loop: 'regionPass' },
  [OP_WALK]: { wasm: 'runBatch', empty: 'emptyOf4', loop: 'timeEmptyCalls' },
};

function codeOf(
  { device: { model }, path }: PreparedWorkload,
  loops: TimedLoops,
  controls: readonly number[],
  layer: Layer | undefined,
): Code {
  const core = model instanceof WasmDevice ? model.core : null;
  const native = model instanceof NativeDevice;
  if (path === 'library') return { script: [loops.libraryPass], wasm: [], native: false };
  if (path === 'batch') {
    const code = model.codeOf(controls);
    return core ? { script: [], wasm: code, native } : { script: code, wasm: [], native };
  }
  const call = CALLS[controls[0]! & 0xff]!;
  const script = [loops[call.loop]];
  if (layer === 'harness') return { script, wasm: [], native: false };
  return { script, wasm: core ? [core[layer === 'boundary' ? call.empty : call.wasm]] : [], native };
}

function tierOf({ script, wasm, native }: Code): Tier {
  const tiers = new Set(wasm.map(wasmTier));
  if (script.length > 0) tiers.add(scriptTier(script));
  // A loop in the top tier around native code adds what any caller adds.
  if (native && !(tiers.size > 0 && !tiers.has('turbofan'))) return 'native';
  return tiers.size === 1 ? [...tiers][0]! : 'mixed';
}

/** What a sample row says of its arm, besides its figures. */
export type ArmFacts = Pick<
  SampleSeries,
  | 'workload'
  | 'params'
  | 'implementation'
  | 'build'
  | 'layer'
  | 'accessesPerOp'
  | 'callsPerOp'
  | 'payloadBytesPerOp'
  | 'trafficBytesPerOp'
>;

export function armFacts(arm: MeasuredArm): ArmFacts {
  return {
    workload: arm.workload.name,
    params: arm.workload.params,
    implementation: arm.implementation,
    build: arm.build,
    ...(arm.layer !== undefined && { layer: arm.layer }),
    ...(arm.accessesPerOp !== undefined && { accessesPerOp: arm.accessesPerOp }),
    ...(arm.callsPerOp !== undefined && { callsPerOp: arm.callsPerOp }),
    payloadBytesPerOp: arm.payloadBytesPerOp,
    trafficBytesPerOp: arm.trafficBytesPerOp,
  };
}
