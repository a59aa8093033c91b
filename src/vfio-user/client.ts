/**
 * A client of a device that somebody serves. Up to 32,768 requests may be on their way at once; replies are known by
 * their message ids. What it is told may be anything.
 */
import { connect, type Socket } from 'node:net';
import { BarometerError } from '../errors.ts';
import { decodeHeader, encodeHeader, encodeRegionRead, encodeRegionWrite } from './codec.ts';
import {
  HEADER_BYTES,
  REGION_ACCESS_BYTES,
  REGION_ACCESS_COUNT,
  VFIO_USER_DEVICE_GET_INFO,
  VFIO_USER_DEVICE_GET_REGION_INFO,
  VFIO_USER_REGION_READ,
  VFIO_USER_REGION_WRITE,
  VFIO_USER_VERSION,
} from './constants.ts';
import { MessageSplitter } from './framing.ts';
import { pipeName } from './pipe-name.ts';

/** From one answer to the next, while any is awaited. */
const PATIENCE_MS = 5000;
const MOST_REPLY_BYTES = 2 ** 21;
/** Half of all message ids: beyond them there may be no free one, and before that finding one takes ever longer. */
const MOST_AWAITED = 32_768;
const DEVICE_INFO_BYTES = 16;
const REGION_INFO_BYTES = 32;
/** Of one access: what every server takes. */
const MOST_ACCESS_BYTES = 65_536;

export interface ServedDeviceInfo {
  readonly flags: number;
  readonly regionCount: number;
  readonly irqCount: number;
}

export interface ServedRegion {
  readonly flags: number;
  readonly sizeBytes: bigint;
}

/** The server understood a request, and answered with an error number. The connection goes on. */
export class RefusedRequest extends BarometerError {
  /** Positive, as in errno.h. */
  readonly errno: number;

  constructor(message: string, errno: number) {
    super(message);
    this.errno = errno;
  }
}

interface Awaited extends PromiseWithResolvers<Uint8Array> {
  readonly command: number;
}

export class VfioUserClient {
  private readonly path: string;
  private readonly socket: Socket;
  private readonly splitter = new MessageSplitter(MOST_REPLY_BYTES);
  /** Requests without an answer, by message id. */
  private readonly awaited = new Map<number, Awaited>();
  private messageId = 0;
  private patience: NodeJS.Timeout | undefined;
  /** Why nothing can be asked any more. */
  private failure: BarometerError | null = null;
  /** What is asked in one go leaves in one write. */
  private outgoing: Uint8Array[] = [];

