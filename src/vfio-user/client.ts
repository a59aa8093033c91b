/** A client of a device that somebody serves: one request at a time. What it is told may be anything. */
import { connect, type Socket } from 'node:net';
import { BarometerError } from '../errors.ts';
import { decodeHeader, encodeHeader, encodeRegionRead } from './codec.ts';
import {
  HEADER_BYTES,
  REGION_ACCESS_BYTES,
  VFIO_USER_DEVICE_GET_REGION_INFO,
  VFIO_USER_REGION_READ,
  VFIO_USER_VERSION,
} from './constants.ts';
import { MessageSplitter } from './framing.ts';
import { pipeName } from './pipe-name.ts';

/** For each answer. */
const PATIENCE_MS = 5000;
const MOST_REPLY_BYTES = 2 ** 21;
const REGION_INFO_BYTES = 32;
/** Of one read: what every server takes. */
const MOST_READ_BYTES = 65_536;

export interface ServedRegion {
  readonly flags: number;
  readonly sizeBytes: bigint;
}

export class VfioUserClient {
  private readonly path: string;
  private readonly socket: Socket;
  private readonly splitter = new MessageSplitter(MOST_REPLY_BYTES);
  private messageId = 0;
  private awaited: PromiseWithResolvers<Uint8Array> | null = null;

  private constructor(path: string, socket: Socket) {
    this.path = path;
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      const malformed = this.splitter.push(chunk, (message) =>
        this.awaited?.resolve(new Uint8Array(message)),
      );
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
  async regionInfo(regionIndex: number): Promise<ServedRegion> {
    const request = new Uint8Array(REGION_INFO_BYTES);
    const view = new DataView(request.buffer);
    view.setUint32(0, REGION_INFO_BYTES, true);
    view.setUint32(8, regionIndex, true);
    const payload = await this.ask(VFIO_USER_DEVICE_GET_REGION_INFO, request);
    if (payload.length < REGION_INFO_BYTES) this.fault(`${payload.length} bytes of region info`);
    const reply = new DataView(payload.buffer, payload.byteOffset, payload.length);
    return { flags: reply.getUint32(4, true), sizeBytes: reply.getBigUint64(16, true) };
  }

  /** @throws BarometerError where the server refuses, or answers with another number of bytes */
  async read(region: number, offset: bigint, count: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(count);
    for (let at = 0; at < count; at += MOST_READ_BYTES) {
      const countBytes = Math.min(MOST_READ_BYTES, count - at);
      const message = encodeRegionRead({ messageId: 0, region, offset: offset + BigInt(at), countBytes });
      const payload = await this.ask(VFIO_USER_REGION_READ, message.subarray(HEADER_BYTES));
      if (payload.length !== REGION_ACCESS_BYTES + countBytes) {
        this.fault(`${payload.length - REGION_ACCESS_BYTES} bytes in reply to a read of ${countBytes}`);
      }
      bytes.set(payload.subarray(REGION_ACCESS_BYTES), at);
    }
    return bytes;
  }

  close(): void {
    this.awaited = null;
    this.socket.destroy();
  }

  /** The payload of the reply. */
  private async ask(command: number, payload: Uint8Array): Promise<Uint8Array> {
    const messageId = ++this.messageId & 0xffff;
    const sizeBytes = HEADER_BYTES + payload.length;
    const header = encodeHeader({ type: 'command', messageId, command, sizeBytes, noReply: false });
    const awaited = Promise.withResolvers<Uint8Array>();
    this.awaited = awaited;
    const timer = setTimeout(() => this.fail(`no answer within ${PATIENCE_MS / 1000} s`), PATIENCE_MS);
    try {
      this.socket.write(Buffer.concat([header, payload]));
      return this.payloadOf(await awaited.promise, messageId, command);
    } finally {
      clearTimeout(timer);
      this.awaited = null;
    }
  }

  private payloadOf(message: Uint8Array, messageId: number, command: number): Uint8Array {
    const header = decodeHeader(message);
    if ('error' in header) return this.fault(header.error);
    if (header.type !== 'reply' || header.messageId !== messageId || header.command !== command) {
      return this.fault(
        `a ${header.type} of command ${header.command} where a reply to command ${command} was awaited`,
      );
    }
    if (header.errno !== null) return this.fault(`error ${header.errno} in reply to command ${command}`);
    return message.subarray(HEADER_BYTES);
  }

  private fault(what: string): never {
    throw new BarometerError(`vfio-user:${this.path}: ${what}`);
  }

  private fail(what: string): void {
    this.awaited?.reject(new BarometerError(`vfio-user:${this.path}: ${what}`));
  }
}
