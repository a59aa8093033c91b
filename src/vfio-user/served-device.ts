/** What a session needs of a device: a model, its facts, and memory through which requests go. */
import * as layout from '../../assembly/layout.ts';
import type { Device } from '../device/device.ts';
import type { ResetKind } from '../device/device-model.ts';
import { regionInfo } from '../device/region-info.ts';
import type { MemoryRange } from '../memory/linear-memory.ts';
import { EINVAL, VFIO_PCI_CONFIG_REGION_INDEX, VFIO_PCI_NUM_REGIONS } from './constants.ts';
import { type IrqInfo, irqInfos } from './irqs.ts';

const REGION_INFO_BYTES = 32;
const INFO_ARGSZ = 0;
const INFO_FLAGS = 4;
const INFO_INDEX = 8;
const INFO_CAP_OFFSET = 12;
const INFO_SIZE = 16;
const INFO_OFFSET = 24;
const VFIO_REGION_INFO_FLAGS_READ_WRITE = 3;

/** Small accesses that are run as one batch. */
export const BATCH_ACCESSES = 256;
/** Bytes of one of them at most. */
export const SMALL_ACCESS_BYTES = 8;

export class ServedDevice {
  readonly irqs: readonly IrqInfo[];
  private readonly device: Device;
  private readonly accesses: MemoryRange;
  private readonly data: MemoryRange;
  private readonly transfer: MemoryRange;

  /** @param mostBytes of one access @throws BarometerError where the device's memory does not suffice */
  constructor(device: Device, mostBytes: number) {
    this.device = device;
    this.irqs = irqInfos(device.spec.configBytes);
    const { memory } = device;
    this.accesses = memory.allocate(BATCH_ACCESSES * layout.ACCESS_BYTES, 64);
    this.data = memory.allocate(BATCH_ACCESSES * SMALL_ACCESS_BYTES, 64);
    this.transfer = memory.allocate(mostBytes, 64);
  }

  /** What it takes of linear memory. */
  static memoryBytes(mostBytes: number): number {
    return BATCH_ACCESSES * (layout.ACCESS_BYTES + SMALL_ACCESS_BYTES) + mostBytes + 3 * 64;
  }

  /**
   * As VFIO_DEVICE_GET_REGION_INFO says it, less what takes file descriptors: nothing can be mapped. A region that is not
   * there has no size and no flags. An error number for one that cannot be.
   */
  regionInfo(regionIndex: number, argszBytes: number): Uint8Array | number {
    if (argszBytes < REGION_INFO_BYTES || regionIndex >= VFIO_PCI_NUM_REGIONS) return EINVAL;
    const found = regionInfo(this.device.spec, regionIndex, REGION_INFO_BYTES);
    const reply =
      typeof found === 'number' ? new Uint8Array(REGION_INFO_BYTES) : found.slice(0, REGION_INFO_BYTES);
    const view = new DataView(reply.buffer);
    view.setUint32(INFO_ARGSZ, REGION_INFO_BYTES, true);
    view.setUint32(INFO_FLAGS, view.getUint32(INFO_FLAGS, true) & VFIO_REGION_INFO_FLAGS_READ_WRITE, true);
    view.setUint32(INFO_INDEX, regionIndex, true);
    view.setUint32(INFO_CAP_OFFSET, 0, true);
    view.setBigUint64(INFO_OFFSET, 0n, true);
    return reply;
  }

  /** Of a region; 0 where there is none. */
  regionBytes(regionIndex: number): bigint {
    const info = this.regionInfo(regionIndex, REGION_INFO_BYTES);
    return typeof info === 'number' ? 0n : new DataView(info.buffer).getBigUint64(INFO_SIZE, true);
  }

  /** Of configuration space, by itself: some policies answer otherwise where more is read at once. Null where it is refused. */
  configDword(offset: number): number | null {
    const bytes = new Uint8Array(4);
    const errno = this.read(VFIO_PCI_CONFIG_REGION_INDEX, offset, bytes);
    return errno === 0 ? new DataView(bytes.buffer).getUint32(0, true) : null;
  }

  /**
   * Fills `into`; 0, or an error number. One that a device serves in part is an error, as libvfio-user has it: of a write,
   * what it took stays. Offset below 2^53.
   */
  read(regionIndex: number, offset: number, into: Uint8Array): number {
    const { address } = this.transfer;
    const done = this.device.model.regionRead(regionIndex, offset, into.length, address);
    if (done !== into.length) return errnoOf(done);
    into.set(this.device.memory.u8.subarray(address, address + into.length));
    return 0;
  }

  write(regionIndex: number, offset: number, from: Uint8Array): number {
    const { address } = this.transfer;
    this.device.memory.u8.set(from, address);
    const done = this.device.model.regionWrite(regionIndex, offset, from.length, address);
    return done === from.length ? 0 : errnoOf(done);
  }

  /** Puts access number `i` of a batch together. Region below 256, offset as two halves, at most 8 bytes. */
  putSmall(
    i: number,
    isWrite: boolean,
    regionIndex: number,
    offsetLow: number,
    offsetHigh: number,
    count: number,
  ): void {
    const { i32 } = this.device.memory;
    const at = (this.accesses.address + i * layout.ACCESS_BYTES) >>> 2;
    const op = isWrite ? layout.OP_TRANSFER_WRITE : layout.OP_TRANSFER_READ;
    i32[at] = op | (regionIndex << 8) | (count << 16);
    i32[at + 1] = offsetLow;
    i32[at + 2] = offsetHigh;
    i32[at + 3] = this.dataAddress(i);
  }

  /** Bytes of access `i`, before a batch those that are written, after it those that were read. */
  smallData(i: number): { readonly u8: Uint8Array; readonly address: number } {
    return { u8: this.device.memory.u8, address: this.dataAddress(i) };
  }

  runSmall(count: number): void {
    this.device.model.runBatch(this.accesses.address, count, this.transfer.address, 0);
  }

  /** What came of access `i`, which was of `count` bytes: 0, or an error number. */
  smallOutcome(i: number, count: number): number {
    const done = this.device.memory.i32[((this.accesses.address + i * layout.ACCESS_BYTES) >>> 2) + 3]!;
    return done === count ? 0 : errnoOf(done);
  }

  reset(kind: ResetKind = 'ioctl'): void {
    this.device.model.reset(kind);
  }

  private dataAddress(i: number): number {
    return this.data.address + i * SMALL_ACCESS_BYTES;
  }
}

/** Of a result that is no count of bytes, or of fewer than were asked for. */
function errnoOf(done: number): number {
  return done < 0 ? -done : EINVAL;
}
