/**
 * Messages of the vfio-user protocol to bytes and back (specification 8.2). Encoders throw a RangeError where a
 * number does not fit its field: that is the caller's mistake. Decoders never throw, since bytes come from a peer.
 */
import {
  HEADER_BYTES,
  HEADER_COMMAND,
  HEADER_ERRNO,
  HEADER_FLAGS,
  HEADER_ID,
  HEADER_SIZE,
  REGION_ACCESS_BYTES,
  REGION_ACCESS_COUNT,
  REGION_ACCESS_OFFSET,
  REGION_ACCESS_REGION,
  VFIO_USER_F_ERROR,
  VFIO_USER_F_NO_REPLY,
  VFIO_USER_F_TYPE_COMMAND,
  VFIO_USER_F_TYPE_MASK,
  VFIO_USER_F_TYPE_REPLY,
  VFIO_USER_REGION_READ,
  VFIO_USER_REGION_WRITE,
} from './constants.ts';

interface AnyHeader {
  /** Chosen by the sender of the command, and echoed in the reply. */
  readonly messageId: number;
  readonly command: number;
  /** Of the whole message, header included. */
  readonly sizeBytes: number;
}

export interface CommandHeader extends AnyHeader {
  readonly type: 'command';
  /** Whether the peer is to send no reply. */
  readonly noReply: boolean;
}

export interface ReplyHeader extends AnyHeader {
  readonly type: 'reply';
  /** A positive error number, or null where the command was served. */
  readonly errno: number | null;
}

export type Header = CommandHeader | ReplyHeader;

export interface RegionRead {
  readonly messageId: number;
  readonly region: number;
  readonly offset: bigint;
  readonly countBytes: number;
}

export interface RegionWrite {
  readonly messageId: number;
  readonly region: number;
  readonly offset: bigint;
  readonly data: Uint8Array;
  readonly noReply: boolean;
}

export interface ErrorReply {
  readonly messageId: number;
  readonly command: number;
  /** Positive, as in errno.h. */
  readonly errno: number;
}

/** Bytes that are no such message. */
export interface Malformed {
  /** What was given and what was expected. */
  readonly error: string;
}

/** 16 bytes. */
export function encodeHeader(header: Header): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  writeHeader(bytes, header);
  return bytes;
}

/**
 * The header at the beginning of `bytes`, which may be a part of the message or more than it. Any command is taken:
 * who does not know one has to say so in a reply. Flags that the specification does not name are ignored.
 */
export function decodeHeader(bytes: Uint8Array): Header | Malformed {
  if (bytes.length < HEADER_BYTES) {
    return { error: `${bytes.length} bytes were given; expected a header of ${HEADER_BYTES}` };
  }
  const view = viewOf(bytes);
  const flags = view.getUint32(HEADER_FLAGS, true);
  const common = {
    messageId: view.getUint16(HEADER_ID, true),
    command: view.getUint16(HEADER_COMMAND, true),
    sizeBytes: view.getUint32(HEADER_SIZE, true),
  };
  if (common.sizeBytes < HEADER_BYTES) {
    return { error: `message size ${common.sizeBytes} was given; expected ${HEADER_BYTES} or more` };
  }
  const type = flags & VFIO_USER_F_TYPE_MASK;
  const isError = (flags & VFIO_USER_F_ERROR) !== 0;
  if (type === VFIO_USER_F_TYPE_REPLY) {
    return { ...common, type: 'reply', errno: isError ? view.getUint32(HEADER_ERRNO, true) : null };
  }
  if (type !== VFIO_USER_F_TYPE_COMMAND) {
    return { error: `message type ${type} was given; expected 0 (command) or 1 (reply)` };
  }
  if (isError) return { error: 'the error flag was given in a command; expected it in replies alone' };
  return { ...common, type: 'command', noReply: (flags & VFIO_USER_F_NO_REPLY) !== 0 };
}

/** REGION_READ: 32 bytes. */
export function encodeRegionRead({ messageId, region, offset, countBytes }: RegionRead): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + REGION_ACCESS_BYTES);
  const command = VFIO_USER_REGION_READ;
  writeHeader(bytes, { type: 'command', messageId, command, sizeBytes: bytes.length, noReply: false });
  writeAccess(bytes, { region, offset, countBytes });
  return bytes;
}

/** `bytes` is the whole message. */
export function decodeRegionRead(bytes: Uint8Array): RegionRead | Malformed {
  const header = decodeRegionAccess(bytes, VFIO_USER_REGION_READ);
  if ('error' in header) return header;
  const sizeBytes = HEADER_BYTES + REGION_ACCESS_BYTES;
  if (bytes.length > sizeBytes) {
    return { error: `REGION_READ of ${bytes.length} bytes was given; expected ${sizeBytes}` };
  }
  return { messageId: header.messageId, ...readAccess(bytes) };
}

