/** Simulations in WebAssembly: assembly/coherence/ on a memory that each simulation has for itself. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BarometerError } from '../../errors.ts';
import type { SimulatorCore } from './simulator-core.ts';

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  start(): void;
  run(maxEvents: number): number;
}

// From dist/src/coherence/simulate/ the build output lies three folders up; from src/coherence/simulate/ it is in dist/.
const PATHS = ['../../../coherence.wasm', '../../../dist/coherence.wasm'];
const PAGE = 65536;
/** What an address of 32 bits reaches. */
const MAX_BYTES = 65536 * PAGE;

let compiled: WebAssembly.Module | undefined;

/** @throws BarometerError where the build has not run */
export function wasmCore(): SimulatorCore {
  compiled ??= new WebAssembly.Module(readFileSync(path()));
  const { memory, start, run } = new WebAssembly.Instance(compiled).exports as unknown as Exports;
  return {
    grow: (byteLength) => {
      if (byteLength > MAX_BYTES) {
        throw new BarometerError(
          `${byteLength} bytes: expected at most 4 GiB; simulate fewer lines or agents`,
        );
      }
      const more = byteLength - memory.buffer.byteLength;
      if (more > 0) memory.grow(Math.ceil(more / PAGE));
      return memory.buffer;
    },
    start,
    run,
  };
}

/**
 * For simulations that follow each other: all in the memory of one core, emptied before each. Memories of their own are
 * freed late, and a thousand of them take gigabytes.
 */
export function wasmCoreInTurn(): () => SimulatorCore {
  const core = wasmCore();
  let usedBytes = 0;
  const grow = (byteLength: number) => {
    usedBytes = Math.max(usedBytes, byteLength);
    return core.grow(byteLength);
  };
  return () => {
    new Uint8Array(core.grow(0), 0, usedBytes).fill(0);
    usedBytes = 0;
    return { ...core, grow };
  };
}

function path(): string {
  const found = PATHS.map((one) => fileURLToPath(new URL(one, import.meta.url))).find(existsSync);
  if (!found) throw new BarometerError('dist/coherence.wasm is missing; build it with: npm run build');
  return found;
}
