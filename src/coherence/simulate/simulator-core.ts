/** What runs a simulation: the same functions over the same memory, in WebAssembly or in TypeScript. */
export interface SimulatorCore {
  /** Memory of at least so many bytes, all zeros behind what it had. What it had before is there; views are not. */
  grow(byteLength: number): ArrayBuffer;
  /** All agents begin at time 0. */
  start(): void;
  /** Goes on for so many events, or until something stops it: STOP_. */
  run(maxEvents: number): number;
}
