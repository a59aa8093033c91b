import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BarometerError } from '../../errors.ts';
import { timeStart } from '../start-times.ts';

/** What the module exports; see assembly/index.ts. Addresses and offsets in bytes, 64-bit offsets as two u32. */
export interface CoreExports {
  attach(stateBlock: number): void;
  avoidAliasing(): void;
  copyBytes(destination: number, source: number, count: number): void;
  build(stateBlock: number): void;
  reset(kind: number): void;
  configRead(offset: number, width: number): number;
  configWrite(offset: number, width: number, value: number): number;
  configReadBytes(offset: number, count: number, buffer: number): number;
  configWriteBytes(offset: number, count: number, buffer: number): number;
  regionReadAt(region: number, low: number, high: number, count: number, buffer: number): number;
  regionWriteAt(region: number, low: number, high: number, count: number, buffer: number): number;
  regionCopyAt(
    region: number,
    toLow: number,
    toHigh: number,
    fromLow: number,
    fromHigh: number,
    count: number,
  ): number;
  regionFillAt(region: number, low: number, high: number, count: number, byte: number): number;
  chunkWidth(offset: number, remaining: number): number;
  overlapAt(
    bufferStart: number,
    bufferCount: number,
    registerStart: number,
    registerCount: number,
    result: number,
  ): number;
  ioStepAt(offset: number, count: number, windowStart: number, windowEnd: number, maxWidth: number): number;
  /** The parts of runBatch, for their compiler tier. */
  readonly fast: unknown;
  readonly mixedConfig: unknown;
  readonly general: unknown;
  runBatch(accesses: number, count: number, buffer: number, checksum: number): number;
  runDirect(block: number, operations: number): number;
  runEmulated(block: number, operations: number): number;
  /** Kernels that are functions of their own, for their compiler tier. */
  readonly litmus: unknown;
  readonly request: unknown;
  readonly serve: unknown;
  /** Calls that do nothing but give their first argument back; V8 does not inline them. */
  emptyOf2(a: number, b: number): number;
  emptyOf3(a: number, b: number, c: number): number;
  emptyOf4(a: number, b: number, c: number, d: number): number;
  emptyOf5(a: number, b: number, c: number, d: number, e: number): number;
}

/** `unchecked` holds no request against the size of what it accesses (assembly/checks.ts): it shows what that costs. */
export type CoreBuild = 'release' | 'unchecked';

const FILES: Record<CoreBuild, string> = {
  release: 'barometer.wasm',
  unchecked: 'barometer-unchecked.wasm',
};

// From dist/src/device/wasm/ the build output lies three folders up; from src/device/wasm/ it is in dist/.
const FOLDERS = ['../../../', '../../../dist/'];

const compiled = new Map<CoreBuild, WebAssembly.Module>();

/** Which build the devices of this process use. */
let selectedBuild: CoreBuild = 'release';

/** Has the devices that `make` makes use `build`. */
export function withCoreBuild<T>(build: CoreBuild, make: () => T): T {
  const before = selectedBuild;
  selectedBuild = build;
  try {
    return make();
  } finally {
    selectedBuild = before;
  }
}

/** Path of the compiled core. @throws BarometerError where the build has not run */
export function wasmPath(build: CoreBuild = 'release'): string {
  const paths = FOLDERS.map((folder) => fileURLToPath(new URL(folder + FILES[build], import.meta.url)));
  const found = paths.find(existsSync);
  if (!found) throw new BarometerError(`dist/${FILES[build]} is missing; build it with: npm run build`);
  return found;
}

/** Path of the core that counts its work (count-core.ts), beside the core. */
export function countedPath(): string {
  return wasmPath().replace(/\.wasm$/, '-counted.wasm');
}

/**
 * From now on devices of this process run a core that counts its work. Where a copy's strategy
 * depends on how fast this host copies, it stays as it is built: counts do not depend on the host.
 * @param path of a counted core; the one beside the core unless given
 * @throws BarometerError where there is none
 */
export function useCountedCore(path = countedPath()): void {
  if (!existsSync(path)) throw new BarometerError(`${path} is missing; build it with: npm run build`);
  compiled.set('release', new WebAssembly.Module(readFileSync(path)));
  memmoveFallsOff = false;
}

/** The compiled core, once per process: each device instantiates it anew. */
export function coreModule(): WebAssembly.Module {
  const known = compiled.get(selectedBuild) ?? compileCore(selectedBuild);
  compiled.set(selectedBuild, known);
  return known;
}

function compileCore(build: CoreBuild): WebAssembly.Module {
  const bytes = readFileSync(wasmPath(build));
  if (build !== 'release') return new WebAssembly.Module(bytes);
  return timeStart('wasm', 'compile', () => new WebAssembly.Module(bytes));
}

/** An instance of the core on `memory`, with the device that `stateBlock` describes built in it. */
export function instantiateCore(memory: WebAssembly.Memory, stateBlock: number): CoreExports {
  const module = coreModule();
  const make = () => {
    const core = instantiate(module, memory);
    core.build(stateBlock);
    return core;
  };
  const core = selectedBuild === 'release' ? timeStart('wasm', 'instantiate', make) : make();
  // After the first start, so that it is not part of what that took.
  memmoveFallsOff ??= probeAliasing();
  if (memmoveFallsOff) core.avoidAliasing();
  return core;
}

/** Has this thread use a core that another one has compiled. */
export function useCoreModule(module: WebAssembly.Module): void {
  compiled.set('release', module);
}

/** An instance of the core on memory in which another thread has built the device that `stateBlock` describes. */
export function attachCore(memory: WebAssembly.Memory, stateBlock: number): CoreExports {
  const core = instantiate(coreModule(), memory);
  core.attach(stateBlock);
  return core;
}

function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): CoreExports {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as CoreExports;
}

/** Whether this host's memmove collapses on aliasing copies, as `rep movsb` does on Zen 3; asked once per process. */
let memmoveFallsOff: boolean | undefined;

const PROBE_BYTES = 32768;
const PROBE_ROUNDS = 8;
const PROBE_OFFSET = 4096;
/** Further than any alignment effect of a sound memmove (1.8 at most where it was looked at), below any cliff (27). */
const FALL_OFF_RATIO = 3;

/** Copies 32 KiB to an aligned and to an aliasing destination, best of a few rounds: well under a millisecond. */
function probeAliasing(): boolean {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 2, shared: true });
  const core = instantiate(coreModule(), memory);
  const destination = PROBE_OFFSET + PROBE_BYTES;
  const best = (to: number): number => {
    let fastest = Number.POSITIVE_INFINITY;
    for (let round = 0; round < PROBE_ROUNDS; round++) {
      const start = performance.now();
      core.copyBytes(to, PROBE_OFFSET, PROBE_BYTES);
      fastest = Math.min(fastest, performance.now() - start);
    }
    return fastest;
  };
  return best(destination + 16) > FALL_OFF_RATIO * best(destination);
}
