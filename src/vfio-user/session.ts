/** One client's session with a device: messages in, replies out. It knows nothing of sockets. */
import { type AccessRecorder, REFUSED } from './access-recorder.ts';
import { type CommandHeader, decodeHeader } from './codec.ts';
import * as vfio from './constants.ts';
import { DmaMaps } from './dma-maps.ts';
import { checkSetIrqs } from './irqs.ts';
import { ReplyBuffer } from './reply-buffer.ts';
import { type ServedDevice, SMALL_ACCESS_BYTES } from './served-device.ts';
import { SmallAccesses, writeAccess } from './small-accesses.ts';
import { BEFORE_VERSION, type Negotiated, negotiate } from './version.ts';

const TWO_32 = 2 ** 32;
/** Of offsets above: no region is so large. */
const MOST_OFFSET_HIGH = 2 ** 21 - 1;

const DEVICE_INFO_BYTES = 16;
const VFIO_DEVICE_FLAGS_RESET_PCI = 3;
const REGION_INFO_BYTES = 32;
const IRQ_INFO_BYTES = 16;
const DMA_MAP_BYTES = 32;
const DMA_UNMAP_BYTES = 24;
const DMA_READ_WRITE = 3;
const DMA_UNMAP_FLAG_ALL = 2;
const IO_FDS_BYTES = 16;

type Handler = (header: CommandHeader, payload: Uint8Array) => number;

export class Session {
  /** Why the client has to go; null while it may stay. */
  fault: string | null = null;
  /** Whether a version was agreed on. */
  isOpen = false;
  readonly replies = new ReplyBuffer();
  private readonly device: ServedDevice;
  private readonly recorder: AccessRecorder | null;
  private readonly small: SmallAccesses;
  private terms: Negotiated = BEFORE_VERSION;
  private maps = new DmaMaps(BEFORE_VERSION.maxDmaMaps);

  constructor(device: ServedDevice, recorder: AccessRecorder | null = null) {
    this.device = device;
    this.recorder = recorder;
    this.small = new SmallAccesses(device, this.replies, recorder);
  }

  /** Largest message that a client may send: data, and what stands before them. */
  static readonly mostMessageBytes =
    vfio.HEADER_BYTES + vfio.REGION_ACCESS_BYTES + vfio.DEFAULT_MAX_DATA_XFER_SIZE;

  /** Takes one message. Small accesses wait for `flush`, or for a message of another kind. */
  handle(message: Uint8Array): void {
    if (this.fault !== null) return;
    const header = decodeHeader(message);
    if ('error' in header) {
      this.small.run();
      this.replies.addError(message[0]! | (message[1]! << 8), message[2]! | (message[3]! << 8), vfio.EINVAL);
      this.fault = header.error;
      return;
    }
    if (header.type === 'reply') {
      this.fault = `a reply to command ${header.command} was given, which nobody had sent`;
      return;
    }
    if (!this.isOpen && header.command !== vfio.VFIO_USER_VERSION) {
      this.replies.addError(header.messageId, header.command, vfio.EINVAL);
      this.fault = `command ${header.command} was given before a VERSION`;
      return;
    }
    const payload = message.subarray(vfio.HEADER_BYTES);
    if (this.isSmall(header, payload)) return;
    this.small.run();
    const errno = (this.handlers[header.command] ?? unsupported)(header, payload);
    if (errno !== 0 && !header.noReply) this.replies.addError(header.messageId, header.command, errno);
  }

  /** Runs what waits; `replies` then has the replies to all messages that were taken. */
  flush(): void {
    this.small.run();
    this.recorder?.flush();
  }

  /** Puts an access of a few bytes among those that wait. Whether it is one. */
  private isSmall({ command, messageId, noReply }: CommandHeader, payload: Uint8Array): boolean {
    const isWrite = command === vfio.VFIO_USER_REGION_WRITE;
    if (!isWrite && command !== vfio.VFIO_USER_REGION_READ) return false;
    const access = this.accessOf(payload, isWrite ? payload.length - vfio.REGION_ACCESS_BYTES : 0);
    if (!access || access.count === 0 || access.count > SMALL_ACCESS_BYTES) return false;
    const { region, offset, count } = access;
    if (isWrite && payload.length !== vfio.REGION_ACCESS_BYTES + count) return false;
    const data = isWrite ? payload.subarray(vfio.REGION_ACCESS_BYTES) : null;
    this.small.add(messageId, noReply, region, offset, count, data);
    return true;
  }

