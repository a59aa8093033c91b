/** Whole messages out of what a socket delivers, which may be a part of one or many. */
import type { Malformed } from './codec.ts';
import { HEADER_BYTES, HEADER_SIZE } from './constants.ts';

/** Size of the message that begins at `at` with a whole header, the header included. */
type SizeOf = (bytes: Uint8Array, at: number) => number;
/** Is handed a message, which is good until it returns. */
type Take = (message: Uint8Array) => void;

export class MessageSplitter {
  private readonly mostBytes: number;
  private readonly sizeOf: SizeOf;
  /** The beginning of a message whose rest has not come: `heldBytes` of this buffer. */
  private held = new Uint8Array(HEADER_BYTES);
  private heldBytes = 0;

  /**
   * @param mostBytes of a message, its header included: more is never kept
   * @param sizeOf that of another protocol with a header of 16 bytes
   */
  constructor(mostBytes: number, sizeOf: SizeOf = vfioUserSize) {
    this.mostBytes = mostBytes;
    this.sizeOf = sizeOf;
  }

  /** Whether a message has begun and not ended. */
  get isInside(): boolean {
    return this.heldBytes > 0;
  }

  /**
   * Hands over each message that ends in `chunk`. After a size that no message has nothing can be told apart any more:
   * then that is returned, and the peer has to go.
   */
  push(chunk: Uint8Array, take: Take): Malformed | null {
    let at = 0;
    if (this.heldBytes > 0) {
      at = this.hold(chunk, 0, HEADER_BYTES);
      if (this.heldBytes < HEADER_BYTES) return null;
      const sizeBytes = this.sizeOf(this.held, 0);
      const fault = this.faultOf(sizeBytes);
      if (fault) return fault;
      at = this.hold(chunk, at, sizeBytes);
      if (this.heldBytes < sizeBytes) return null;
      this.heldBytes = 0;
      take(this.held.subarray(0, sizeBytes));
    }
    while (chunk.length - at >= HEADER_BYTES) {
      const sizeBytes = this.sizeOf(chunk, at);
      const fault = this.faultOf(sizeBytes);
      if (fault) return fault;
      if (chunk.length - at < sizeBytes) break;
      take(chunk.subarray(at, at + sizeBytes));
      at += sizeBytes;
    }
    this.hold(chunk, at, chunk.length - at);
    return null;
  }

  /** Keeps bytes from `at` on until there are `upToBytes`. Returns where it has stopped in the chunk. */
  private hold(chunk: Uint8Array, at: number, upToBytes: number): number {
    const end = Math.min(chunk.length, at + Math.max(0, upToBytes - this.heldBytes));
    if (this.held.length < upToBytes) {
      const larger = new Uint8Array(upToBytes);
      larger.set(this.held.subarray(0, this.heldBytes));
      this.held = larger;
    }
    this.held.set(chunk.subarray(at, end), this.heldBytes);
    this.heldBytes += end - at;
    return end;
  }

  private faultOf(sizeBytes: number): Malformed | null {
    if (sizeBytes >= HEADER_BYTES && sizeBytes <= this.mostBytes) return null;
    return { error: `message size ${sizeBytes} was given; expected ${HEADER_BYTES} to ${this.mostBytes}` };
  }
}

function vfioUserSize(bytes: Uint8Array, at: number): number {
  const i = at + HEADER_SIZE;
  return (bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)) >>> 0;
}
