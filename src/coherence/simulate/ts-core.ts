/** Simulations in TypeScript. */
import { attach } from './memory.ts';
import { run, start } from './run.ts';
import type { SimulatorCore } from './simulator-core.ts';

export function tsCore(): SimulatorCore {
  let buffer = new ArrayBuffer(0);
  return {
    grow: (byteLength) => {
      const larger = new ArrayBuffer(Math.max(8 * Math.ceil(byteLength / 8), buffer.byteLength));
      new Uint8Array(larger).set(new Uint8Array(buffer));
      buffer = larger;
      return buffer;
    },
    start: () => {
      attach(buffer);
      start();
    },
    run: (maxEvents) => {
      attach(buffer);
      return run(maxEvents);
    },
  };
}
