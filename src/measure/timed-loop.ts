/**
 * The only timed windows outside the implementations. `loadTimedLoop` loads this file anew for every arm: two
 * functions made from one source text share V8's type feedback, and an arm would pay for what another has seen.
 * Nothing between the two clock readings allocates, formats or decides anything but the loop itself.
 */
import { OP_CONFIG_WRITE, OP_REGION_READ_BYTES, OP_WALK } from '../../assembly/layout.ts';
import { nowNs } from '../clock.ts';
import type { Device } from '../device/device.ts';
import type { DeviceModel } from '../device/device-model.ts';
import type { NativeCore } from '../device/native/addon.ts';
import type { CoreExports } from '../device/wasm/module.ts';
import type { WidthBytes } from '../types.ts';

const WORDS = 4;
const TWO_32 = 2 ** 32;

/** Duration of one sample in nanoseconds, and the checksum of its last pass. */
export interface Sample {
  readonly durationNs: number;
  readonly checksum: number;
}

/** What a call loop calls. */
export type CallTarget = Pick<
  DeviceModel,
  'configRead' | 'configWrite' | 'regionRead' | 'regionWrite' | 'runBatch'
>;

/**
 * Calls straight into one instance of the core. V8 inlines the boundary into a caller that has seen one instance;
 * a method shared by all wasm devices has seen many (measured: 8 against 3.5 ns a call).
 */
export function wasmTarget(core: CoreExports): CallTarget {
  return {
    configRead: (offset, width) => core.configRead(offset, width) >>> 0,
    configWrite: (offset, width, value) => core.configWrite(offset, width, value),
    regionRead: (region, offset, count, buffer) =>
      core.regionReadAt(region, offset | 0, offset / TWO_32, count, buffer),
    regionWrite: (region, offset, count, buffer) =>
      core.regionWriteAt(region, offset | 0, offset / TWO_32, count, buffer),
    runBatch: (accesses, count, buffer, checksum) => core.runBatch(accesses, count, buffer, checksum),
  };
}

/** The same calls into the core, as far as they get: each does nothing there. */
export function emptyWasmTarget(core: CoreExports): CallTarget {
  const emptyRegionCall = (region: number, offset: number, count: number, buffer: number) =>
    core.emptyOf5(region, offset | 0, offset / TWO_32, count, buffer);
  return {
    configRead: (offset, width) => core.emptyOf2(offset, width) >>> 0,
    configWrite: (offset, width, value) => core.emptyOf3(offset, width, value),
    regionRead: emptyRegionCall,
    regionWrite: emptyRegionCall,
    runBatch: (accesses, count, buffer, checksum) => core.emptyOf4(accesses, count, buffer, checksum),
  };
}

/** As `emptyWasmTarget`, into the addon. */
export function emptyNativeTarget({ emptyOf2, emptyOf3, emptyOf4 }: NativeCore): CallTarget {
  return {
    configRead: emptyOf2,
    configWrite: emptyOf3,
    regionRead: emptyOf4,
    regionWrite: emptyOf4,
    runBatch: emptyOf4,
  };
}

/** Calls that V8 puts into the loop, so that nothing is left of them. */
export function inlinedTarget(): CallTarget {
  return {
    configRead: () => 0,
    configWrite: () => 0,
    regionRead: () => 0,
    regionWrite: () => 0,
    runBatch: (_accesses, _count, _buffer, checksum) => checksum,
  };
}

/** What a timed loop works on; addresses in the device's linear memory. */
export interface Subject {
  readonly target: CallTarget;
  readonly device: Device;
  readonly words: Int32Array;
  readonly accesses: number;
  readonly accessCount: number;
  readonly bufferAddress: number;
  readonly operations: number;
}

/** `passes` batches in a row. */
export function timeBatches(
  { target, accesses, accessCount, bufferAddress }: Subject,
  passes: number,
): Sample {
  let checksum = 0;
  const start = nowNs();
  for (let pass = 0; pass < passes; pass++) {
    checksum = target.runBatch(accesses, accessCount, bufferAddress, 0);
  }
  return { durationNs: nowNs() - start, checksum: checksum >>> 0 };
}