/** REGION_WRITE: 32 bytes and the data. */
export function encodeRegionWrite({ messageId, region, offset, data, noReply }: RegionWrite): Uint8Array {
  const dataOffset = HEADER_BYTES + REGION_ACCESS_BYTES;
  const bytes = new Uint8Array(dataOffset + data.length);
  const command = VFIO_USER_REGION_WRITE;
  writeHeader(bytes, { type: 'command', messageId, command, sizeBytes: bytes.length, noReply });
  writeAccess(bytes, { region, offset, countBytes: data.length });
  bytes.set(data, dataOffset);
  return bytes;
}

/** `bytes` is the whole message; `data` of the result lies in it. */
export function decodeRegionWrite(bytes: Uint8Array): RegionWrite | Malformed {
  const header = decodeRegionAccess(bytes, VFIO_USER_REGION_WRITE);
  if ('error' in header) return header;
  const { region, offset, countBytes } = readAccess(bytes);
  const data = bytes.subarray(HEADER_BYTES + REGION_ACCESS_BYTES);
  if (data.length !== countBytes) {
    return {
      error: `REGION_WRITE of count ${countBytes} with ${data.length} bytes of data was given; expected as many`,
    };
  }
  return { messageId: header.messageId, region, offset, data, noReply: header.noReply };
}

/** A reply that says why a command failed: 16 bytes, the header alone. */
export function encodeErrorReply({ messageId, command, errno }: ErrorReply): Uint8Array {
  return encodeHeader({ type: 'reply', messageId, command, sizeBytes: HEADER_BYTES, errno });
}

/** `bytes` is the whole message. */
export function decodeErrorReply(bytes: Uint8Array): ErrorReply | Malformed {
  const header = decodeMessage(bytes);
  if ('error' in header) return header;
  if (header.type !== 'reply' || header.errno === null) {
    return { error: `a ${header.type} without the error flag was given; expected an error reply` };
  }
  if (bytes.length > HEADER_BYTES) {
    return { error: `an error reply of ${bytes.length} bytes was given; expected ${HEADER_BYTES}` };
  }
  return { messageId: header.messageId, command: header.command, errno: header.errno };
}

/** The header of a whole message. */
function decodeMessage(bytes: Uint8Array): Header | Malformed {
  const header = decodeHeader(bytes);
  if ('error' in header || header.sizeBytes === bytes.length) return header;
  return {
    error: `message size ${header.sizeBytes} with ${bytes.length} bytes was given; expected them to agree`,
  };
}

function decodeRegionAccess(bytes: Uint8Array, command: number): CommandHeader | Malformed {
  const header = decodeMessage(bytes);
  if ('error' in header) return header;
  if (header.type !== 'command' || header.command !== command) {
    return {
      error: `a ${header.type} of command ${header.command} was given; expected a command ${command}`,
    };
  }
  const least = HEADER_BYTES + REGION_ACCESS_BYTES;
  if (bytes.length < least) return { error: `${bytes.length} bytes were given; expected ${least} or more` };
  return header;
}

function writeHeader(bytes: Uint8Array, header: Header): void {
  const view = viewOf(bytes);
  view.setUint16(HEADER_ID, fitting(header.messageId, 0xffff, 'message id'), true);
  view.setUint16(HEADER_COMMAND, fitting(header.command, 0xffff, 'command'), true);
  view.setUint32(HEADER_SIZE, fitting(header.sizeBytes, 0xffffffff, 'message size'), true);
  view.setUint32(HEADER_FLAGS, flagsOf(header), true);
  const errno = header.type === 'reply' ? (header.errno ?? 0) : 0;
  view.setUint32(HEADER_ERRNO, fitting(errno, 0xffffffff, 'errno'), true);
}

function flagsOf(header: Header): number {
  if (header.type === 'command') {
    return VFIO_USER_F_TYPE_COMMAND | (header.noReply ? VFIO_USER_F_NO_REPLY : 0);
  }
  return VFIO_USER_F_TYPE_REPLY | (header.errno === null ? 0 : VFIO_USER_F_ERROR);
}

type Access = Omit<RegionRead, 'messageId'>;

function writeAccess(bytes: Uint8Array, { offset, region, countBytes }: Access): void {
  if (offset < 0n || offset >= 2n ** 64n) throw new RangeError(`offset ${offset}: expected 0 to 2^64 - 1`);
  const view = viewOf(bytes);
  view.setBigUint64(HEADER_BYTES + REGION_ACCESS_OFFSET, offset, true);
  view.setUint32(HEADER_BYTES + REGION_ACCESS_REGION, fitting(region, 0xffffffff, 'region'), true);
  view.setUint32(HEADER_BYTES + REGION_ACCESS_COUNT, fitting(countBytes, 0xffffffff, 'count'), true);
}

function readAccess(bytes: Uint8Array): Access {
  const view = viewOf(bytes);
  return {
    offset: view.getBigUint64(HEADER_BYTES + REGION_ACCESS_OFFSET, true),
    region: view.getUint32(HEADER_BYTES + REGION_ACCESS_REGION, true),
    countBytes: view.getUint32(HEADER_BYTES + REGION_ACCESS_COUNT, true),
  };
}

function fitting(value: number, max: number, name: string): number {
  if (Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw new RangeError(`${name} ${value}: expected a whole number from 0 to ${max}`);
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
