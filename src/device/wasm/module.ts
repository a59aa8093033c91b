import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BarometerError } from '../../errors.ts';

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
}

// From dist/src/device/wasm/ the build output lies three folders up; from src/device/wasm/ it is in dist/.
const CANDIDATES = ['../../../barometer.wasm', '../../../dist/barometer.wasm'];

let compiled: WebAssembly.Module | undefined;

/** Path of the compiled core. @throws BarometerError where the build has not run */
export function wasmPath(): string {
  const found = CANDIDATES.map((path) => fileURLToPath(new URL(path, import.meta.url))).find(existsSync);
  if (!found) throw new BarometerError('dist/barometer.wasm is missing; build it with: npm run build');
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
  compiled = new WebAssembly.Module(readFileSync(path));
  memmoveFallsOff = false;
}

/** The compiled core, once per process: each device instantiates it anew. */
export function coreModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(readFileSync(wasmPath()));
  return compiled;
}

export function instantiateCore(memory: WebAssembly.Memory): CoreExports {
  const core = instantiate(memory);
  memmoveFallsOff ??= probeAliasing();
  if (memmoveFallsOff) core.avoidAliasing();
  return core;
}

function instantiate(memory: WebAssembly.Memory): CoreExports {
  const instance = new WebAssembly.Instance(coreModule(), { env: { memory } });
  return instance.exports as unknown as CoreExports;
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
  const core = instantiate(memory);
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