  /** By command. Each returns 0 where it has replied, or an error number. */
  private readonly handlers: Readonly<Record<number, Handler>> = {
    [vfio.VFIO_USER_VERSION]: (header, payload) => this.version(header, payload),
    [vfio.VFIO_USER_DMA_MAP]: (header, payload) => this.dmaMap(header, payload),
    [vfio.VFIO_USER_DMA_UNMAP]: (header, payload) => this.dmaUnmap(header, payload),
    [vfio.VFIO_USER_DEVICE_GET_INFO]: (header, payload) => this.deviceInfo(header, payload),
    [vfio.VFIO_USER_DEVICE_GET_REGION_INFO]: (header, payload) => this.regionInfo(header, payload),
    [vfio.VFIO_USER_DEVICE_GET_REGION_IO_FDS]: (header, payload) => this.regionIoFds(header, payload),
    [vfio.VFIO_USER_DEVICE_GET_IRQ_INFO]: (header, payload) => this.irqInfo(header, payload),
    [vfio.VFIO_USER_DEVICE_SET_IRQS]: (header, payload) => {
      const errno = checkSetIrqs(payload, this.device.irqs);
      return errno === 0 ? this.reply(header, 0) : errno;
    },
    [vfio.VFIO_USER_REGION_READ]: (header, payload) => this.regionRead(header, payload),
    [vfio.VFIO_USER_REGION_WRITE]: (header, payload) => this.regionWrite(header, payload),
    [vfio.VFIO_USER_REGION_WRITE_MULTI]: (header, payload) => this.writeMulti(header, payload),
    [vfio.VFIO_USER_DEVICE_RESET]: (header) => {
      this.device.reset();
      this.recorder?.reset();
      return this.reply(header, 0);
    },
    // From servers to clients.
    [vfio.VFIO_USER_DMA_READ]: () => vfio.EINVAL,
    [vfio.VFIO_USER_DMA_WRITE]: () => vfio.EINVAL,
    [vfio.VFIO_USER_DEVICE_FEATURE]: () => vfio.ENOTTY,
  };

  /** Zero or what `fill` writes into the payload. Returns 0. */
  private reply(
    { messageId, command, noReply }: CommandHeader,
    bytes: number,
    fill?: (payload: Uint8Array) => void,
  ): 0 {
    if (noReply) return 0;
    const payload = this.replies.add(messageId, command, bytes);
    fill?.(payload);
    return 0;
  }

  private version(header: CommandHeader, payload: Uint8Array): number {
    if (this.isOpen) return vfio.EINVAL;
    const agreed = negotiate(payload);
    if ('error' in agreed) {
      this.fault = agreed.error;
      return vfio.EINVAL;
    }
    this.isOpen = true;
    this.terms = agreed.terms;
    this.maps = new DmaMaps(agreed.terms.maxDmaMaps);
    return this.reply(header, agreed.reply.length, (into) => into.set(agreed.reply));
  }

  private dmaMap(header: CommandHeader, payload: Uint8Array): number {
    if (payload.length < DMA_MAP_BYTES || u32(payload, 0) < DMA_MAP_BYTES) return vfio.EINVAL;
    if ((u32(payload, 4) & ~DMA_READ_WRITE) !== 0) return vfio.EINVAL;
    const errno = this.maps.map(u64(payload, 16), u64(payload, 24));
    return errno === 0 ? this.reply(header, 0) : errno;
  }

  private dmaUnmap(header: CommandHeader, payload: Uint8Array): number {
    if (payload.length < DMA_UNMAP_BYTES || u32(payload, 0) < DMA_UNMAP_BYTES) return vfio.EINVAL;
    const flags = u32(payload, 4);
    const [address, sizeBytes] = [u64(payload, 8), u64(payload, 16)];
    if (flags === DMA_UNMAP_FLAG_ALL && address === 0n && sizeBytes === 0n) this.maps.unmapAll();
    else if (flags !== 0) return vfio.EINVAL;
    else {
      const errno = this.maps.unmap(address, sizeBytes);
      if (errno !== 0) return errno;
    }
    return this.reply(header, DMA_UNMAP_BYTES, (into) => into.set(payload.subarray(0, DMA_UNMAP_BYTES)));
  }

  private deviceInfo(header: CommandHeader, payload: Uint8Array): number {
    if (payload.length < DEVICE_INFO_BYTES || u32(payload, 0) < DEVICE_INFO_BYTES) return vfio.EINVAL;
    return this.reply(header, DEVICE_INFO_BYTES, (into) => {
      setU32s(into, [
        DEVICE_INFO_BYTES,
        VFIO_DEVICE_FLAGS_RESET_PCI,
        vfio.VFIO_PCI_NUM_REGIONS,
        vfio.VFIO_PCI_NUM_IRQS,
      ]);
    });
  }

  private regionInfo(header: CommandHeader, payload: Uint8Array): number {
    if (payload.length < REGION_INFO_BYTES) return vfio.EINVAL;
    const info = this.device.regionInfo(u32(payload, 8), u32(payload, 0));
    return typeof info === 'number' ? info : this.reply(header, info.length, (into) => into.set(info));
  }

