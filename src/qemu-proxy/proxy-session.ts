/**
 * The far end of QEMU's x-pci-proxy-dev (hw/remote/proxy.c, message.c): messages in, replies out, nothing of sockets. Every
 * access of the guest to configuration space comes here, those by which it sizes BARs included. What QEMU then
 * maps of memory is 32 bits wide: of a 64-bit BAR no access comes.
 */
import { type AccessRecorder, REFUSED } from '../vfio-user/access-recorder.ts';
import { VFIO_PCI_CONFIG_REGION_INDEX } from '../vfio-user/constants.ts';
import type { ServedDevice } from '../vfio-user/served-device.ts';
import * as mpqemu from './constants.ts';
import { placeOf } from './programmed-bars.ts';

const MOST_ACCESS_BYTES = 8;

export class ProxySession {
  /** Why QEMU has to go; null while it may stay. */
  fault: string | null = null;
  private readonly device: ServedDevice;
  private readonly recorder: AccessRecorder | null;

  constructor(device: ServedDevice, recorder: AccessRecorder | null = null) {
    this.device = device;
    this.recorder = recorder;
  }

  static readonly mostMessageBytes = mpqemu.HEADER_BYTES + mpqemu.SYNC_SYSMEM_BYTES;

  /** The reply to one message, or null where none is due. */
  handle(message: Uint8Array): Uint8Array | null {
    const view = new DataView(message.buffer, message.byteOffset, message.length);
    const command = view.getInt32(mpqemu.HEADER_COMMAND, true);
    const expectedBytes = PAYLOAD_BYTES.get(command);
    const payloadBytes = message.length - mpqemu.HEADER_BYTES;
    if (expectedBytes === undefined) {
      this.fault = `command ${command} was given; expected one of ${[...PAYLOAD_BYTES.keys()].join(', ')}`;
      return null;
    }
    if (payloadBytes !== expectedBytes) {
      this.fault = `command ${command} came with ${payloadBytes} bytes; expected ${expectedBytes}`;
      return null;
    }
    const payload = new DataView(message.buffer, message.byteOffset + mpqemu.HEADER_BYTES, payloadBytes);
    const value = this.valueOf(command, payload);
    this.recorder?.flush();
    return value === null ? null : reply(value);
  }

  /** What is returned for a command; null where nothing is. */
  private valueOf(command: number, payload: DataView): bigint | null {
    switch (command) {
      case mpqemu.MPQEMU_CMD_PCI_CFGREAD:
      case mpqemu.MPQEMU_CMD_PCI_CFGWRITE:
        return this.config(command === mpqemu.MPQEMU_CMD_PCI_CFGWRITE, payload);
      case mpqemu.MPQEMU_CMD_BAR_READ:
      case mpqemu.MPQEMU_CMD_BAR_WRITE:
        return this.bar(command === mpqemu.MPQEMU_CMD_BAR_WRITE, payload);
      case mpqemu.MPQEMU_CMD_DEVICE_RESET:
        this.device.reset();
        this.recorder?.reset();
        return 0n;
      default:
        // Of the guest's memory, and of interrupts, nothing is made use of.
        return null;
    }
  }

  private config(isWrite: boolean, payload: DataView): bigint {
    const offset = payload.getUint32(0, true);
    const value = BigInt(payload.getUint32(4, true));
    const count = payload.getInt32(8, true);
    if (count !== 1 && count !== 2 && count !== 4) return mpqemu.FAILED;
    return this.access(isWrite, { barIdx: VFIO_PCI_CONFIG_REGION_INDEX, offset }, count, value);
  }

  /** Where no BAR answers: ones are read, and writes are lost. */
  private bar(isWrite: boolean, payload: DataView): bigint {
    const address = payload.getBigUint64(0, true);
    const value = payload.getBigUint64(8, true);
    const count = payload.getUint32(16, true);
    const space = payload.getUint8(20) === 0 ? 'io' : 'memory';
    if (count === 0 || count > MOST_ACCESS_BYTES || (count & (count - 1)) !== 0) return mpqemu.FAILED;
    const place = placeOf(this.device, address, space);
    if (place !== null) return this.access(isWrite, place, count, value);
    return isWrite ? 0n : mpqemu.FAILED;
  }

  private access(
    isWrite: boolean,
    { barIdx, offset }: { readonly barIdx: number; readonly offset: number },
    count: number,
    value: bigint,
  ): bigint {
    const bytes = new Uint8Array(MOST_ACCESS_BYTES);
    const view = new DataView(bytes.buffer);
    if (isWrite) view.setBigUint64(0, value, true);
    const data = bytes.subarray(0, count);
    const errno = isWrite ? this.device.write(barIdx, offset, data) : this.device.read(barIdx, offset, data);
    if (errno !== 0 && !isWrite) data.fill(REFUSED);
    this.recorder?.access(isWrite, barIdx, offset, data);
    if (errno !== 0) return mpqemu.FAILED;
    return isWrite ? 0n : view.getBigUint64(0, true);
  }
}

const PAYLOAD_BYTES: ReadonlyMap<number, number> = new Map([
  [mpqemu.MPQEMU_CMD_SYNC_SYSMEM, mpqemu.SYNC_SYSMEM_BYTES],
  [mpqemu.MPQEMU_CMD_PCI_CFGWRITE, mpqemu.CONFIG_ACCESS_BYTES],
  [mpqemu.MPQEMU_CMD_PCI_CFGREAD, mpqemu.CONFIG_ACCESS_BYTES],
  [mpqemu.MPQEMU_CMD_BAR_WRITE, mpqemu.BAR_ACCESS_BYTES],
  [mpqemu.MPQEMU_CMD_BAR_READ, mpqemu.BAR_ACCESS_BYTES],
  [mpqemu.MPQEMU_CMD_SET_IRQFD, 0],
  [mpqemu.MPQEMU_CMD_DEVICE_RESET, 0],
]);

function reply(value: bigint): Uint8Array {
  const bytes = new Uint8Array(mpqemu.HEADER_BYTES + 8);
  const view = new DataView(bytes.buffer);
  view.setInt32(mpqemu.HEADER_COMMAND, mpqemu.MPQEMU_CMD_RET, true);
  view.setBigUint64(mpqemu.HEADER_SIZE, 8n, true);
  view.setBigUint64(mpqemu.HEADER_BYTES, value, true);
  return bytes;
}
