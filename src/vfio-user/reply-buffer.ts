/** Replies that go out together: one buffer, one write to the socket. */
import {
  HEADER_BYTES,
  HEADER_COMMAND,
  HEADER_ERRNO,
  HEADER_FLAGS,
  HEADER_ID,
  HEADER_SIZE,
  VFIO_USER_F_ERROR,
  VFIO_USER_F_TYPE_REPLY,
} from './constants.ts';

const LEAST_BYTES = 65_536;

export class ReplyBuffer {
  private bytes = new Uint8Array(LEAST_BYTES);
  private view = new DataView(this.bytes.buffer);
  private used = 0;

  get sizeBytes(): number {
    return this.used;
  }

  /** A reply with room for `payloadBytes`, zeroes at first. Good until the next call. */
  add(messageId: number, command: number, payloadBytes: number): Uint8Array {
    const at = this.header(messageId, command, payloadBytes, VFIO_USER_F_TYPE_REPLY, 0);
    return this.bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + payloadBytes);
  }

  /** The header alone. @param errno positive, as in errno.h */
  addError(messageId: number, command: number, errno: number): void {
    this.header(messageId, command, 0, VFIO_USER_F_TYPE_REPLY | VFIO_USER_F_ERROR, errno);
  }

  /** All of them, in memory that nobody else will write to. */
  take(): Uint8Array {
    const taken = this.bytes.slice(0, this.used);
    this.used = 0;
    // A large reply does not stay for good.
    if (this.bytes.length > LEAST_BYTES) this.allocate(LEAST_BYTES);
    return taken;
  }

  private header(
    messageId: number,
    command: number,
    payloadBytes: number,
    flags: number,
    errno: number,
  ): number {
    const at = this.used;
    const sizeBytes = HEADER_BYTES + payloadBytes;
    this.reserve(sizeBytes);
    const { view } = this;
    view.setUint16(at + HEADER_ID, messageId, true);
    view.setUint16(at + HEADER_COMMAND, command, true);
    view.setUint32(at + HEADER_SIZE, sizeBytes, true);
    view.setUint32(at + HEADER_FLAGS, flags, true);
    view.setUint32(at + HEADER_ERRNO, errno, true);
    this.bytes.fill(0, at + HEADER_BYTES, at + sizeBytes);
    return at;
  }

  private reserve(bytes: number): void {
    const needed = this.used + bytes;
    if (needed > this.bytes.length) this.allocate(Math.max(needed, 2 * this.bytes.length));
    this.used = needed;
  }

  private allocate(bytes: number): void {
    const larger = new Uint8Array(bytes);
    larger.set(this.bytes.subarray(0, Math.min(this.used, bytes)));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}
