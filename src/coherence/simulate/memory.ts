/** The memory of the simulation that runs, as AssemblyScript sees it: loads and stores of words, floats and bytes. */

/** The whole of it, for loops: a call for each word is more than its work, where V8 does not inline it. */
export let words = new Uint32Array(0);
export let floats = new Float64Array(0);
export let bytes = new Uint8Array(0);

/** From here on, addresses are in `buffer`. Simulations run one after the other, never inside each other. */
export function attach(buffer: ArrayBuffer): void {
  words = new Uint32Array(buffer);
  floats = new Float64Array(buffer);
  bytes = new Uint8Array(buffer);
}

export function load(at: number): number {
  return words[at >>> 2]!;
}

export function store(at: number, value: number): void {
  words[at >>> 2] = value;
}

export function add(at: number, value: number): void {
  words[at >>> 2]! += value;
}

export function loadF(at: number): number {
  return floats[at >>> 3]!;
}

export function storeF(at: number, value: number): void {
  floats[at >>> 3] = value;
}

export function addF(at: number, value: number): void {
  floats[at >>> 3]! += value;
}

export function loadByte(at: number): number {
  return bytes[at]!;
}

export function storeByte(at: number, value: number): void {
  bytes[at] = value;
}
