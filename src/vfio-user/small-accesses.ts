/** Register accesses that wait to be run as one batch, and their replies in the order in which they came. */
import { type AccessRecorder, REFUSED } from './access-recorder.ts';
import {
  REGION_ACCESS_BYTES,
  REGION_ACCESS_COUNT,
  REGION_ACCESS_OFFSET,
  REGION_ACCESS_REGION,
  VFIO_USER_REGION_READ,
  VFIO_USER_REGION_WRITE,
} from './constants.ts';
import type { ReplyBuffer } from './reply-buffer.ts';
import { BATCH_ACCESSES, type ServedDevice } from './served-device.ts';

const TWO_32 = 2 ** 32;

export class SmallAccesses {
  private readonly device: ServedDevice;
  private readonly replies: ReplyBuffer;
  private readonly recorder: AccessRecorder | null;
  private count = 0;
  // Of each access that waits.
  private readonly messageIds = new Uint16Array(BATCH_ACCESSES);
  private readonly isWrite = new Uint8Array(BATCH_ACCESSES);
  private readonly noReply = new Uint8Array(BATCH_ACCESSES);
  private readonly regions = new Uint32Array(BATCH_ACCESSES);
  private readonly offsets = new Float64Array(BATCH_ACCESSES);
  private readonly counts = new Uint32Array(BATCH_ACCESSES);

  constructor(device: ServedDevice, replies: ReplyBuffer, recorder: AccessRecorder | null) {
    this.device = device;
    this.replies = replies;
    this.recorder = recorder;
  }

  /** @param data of a write; null for a read @param offset below 2^53 @param count 1 to 8 */
  add(
    messageId: number,
    noReply: boolean,
    region: number,
    offset: number,
    count: number,
    data: Uint8Array | null,
  ): void {
    if (this.count === BATCH_ACCESSES) this.run();
    const i = this.count++;
    this.messageIds[i] = messageId;
    this.isWrite[i] = data ? 1 : 0;
    this.noReply[i] = noReply ? 1 : 0;
    this.regions[i] = region;
    this.offsets[i] = offset;
    this.counts[i] = count;
    this.device.putSmall(i, data !== null, region, offset % TWO_32, Math.floor(offset / TWO_32), count);
    if (!data) return;
    const { u8, address } = this.device.smallData(i);
    u8.set(data, address);
  }

  /** Runs all that wait. */
  run(): void {
    if (this.count === 0) return;
    this.device.runSmall(this.count);
    for (let i = 0; i < this.count; i++) this.answer(i);
    this.count = 0;
  }

  private answer(i: number): void {
    const { device, replies, recorder } = this;
    const [region, offset, count] = [this.regions[i]!, this.offsets[i]!, this.counts[i]!];
    const isWrite = this.isWrite[i] === 1;
    const errno = device.smallOutcome(i, count);
    const { u8, address } = device.smallData(i);
    if (errno !== 0 && !isWrite) u8.fill(REFUSED, address, address + count);
    recorder?.access(isWrite, region, offset, u8.subarray(address, address + count));
    if (this.noReply[i] === 1) return;
    const command = isWrite ? VFIO_USER_REGION_WRITE : VFIO_USER_REGION_READ;
    if (errno !== 0) {
      replies.addError(this.messageIds[i]!, command, errno);
      return;
    }
    const payload = replies.add(this.messageIds[i]!, command, REGION_ACCESS_BYTES + (isWrite ? 0 : count));
    writeAccess(payload, region, offset, count);
    for (let at = 0; !isWrite && at < count; at++) payload[REGION_ACCESS_BYTES + at] = u8[address + at]!;
  }
}

/** Offset, region and count, as a request has them. */
export function writeAccess(payload: Uint8Array, region: number, offset: number, count: number): void {
  put32(payload, REGION_ACCESS_OFFSET, offset % TWO_32);
  put32(payload, REGION_ACCESS_OFFSET + 4, Math.floor(offset / TWO_32));
  put32(payload, REGION_ACCESS_REGION, region);
  put32(payload, REGION_ACCESS_COUNT, count);
}

function put32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}
