import {
  ACCESS_BYTES,
  ACCESS_CONTROL,
  ACCESS_OFFSET_HIGH,
  ACCESS_OFFSET_LOW,
  ACCESS_VALUE,
  OP_CONFIG_READ,
  OP_CONFIG_WRITE,
  OP_REGION_COPY,
  OP_REGION_FILL,
  OP_REGION_READ,
  OP_REGION_READ_BYTES,
  OP_REGION_WRITE,
  OP_REGION_WRITE_BYTES,
} from '../../assembly/layout.ts';
import type { Device } from '../device/device.ts';
import type { WidthBytes } from '../types.ts';
import type { Answer, Operation } from './operation.ts';

type ConfigRead = Extract<Operation, { op: 'cfg-read' }>;
type ConfigWrite = Extract<Operation, { op: 'cfg-write' }>;
type RegionRead = Extract<Operation, { op: 'region-read' }>;
type RegionWrite = Extract<Operation, { op: 'region-write' }>;
type RegionMove = Extract<Operation, { op: 'region-copy' | 'region-fill' }>;

const TWO_32 = 2 ** 32;
const NO_BYTES = new Uint8Array(0);

/** One way to access a device. */
export interface Path {
  readonly name: string;
  /** The device's answer; null where the operation has none. */
  run(operation: Operation): Answer | null;
}

/** Every access through calls that move bytes. Those for registers override it. */
export class BytesPath implements Path {
  get name(): string {
    return 'calls that move bytes';
  }

  protected readonly device: Device;
  protected readonly bufferAddress: number;

  /** @param bufferAddress of a transfer buffer that holds the largest access */
  constructor(device: Device, bufferAddress: number) {
    this.device = device;
    this.bufferAddress = bufferAddress;
  }

  run(operation: Operation): Answer | null {
    switch (operation.op) {
      case 'cfg-read':
        return this.configRead(operation);
      case 'cfg-write':
        return this.configWrite(operation);
      case 'region-read':
        return this.regionRead(operation);
      case 'region-write':
        return this.regionWrite(operation);
      case 'region-copy':
      case 'region-fill':
        return this.regionMove(operation);
      case 'reset':
        this.device.model.reset(operation.reset);
        return null;
    }
  }

  protected configRead({ offset, width }: ConfigRead): Answer {
    return this.fromBuffer(this.device.model.configReadBytes(offset, width, this.bufferAddress));
  }

  protected configWrite({ offset, width, value }: ConfigWrite): Answer {
    this.toBuffer(value);
    return returned(this.device.model.configWriteBytes(offset, width, this.bufferAddress));
  }

  protected regionRead({ region, offset, width }: RegionRead): Answer {
    return this.fromBuffer(this.device.model.regionRead(region, offset, width, this.bufferAddress));
  }

  protected regionWrite({ region, offset, width, value }: RegionWrite): Answer {
    this.toBuffer(value);
    return returned(this.device.model.regionWrite(region, offset, width, this.bufferAddress));
  }

  protected regionMove(operation: RegionMove): Answer {
    const { region, offset, width } = operation;
    if (operation.op === 'region-fill') {
      return returned(this.device.model.regionFill(region, offset, width, operation.byte));
    }
    return returned(this.device.model.regionCopy(region, offset, operation.source, width));
  }

  protected toBuffer(bytes: Uint8Array): void {
    this.device.memory.u8.set(bytes, this.bufferAddress);
  }

  protected fromBuffer(ret: number): Answer {
    const end = this.bufferAddress + Math.max(0, ret);
    return { ret, bytes: this.device.memory.u8.slice(this.bufferAddress, end) };
  }
}

/** Registers through the calls that carry a value. */
export class RegisterPath extends BytesPath {
  override get name(): string {
    return 'register calls';
  }

  protected override configRead(operation: ConfigRead): Answer {
    if (!isRegisterWidth(operation.width)) return super.configRead(operation);
    const { width } = operation;
    const value = this.device.model.configRead(operation.offset, width);
    if (value < 0) return returned(value);
    return { ret: width, bytes: valueBytes(value).subarray(0, width) };
  }

  protected override configWrite(operation: ConfigWrite): Answer {
    if (!isRegisterWidth(operation.width)) return super.configWrite(operation);
    const { offset, width, value } = operation;
    return returned(this.device.model.configWrite(offset, width, integerOf(value)));
  }
}

