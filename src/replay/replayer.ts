/** One implementation that a log is replayed through: what it answers is held against what the log says. */
import type { ResetKind } from '../device/device-model.ts';
import { REFUSED } from '../vfio-user/access-recorder.ts';
import { BATCH_ACCESSES, type ServedDevice, SMALL_ACCESS_BYTES } from '../vfio-user/served-device.ts';
import type { LogAccess } from '../workload/log-line.ts';
import { bitsOfDevice } from '../workload/qemu-answers.ts';

const TWO_32 = 2 ** 32;
const MOST_KEPT = 10;

export interface Difference {
  /** Of the log, from 1. */
  readonly line: number;
  readonly access: LogAccess;
  /** What the device answered; an error number where it refused. */
  readonly answered: Uint8Array | number;
}

/** Puts access number `i` of a batch together. */
export function putSmall(device: ServedDevice, i: number, access: LogAccess): void {
  const { isWrite, regionIndex, offset, data } = access;
  device.putSmall(i, isWrite, regionIndex, offset % TWO_32, Math.floor(offset / TWO_32), data.length);
  if (!isWrite) return;
  const { u8, address } = device.smallData(i);
  u8.set(data, address);
}

export class Replayer {
  /** The first of them. */
  readonly differences: Difference[] = [];
  differenceCount = 0;
  private readonly device: ServedDevice;
  private readonly waiting: { readonly line: number; readonly access: LogAccess }[] = [];

  constructor(device: ServedDevice) {
    this.device = device;
  }

  /** Small ones wait until there are many. */
  add(line: number, access: LogAccess): void {
    if (access.data.length > SMALL_ACCESS_BYTES) {
      this.run();
      this.large(line, access);
      return;
    }
    const { device, waiting } = this;
    putSmall(device, waiting.length, access);
    waiting.push({ line, access });
    if (waiting.length === BATCH_ACCESSES) this.run();
  }

  reset(kind: ResetKind): void {
    this.run();
    this.device.reset(kind);
  }

  /** All that wait. */
  run(): void {
    const { device, waiting } = this;
    if (waiting.length === 0) return;
    device.runSmall(waiting.length);
    waiting.forEach(({ line, access }, i) => {
      if (access.isWrite) return;
      const count = access.data.length;
      const { u8, address } = device.smallData(i);
      this.compare(line, access, device.smallOutcome(i, count) || u8.subarray(address, address + count));
    });
    waiting.length = 0;
  }

  private large(line: number, access: LogAccess): void {
    const { isWrite, regionIndex, offset, data } = access;
    if (isWrite) {
      this.device.write(regionIndex, offset, data);
      return;
    }
    const into = new Uint8Array(data.length);
    this.compare(line, access, this.device.read(regionIndex, offset, into) || into);
  }

  /** What nobody answers reads as ones. */
  private compare(line: number, access: LogAccess, answered: Uint8Array | number): void {
    const bits = bitsOfDevice(access);
    const isSame = access.data.every((byte, i) => {
      const found = typeof answered === 'number' ? REFUSED : answered[i]!;
      return ((byte ^ found) & (bits?.[i] ?? 0xff)) === 0;
    });
    if (isSame) return;
    this.differenceCount++;
    if (this.differences.length < MOST_KEPT)
      this.differences.push({
        ...{ line, access },
        answered: typeof answered === 'number' ? answered : answered.slice(),
      });
  }
}
