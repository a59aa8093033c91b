/** What the compiled addon exports; see addon.c. Addresses and offsets in bytes, offsets below 2^53. */
export interface Addon {
  /**
   * Builds the device that the state block describes.
   * @throws TypeError for other arguments; RangeError where the block, or a region that it names, leaves the memory
   */
  open(memory: Uint8Array, stateBlock: number): NativeCore;
  /** The device that was built there already, by another thread for instance. Throws as `open`. */
  attach(memory: Uint8Array, stateBlock: number): NativeCore;
}

/**
 * The functions of one device, each bound to it. Arguments that are no numbers throw a TypeError, addresses that
 * leave the memory a RangeError.
 */
export interface NativeCore {
  configRead(offset: number, width: number): number;
  configWrite(offset: number, width: number, value: number): number;
  configReadBytes(offset: number, count: number, buffer: number): number;
  configWriteBytes(offset: number, count: number, buffer: number): number;
  regionRead(region: number, offset: number, count: number, buffer: number): number;
  regionWrite(region: number, offset: number, count: number, buffer: number): number;
  regionCopy(region: number, to: number, from: number, count: number): number;
  regionFill(region: number, offset: number, count: number, byte: number): number;
  reset(kind: number): void;
  runBatch(accesses: number, count: number, buffer: number, checksum: number): number;
  runAgent(block: number, operations: number): number;
  chunkWidth(offset: number, remaining: number): number;
  /** Writes buffer offset, count and register offset to `result`; 0 where request and register do not meet. */
  overlap(
    bufferStart: number,
    bufferCount: number,
    registerStart: number,
    registerCount: number,
    result: number,
  ): number;
  /**
   * The next step of vfio-pci-core's access plan, at `offset` of a request with `count` bytes left, above 0. Bytes of
   * one access; negative: bytes that the exclusion window hides.
   */
  ioStep(offset: number, count: number, windowStart: number, windowEnd: number, maxWidth: number): number;
  copyBytes(destination: number, source: number, count: number): void;
  /** Calls that do nothing but give their first argument back. */
  emptyOf2(a: number, b: number): number;
  emptyOf3(a: number, b: number, c: number): number;
  emptyOf4(a: number, b: number, c: number, d: number): number;
}
