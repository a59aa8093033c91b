/** The counters in the counted core (count-core.ts): exported globals of 64 bits that only ever grow. */

/**
 * Loads and stores of any width, 16 bytes included; bulk operations (`memory.copy`, `memory.fill`) and the bytes that
 * they were given; atomic read-modify-writes, waits and notifies.
 */
export const WASM_COUNTERS = [
  'wasmLoads',
  'wasmStores',
  'wasmBulkOps',
  'wasmBulkBytes',
  'wasmAtomics',
] as const;
export type WasmCounter = (typeof WASM_COUNTERS)[number];

/** Custom section of the counted core that names its compiler. */
export const TOOLCHAIN_SECTION = 'toolchain';

/**
 * What one instance of the counted core has done since it was made.
 * @param core exports of the instance
 * @throws TypeError where it is an instance of a core that does not count
 */
export function readWasmCounters(core: object): Record<WasmCounter, number> {
  const counters = core as Record<WasmCounter, WebAssembly.Global>;
  return Object.fromEntries(WASM_COUNTERS.map((name) => [name, Number(counters[name].value)])) as Record<
    WasmCounter,
    number
  >;
}

/** What compiled a counted core, `asc 0.28.20`. */
export function toolchainOf(core: WebAssembly.Module): string {
  return new TextDecoder().decode(WebAssembly.Module.customSections(core, TOOLCHAIN_SECTION)[0]);
}