/**
 * Batches of one packed access. The checksum of a batch that starts from 0 is the value read or the return value
 * itself, so it shows the answer. Widths, operations and configuration offsets from 2^32 on, which batches do not
 * have, go through the other calls.
 */
export class BatchPath extends BytesPath {
  override get name(): string {
    return 'a batch';
  }

  private readonly accesses: number;

  constructor(device: Device, bufferAddress: number) {
    super(device, bufferAddress);
    this.accesses = device.memory.allocate(2 * ACCESS_BYTES).address;
  }

  protected override configRead(operation: ConfigRead): Answer {
    const { offset, width } = operation;
    if (!isRegisterWidth(width) || offset >= TWO_32) return super.configRead(operation);
    return readValue(this.batch(OP_CONFIG_READ, 0, width, offset, 0), operation);
  }

  protected override configWrite(operation: ConfigWrite): Answer {
    const { offset, width, value } = operation;
    if (!isRegisterWidth(width) || offset >= TWO_32) return super.configWrite(operation);
    return returned(this.batch(OP_CONFIG_WRITE, 0, width, offset, integerOf(value)) | 0);
  }

  protected override regionRead(operation: RegionRead): Answer {
    const { region, offset, width } = operation;
    const short = operation.ret !== undefined && operation.ret < width;
    if (isRegisterWidth(width) && !short) {
      return readValue(this.batch(OP_REGION_READ, region, width, offset, 0), operation);
    }
    const { u8, view } = this.device.memory;
    const checksum = this.batch(OP_REGION_READ_BYTES, region, 0, offset, width);
    // This one carries the return value rotated by 5, plus the last dword (or first byte) of the buffer.
    const last = width >= 4 ? view.getUint32(this.bufferAddress + width - 4, true) : u8[this.bufferAddress]!;
    const rotated = (checksum - last) | 0;
    return this.fromBuffer((rotated >>> 5) | (rotated << 27));
  }

  protected override regionWrite({ region, offset, width, value }: RegionWrite): Answer {
    if (isRegisterWidth(width))
      return returned(this.batch(OP_REGION_WRITE, region, width, offset, integerOf(value)) | 0);
    this.toBuffer(value);
    return returned(this.batch(OP_REGION_WRITE_BYTES, region, 0, offset, width) | 0);
  }

  protected override regionMove(operation: RegionMove): Answer {
    const { region, offset, width } = operation;
    if (operation.op === 'region-fill') {
      return returned(this.batch(OP_REGION_FILL, region, operation.byte, offset, width) | 0);
    }
    this.pack(1, 0, operation.source, 0);
    return returned(this.batch(OP_REGION_COPY, region, 0, offset, width, 2) | 0);
  }

  private batch(
    op: number,
    region: number,
    width: number,
    offset: number,
    value: number,
    packed = 1,
  ): number {
    this.pack(0, op | (region << 8) | (width << 16), offset, value);
    return this.device.model.runBatch(this.accesses, packed, this.bufferAddress, 0);
  }

  private pack(accessIdx: number, control: number, offset: number, value: number): void {
    const { view } = this.device.memory;
    const at = this.accesses + accessIdx * ACCESS_BYTES;
    view.setUint32(at + ACCESS_CONTROL, control, true);
    view.setUint32(at + ACCESS_OFFSET_LOW, offset % TWO_32, true);
    view.setUint32(at + ACCESS_OFFSET_HIGH, Math.floor(offset / TWO_32), true);
    view.setUint32(at + ACCESS_VALUE, value, true);
  }
}

function isRegisterWidth(width: number): width is WidthBytes {
  return width === 1 || width === 2 || width === 4;
}

/** A batch gives the value alone, or the errno in its place: it is one only where one is expected. */
function readValue(checksum: number, { width, ret }: ConfigRead | RegionRead): Answer {
  if (ret !== undefined && ret < 0 && (checksum | 0) === ret) return returned(ret);
  return { ret: width, bytes: valueBytes(checksum).subarray(0, width) };
}

/** An answer without bytes: of a write, or of a read that failed. */
function returned(ret: number): Answer {
  return { ret, bytes: NO_BYTES };
}

function integerOf(bytes: Uint8Array): number {
  return bytes.reduce((value, byte, i) => value + byte * 2 ** (8 * i), 0);
}

function valueBytes(value: number): Uint8Array {
  return Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);
}