  private constructor(path: string, socket: Socket) {
    this.path = path;
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      const malformed = this.splitter.push(chunk, (message) => this.hear(new Uint8Array(message)));
      if (malformed) this.fail(malformed.error);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.fail(`${error.code ?? error.message}; expected the socket of a vfio-user server`);
    });
    socket.on('close', () => this.fail('the server closed the connection'));
  }

  /** Connects, and agrees on a version. @throws BarometerError where nobody answers, or nothing that can be understood */
  static async connect(path: string): Promise<VfioUserClient> {
    const client = new VfioUserClient(path, connect(pipeName(path)));
    const version = new Uint8Array(4);
    try {
      const payload = await client.ask(VFIO_USER_VERSION, version);
      if (payload.length < 4 || payload[0] !== 0 || payload[1] !== 0)
        client.fault('no version 0 in reply to VERSION');
      return client;
    } catch (error) {
      client.close();
      throw error;
    }
  }

  /** @throws BarometerError where the server refuses */
  async deviceInfo(): Promise<ServedDeviceInfo> {
    const request = new Uint8Array(DEVICE_INFO_BYTES);
    new DataView(request.buffer).setUint32(0, DEVICE_INFO_BYTES, true);
    const payload = await this.ask(VFIO_USER_DEVICE_GET_INFO, request);
    if (payload.length < DEVICE_INFO_BYTES) this.fault(`${payload.length} bytes of device info`);
    const reply = viewOf(payload);
    return {
      flags: reply.getUint32(4, true),
      regionCount: reply.getUint32(8, true),
      irqCount: reply.getUint32(12, true),
    };
  }

  /** @throws BarometerError where the server refuses */
  async regionInfo(regionIndex: number): Promise<ServedRegion> {
    const request = new Uint8Array(REGION_INFO_BYTES);
    const view = viewOf(request);
    view.setUint32(0, REGION_INFO_BYTES, true);
    view.setUint32(8, regionIndex, true);
    const payload = await this.ask(VFIO_USER_DEVICE_GET_REGION_INFO, request);
    if (payload.length < REGION_INFO_BYTES) this.fault(`${payload.length} bytes of region info`);
    const reply = viewOf(payload);
    return { flags: reply.getUint32(4, true), sizeBytes: reply.getBigUint64(16, true) };
  }

  /** @throws BarometerError where the server refuses, or answers with another number of bytes */
  async read(region: number, offset: bigint, count: number): Promise<Uint8Array> {
    if (count <= MOST_ACCESS_BYTES) return this.readPiece(region, offset, count);
    const bytes = new Uint8Array(count);
    for (let at = 0; at < count; at += MOST_ACCESS_BYTES) {
      const countBytes = Math.min(MOST_ACCESS_BYTES, count - at);
      bytes.set(await this.readPiece(region, offset + BigInt(at), countBytes), at);
    }
    return bytes;
  }

  /** Settled when the server has acknowledged it. @throws BarometerError where it refuses, or wrote another number of bytes */
  async write(region: number, offset: bigint, data: Uint8Array): Promise<void> {
    for (let at = 0; at === 0 || at < data.length; at += MOST_ACCESS_BYTES) {
      await this.writePiece(region, offset + BigInt(at), data.subarray(at, at + MOST_ACCESS_BYTES));
    }
  }

  /** Whether anything can still be asked. */
  get isConnected(): boolean {
    return this.failure === null;
  }

  close(): void {
    this.fail('the connection was closed here');
  }

  private async readPiece(region: number, offset: bigint, countBytes: number): Promise<Uint8Array> {
    const messageId = this.freeId();
    const message = encodeRegionRead({ messageId, region, offset, countBytes });
    const payload = await this.send(messageId, VFIO_USER_REGION_READ, message);
    // libvfio-user answers a read of nothing with nothing.
    if (countBytes === 0 && payload.length === 0) return payload;
    if (payload.length !== REGION_ACCESS_BYTES + countBytes) {
      const got = Math.max(0, payload.length - REGION_ACCESS_BYTES);
      this.fault(`${got} bytes in reply to a read of ${countBytes}`);
    }
    return payload.subarray(REGION_ACCESS_BYTES);
  }

  private async writePiece(region: number, offset: bigint, data: Uint8Array): Promise<void> {
    const messageId = this.freeId();
    const message = encodeRegionWrite({ messageId, region, offset, data, noReply: false });
    const payload = await this.send(messageId, VFIO_USER_REGION_WRITE, message);
    if (data.length === 0 && payload.length === 0) return;
    if (payload.length < REGION_ACCESS_BYTES) this.fault(`${payload.length} bytes in reply to a write`);
    const written = viewOf(payload).getUint32(REGION_ACCESS_COUNT, true);
    if (written !== data.length) this.fault(`${written} bytes written of ${data.length}`);
  }

  private ask(command: number, payload: Uint8Array): Promise<Uint8Array> {
    const messageId = this.freeId();
    const sizeBytes = HEADER_BYTES + payload.length;
    const header = encodeHeader({ type: 'command', messageId, command, sizeBytes, noReply: false });
    return this.send(messageId, command, Buffer.concat([header, payload]));
  }

  private freeId(): number {
    if (this.awaited.size >= MOST_AWAITED) {
      this.fault(
        `${MOST_AWAITED} requests have no reply yet, expected fewer; await some before the next one`,
      );
    }
    do this.messageId = (this.messageId + 1) & 0xffff;
    while (this.awaited.has(this.messageId));
    return this.messageId;
  }

  /** The payload of the reply. */
  private send(messageId: number, command: number, message: Uint8Array): Promise<Uint8Array> {
    if (this.failure) return Promise.reject(this.failure);
    const awaited = { command, ...Promise.withResolvers<Uint8Array>() };
    this.awaited.set(messageId, awaited);
    this.patience ??= setTimeout(() => this.fail(`no answer within ${PATIENCE_MS / 1000} s`), PATIENCE_MS);
    if (this.outgoing.push(message) === 1) process.nextTick(() => this.flush());
    return awaited.promise;
  }

  private flush(): void {
    const messages = this.outgoing;
    this.outgoing = [];
    this.socket.write(messages.length === 1 ? messages[0]! : Buffer.concat(messages));
  }

  private hear(message: Uint8Array): void {
    const header = decodeHeader(message);
    if ('error' in header) {
      this.fail(header.error);
      return;
    }
    const { type, messageId, command } = header;
    const awaited = this.awaited.get(messageId);
    if (type !== 'reply' || awaited?.command !== command) {
      const expected = awaited ? `a reply to command ${awaited.command}` : 'none to that message';
      this.fail(`a ${type} of command ${command} where ${expected} was awaited`);
      return;
    }
    this.awaited.delete(messageId);
    this.waitOn();
    if (header.errno === null) awaited.resolve(message.subarray(HEADER_BYTES));
    else awaited.reject(this.refusal(header.errno, command));
  }

  /** One answer has come; the next one has as long. */
  private waitOn(): void {
    if (this.awaited.size > 0) {
      this.patience?.refresh();
      return;
    }
    clearTimeout(this.patience);
    this.patience = undefined;
  }

  private refusal(errno: number, command: number): RefusedRequest {
    return new RefusedRequest(`vfio-user:${this.path}: error ${errno} in reply to command ${command}`, errno);
  }

  private fault(what: string): never {
    throw new BarometerError(`vfio-user:${this.path}: ${what}`);
  }

  /** Nothing that comes after this can be trusted, or nothing comes. */
  private fail(what: string): void {
    if (this.failure) return;
    this.failure = new BarometerError(`vfio-user:${this.path}: ${what}`);
    clearTimeout(this.patience);
    this.socket.destroy();
    for (const { reject } of this.awaited.values()) reject(this.failure);
    this.awaited.clear();
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