  /** No region has any: they take file descriptors. */
  private regionIoFds(header: CommandHeader, payload: Uint8Array): number {
    if (payload.length < IO_FDS_BYTES || u32(payload, 0) < IO_FDS_BYTES) return vfio.EINVAL;
    const [flags, index] = [u32(payload, 4), u32(payload, 8)];
    if (flags !== 0 || index >= vfio.VFIO_PCI_NUM_REGIONS) return vfio.EINVAL;
    return this.reply(header, IO_FDS_BYTES, (into) => setU32s(into, [IO_FDS_BYTES, 0, index, 0]));
  }

  private irqInfo(header: CommandHeader, payload: Uint8Array): number {
    if (payload.length < IRQ_INFO_BYTES || u32(payload, 0) < IRQ_INFO_BYTES) return vfio.EINVAL;
    const index = u32(payload, 8);
    const info = this.device.irqs[index];
    if (!info) return vfio.EINVAL;
    return this.reply(header, IRQ_INFO_BYTES, (into) =>
      setU32s(into, [IRQ_INFO_BYTES, info.flags, index, info.count]),
    );
  }

  private regionRead(header: CommandHeader, payload: Uint8Array): number {
    const access = this.accessOf(payload, 0);
    if (!access) return vfio.EINVAL;
    const { region, offset, count } = access;
    // Nothing was asked for, and nothing comes.
    const data = new Uint8Array(count);
    const errno = count === 0 ? 0 : this.device.read(region, offset, data);
    if (errno !== 0) data.fill(REFUSED);
    if (count > 0) this.recorder?.access(false, region, offset, data);
    if (errno !== 0) return errno;
    return this.reply(header, vfio.REGION_ACCESS_BYTES + count, (into) => {
      writeAccess(into, region, offset, count);
      into.set(data, vfio.REGION_ACCESS_BYTES);
    });
  }

  private regionWrite(header: CommandHeader, payload: Uint8Array): number {
    const access = this.accessOf(payload, payload.length - vfio.REGION_ACCESS_BYTES);
    if (!access || access.count !== payload.length - vfio.REGION_ACCESS_BYTES) return vfio.EINVAL;
    const { region, offset, count } = access;
    const data = payload.subarray(vfio.REGION_ACCESS_BYTES);
    const errno = count === 0 ? 0 : this.device.write(region, offset, data);
    if (count > 0) this.recorder?.access(true, region, offset, data);
    if (errno !== 0) return errno;
    return this.reply(header, vfio.REGION_ACCESS_BYTES, (into) => writeAccess(into, region, offset, count));
  }

  /** Null where no region can be meant, or more than one message may move. @param dataBytes behind the fields */
  private accessOf(payload: Uint8Array, dataBytes: number) {
    if (payload.length !== vfio.REGION_ACCESS_BYTES + dataBytes || dataBytes < 0) return null;
    const offsetHigh = u32(payload, vfio.REGION_ACCESS_OFFSET + 4);
    const region = u32(payload, vfio.REGION_ACCESS_REGION);
    const count = u32(payload, vfio.REGION_ACCESS_COUNT);
    if (region >= vfio.VFIO_PCI_NUM_REGIONS || offsetHigh > MOST_OFFSET_HIGH) return null;
    if (count > this.terms.maxDataXferBytes) return null;
    return { region, count, offset: offsetHigh * TWO_32 + u32(payload, vfio.REGION_ACCESS_OFFSET) };
  }

  /** Writes in order, up to the first that fails. */
  private writeMulti(header: CommandHeader, payload: Uint8Array): number {
    if (!this.terms.writeMultiple || payload.length < 8) return vfio.EINVAL;
    const count = u32(payload, 0);
    const bytes = 8 + count * vfio.WRITE_MULTI_ENTRY_BYTES;
    if (u32(payload, 4) !== 0 || payload.length !== bytes) return vfio.EINVAL;
    for (let at = 8; at < bytes; at += vfio.WRITE_MULTI_ENTRY_BYTES) {
      const entry = payload.subarray(at, at + vfio.REGION_ACCESS_BYTES);
      const access = this.accessOf(entry, 0);
      if (!access || access.count > vfio.WRITE_MULTI_MOST_BYTES) return vfio.EINVAL;
      const from = at + vfio.REGION_ACCESS_BYTES;
      const data = payload.subarray(from, from + access.count);
      const errno = access.count === 0 ? 0 : this.device.write(access.region, access.offset, data);
      if (access.count > 0) this.recorder?.access(true, access.region, access.offset, data);
      if (errno !== 0) return errno;
    }
    return this.reply(header, 8, (into) => setU32s(into, [count, 0]));
  }
}

const unsupported: Handler = () => vfio.EOPNOTSUPP;

function u32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

function u64(bytes: Uint8Array, at: number): bigint {
  return (BigInt(u32(bytes, at + 4)) << 32n) | BigInt(u32(bytes, at));
}

function setU32s(into: Uint8Array, values: readonly number[]): void {
  const view = new DataView(into.buffer, into.byteOffset, into.length);
  for (const [i, value] of values.entries()) view.setUint32(4 * i, value, true);
}
