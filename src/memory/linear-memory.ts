import { BarometerError } from '../errors.ts';

const WASM_PAGE_BYTES = 65536;
/** Typed arrays are fastest below 2^31 bytes, and every address then is a small integer. */
const MAX_BYTES = 2 ** 31 - WASM_PAGE_BYTES;
/** Address 0 stays unused, so that it can mean "none". */
const FIRST_ADDRESS = 64;
/** Gaps are whole cache lines, whatever a range is aligned to. */
const LINE_BYTES = 64;
/** What a drawn gap before a range stays below. */
export const GAP_BYTES = 65536;

/** A random integer from 0 to `n` - 1. */
export type DrawBelow = (n: number) => number;

/** A range of linear memory: byte address and size in bytes. */
export interface MemoryRange {
  readonly address: number;
  readonly sizeBytes: number;
}

/**
 * Owns one WebAssembly memory and hands out ranges of it. Devices, access streams and transfer buffers
 * all live in one such memory, so that every implementation works on the same bytes.
 * Pages of the memory cost nothing until they are touched.
 */
export class LinearMemory {
  readonly memory: WebAssembly.Memory;
  readonly u8: Uint8Array;
  readonly i32: Int32Array;
  readonly view: DataView;
  private next = FIRST_ADDRESS;
  private readonly drawBelow: DrawBelow;

  /**
   * @param size capacity in bytes, rounded up to 64 KiB; at most 2 GiB less 64 KiB. Or the memory of another thread, of
   * which nothing is handed out here
   * @param sharing `shared` for the wasm core and for agents; `private` for one thread of TypeScript, whose bulk
   * copies V8 does word by word, or byte by byte, on shared memory
   * @param drawBelow draws a gap of 0 to 64 KiB before each range, which takes room; none unless given
   * @throws BarometerError where the capacity is not to be had
   */
  constructor(
    size: number | WebAssembly.Memory,
    sharing: 'shared' | 'private' = 'shared',
    drawBelow: DrawBelow = () => 0,
  ) {
    this.memory = typeof size === 'number' ? newMemory(size, sharing === 'shared') : size;
    this.u8 = new Uint8Array(this.memory.buffer);
    this.i32 = new Int32Array(this.memory.buffer);
    this.view = new DataView(this.memory.buffer);
    this.drawBelow = drawBelow;
    if (typeof size !== 'number') this.next = this.u8.length;
  }

  /** Bytes not handed out yet. */
  get freeBytes(): number {
    return this.u8.length - this.next;
  }

  /**
   * Hands out zeroed bytes that nobody else gets. Where the layout is drawn, a gap of whole lines and
   * whole alignments lies before them: one of 0 to 15 pages before what is aligned to 4 KiB, none before 64 KiB.
   * @param alignBytes power of two
   * @throws BarometerError where they do not fit
   */
  allocate(sizeBytes: number, alignBytes = 64): MemoryRange {
    const step = Math.max(LINE_BYTES, alignBytes);
    const gap = step < GAP_BYTES ? step * this.drawBelow(GAP_BYTES / step) : 0;
    const address = Math.ceil(this.next / alignBytes) * alignBytes + gap;
    if (address + sizeBytes > this.u8.length) {
      throw new BarometerError(
        `linear memory is full: ${sizeBytes} bytes asked for, ${this.u8.length - address} left of ${this.u8.length}`,
      );
    }
    this.next = address + sizeBytes;
    return { address, sizeBytes };
  }
}

function newMemory(sizeBytes: number, shared: boolean): WebAssembly.Memory {
  if (!(sizeBytes > 0 && sizeBytes <= MAX_BYTES)) {
    throw new BarometerError(
      `linear memory of ${sizeBytes} bytes was asked for; it holds 1 to ${MAX_BYTES} bytes: use a smaller footprint`,
    );
  }
  const pages = Math.ceil(sizeBytes / WASM_PAGE_BYTES);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
}