/** The same accesses, one call each, on the implementation. */
export function timeCalls(subject: Subject, passes: number): Sample {
  const { target, words, accesses, accessCount } = subject;
  const op = accessCount === 0 ? OP_WALK : words[accesses >> 2]! & 0xff;
  if (op === OP_WALK) return timeEmptyCalls(subject, passes);
  const pass = op > OP_CONFIG_WRITE ? regionPass : op === OP_CONFIG_WRITE ? writePass : readPass;
  const first = accesses >> 2;
  let checksum = 0;
  const start = nowNs();
  for (let i = 0; i < passes; i++) {
    checksum = pass(target, words, first, first + accessCount * WORDS, subject.bufferAddress);
  }
  return { durationNs: nowNs() - start, checksum: checksum >>> 0 };
}

/** Single register reads through the library's Device. */
export function timeLibraryReads({ device, words, accesses, accessCount }: Subject, passes: number): Sample {
  const first = accesses >> 2;
  let checksum = 0;
  const start = nowNs();
  for (let i = 0; i < passes; i++) checksum = libraryPass(device, words, first, first + accessCount * WORDS);
  return { durationNs: nowNs() - start, checksum: checksum >>> 0 };
}

function mix(checksum: number, value: number): number {
  return (((checksum << 5) | (checksum >>> 27)) + value) | 0;
}

export function readPass(model: CallTarget, words: Int32Array, first: number, end: number): number {
  const width = ((words[first]! >>> 16) & 0xff) as WidthBytes;
  let checksum = 0;
  for (let at = first; at < end; at += WORDS)
    checksum = mix(checksum, model.configRead(words[at + 1]!, width));
  return checksum;
}

export function libraryPass(device: Device, words: Int32Array, first: number, end: number): number {
  const width = ((words[first]! >>> 16) & 0xff) as WidthBytes;
  let checksum = 0;
  for (let at = first; at < end; at += WORDS)
    checksum = mix(checksum, device.configRead(words[at + 1]!, width));
  return checksum;
}

export function writePass(model: CallTarget, words: Int32Array, first: number, end: number): number {
  const width = ((words[first]! >>> 16) & 0xff) as WidthBytes;
  let checksum = 0;
  for (let at = first; at < end; at += WORDS) {
    checksum = mix(checksum, model.configWrite(words[at + 1]!, width, words[at + 3]!));
  }
  return checksum;
}

export function regionPass(
  model: CallTarget,
  words: Int32Array,
  first: number,
  end: number,
  buffer: number,
): number {
  const reads = (words[first]! & 0xff) === OP_REGION_READ_BYTES;
  const region = (words[first]! >>> 8) & 0xff;
  let checksum = 0;
  for (let at = first; at < end; at += WORDS) {
    const offset = words[at + 2]! * TWO_32 + (words[at + 1]! >>> 0);
    const count = words[at + 3]!;
    const done = reads
      ? model.regionRead(region, offset, count, buffer)
      : model.regionWrite(region, offset, count, buffer);
    checksum = mix(checksum, done);
    if (reads) checksum = mix(checksum, words[(buffer + count - 4) >> 2]!);
  }
  return checksum;
}

/** Calls that do nothing: what crossing to the implementation costs. */
export function timeEmptyCalls(
  { target, accesses, bufferAddress, operations }: Subject,
  passes: number,
): Sample {
  let checksum = 0;
  const start = nowNs();
  for (let i = passes * operations; i > 0; i--)
    checksum = target.runBatch(accesses, 0, bufferAddress, checksum);
  return { durationNs: nowNs() - start, checksum: checksum >>> 0 };
}

/** A function of a workload module, as a timed loop calls it. */
export interface FunctionSubject {
  readonly call: (n: number, state: unknown) => unknown;
  readonly operations: number;
  readonly state: unknown;
  /** What every call is to return. */
  readonly expected: unknown;
}

/**
 * `passes` calls of a function of the user's. Every answer is compared, which also keeps each call from being work
 * that nobody looks at.
 * @returns the duration, and the last answer that is not the expected one; the expected one where there is none
 */
export function timeFunction(
  { call, operations, state, expected }: FunctionSubject,
  passes: number,
): { readonly durationNs: number; readonly answer: unknown } {
  let answer = expected;
  const start = nowNs();
  for (let pass = 0; pass < passes; pass++) {
    const given = call(operations, state);
    if (given !== expected) answer = given;
  }
  return { durationNs: nowNs() - start, answer };
}
