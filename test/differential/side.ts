import * as layout from '../../assembly/layout.ts';
import { Device } from '../../src/device/device.ts';
import type { DeviceModel } from '../../src/device/device-model.ts';
import { LinearMemory } from '../../src/memory/linear-memory.ts';
import type { Implementation } from '../../src/types.ts';
import { MAX_COUNT, type RandomAccess } from './random-access.ts';
import type { RandomDevice } from './random-device.ts';

const TWO_32 = 2 ** 32;
const BUFFER_BYTES = MAX_COUNT + 64;

/** Operations that batches have. */
export const OPS: Partial<Record<RandomAccess['op'], number>> = {
  'config-read': layout.OP_CONFIG_READ,
  'config-write': layout.OP_CONFIG_WRITE,
  'region-read': layout.OP_REGION_READ,
  'region-write': layout.OP_REGION_WRITE,
  'region-read-bytes': layout.OP_REGION_READ_BYTES,
  'region-write-bytes': layout.OP_REGION_WRITE_BYTES,
  'region-fill': layout.OP_REGION_FILL,
  'region-copy': layout.OP_REGION_COPY,
};

/** One device with a transfer buffer. */
export class Side {
  readonly device: Device;
  readonly memory: LinearMemory;
  readonly buffer: number;
  readonly accesses: number;

  constructor(
    { spec, frameBytes, virtioCommand }: RandomDevice,
    implementation: Implementation,
    accessCount: number,
  ) {
    const regionBytes = spec.regions.reduce((sum, region) => {
      const memlength = Number(region.memlengthBytes);
      return (
        sum +
        4096 +
        (region.backing === 'flat' ? memlength : 4 * Math.ceil(memlength / 2 ** region.pageShift))
      );
    }, 0);
    const accessBytes = (2 * accessCount + 2) * layout.ACCESS_BYTES;
    this.memory = new LinearMemory(regionBytes + frameBytes + BUFFER_BYTES + accessBytes + 8 * 65536);
    this.device = new Device(spec, implementation, this.memory, frameBytes);
    const { stateBlock } = this.device.placement;
    this.memory.view.setUint32(stateBlock + layout.VIRTIO_COMMAND, virtioCommand, true);
    this.buffer = this.memory.allocate(BUFFER_BYTES).address;
    this.accesses = this.memory.allocate(accessBytes).address;
  }

  get model(): DeviceModel {
    return this.device.model;
  }

  bytes(count: number): Uint8Array {
    return this.memory.u8.subarray(this.buffer, this.buffer + count);
  }
}

/** Puts what an access writes into the transfer buffer, and zeros where it reads. */
export function prepare(side: Side, access: RandomAccess): void {
  switch (access.op) {
    case 'region-read':
      side.bytes(8).fill(0);
      break;
    case 'region-write':
      fillRegister(side, access.value);
      break;
    case 'config-read-bytes':
    case 'region-read-bytes':
      side.bytes(Math.max(1, access.count)).fill(0);
      break;
    case 'config-write-bytes':
    case 'region-write-bytes':
      fillPattern(side, access.count, access.value);
  }
}

/** Return value of an access; what it read lies in the buffer, where it reads bytes. */
export function perform({ model, buffer }: Side, access: RandomAccess): number {
  switch (access.op) {
    case 'config-read':
      return model.configRead(access.offset, access.width);
    case 'config-write':
      return model.configWrite(access.offset, access.width, access.value);
    case 'config-read-bytes':
      return model.configReadBytes(access.offset, access.count, buffer);
    case 'config-write-bytes':
      return model.configWriteBytes(access.offset, access.count, buffer);
    case 'region-read':
      return model.regionRead(access.region, access.offset, access.width, buffer);
    case 'region-write':
      return model.regionWrite(access.region, access.offset, access.width, buffer);
    case 'region-read-bytes':
      return model.regionRead(access.region, access.offset, access.count, buffer);
    case 'region-write-bytes':
      return model.regionWrite(access.region, access.offset, access.count, buffer);
    case 'region-fill':
      return model.regionFill(access.region, access.offset, access.count, access.value);
    case 'region-copy':
      return model.regionCopy(access.region, access.offset, access.source, access.count);
    case 'reset':
      model.reset(access.reset);
      return 0;
  }
}

/** The value of a register write, in both halves of eight bytes: as a batch writes it. */
function fillRegister(side: Side, value: number): void {
  side.memory.view.setUint32(side.buffer, value, true);
  side.memory.view.setUint32(side.buffer + 4, value, true);
}

function fillPattern(side: Side, count: number, value: number): void {
  const bytes = side.bytes(count);
  for (let i = 0, state = value | 1; i < count; i++, state = (Math.imul(state, 0x19660d) + 0x3c6ef35f) | 0) {
    bytes[i] = state >>> 24;
  }
}
/** Packs the accesses; returns how many packed ones they take. */
export function pack(side: Side, accesses: readonly RandomAccess[]): number {
  const { view } = side.memory;
  let at = side.accesses;
  const put = (control: number, offset: number, value: number) => {
    view.setUint32(at + layout.ACCESS_CONTROL, control, true);
    view.setUint32(at + layout.ACCESS_OFFSET_LOW, offset % TWO_32, true);
    view.setUint32(at + layout.ACCESS_OFFSET_HIGH, Math.floor(offset / TWO_32), true);
    view.setUint32(at + layout.ACCESS_VALUE, value, true);
    at += layout.ACCESS_BYTES;
  };
  for (const access of accesses) {
    if (access.op === 'reset') continue;
    const region = 'region' in access ? access.region << 8 : 0;
    const width =
      'width' in access ? access.width << 16 : access.op === 'region-fill' ? access.value << 16 : 0;
    put(OPS[access.op]! | region | width, access.offset, 'count' in access ? access.count : access.value);
    if (access.op === 'region-copy') put(0, access.source, 0);
  }
  return (at - side.accesses) / layout.ACCESS_BYTES;
}
