/** A device to use: the library's front of the models. */
import { ACCESS_BYTES } from '../../assembly/layout.ts';
import { Device } from '../device/device.ts';
import { oneOf, specFromFlags } from '../device/device-flags.ts';
import type { ResetKind } from '../device/device-model.ts';
import type { DeviceSpec } from '../device/device-spec.ts';
import { deviceMemoryBytes } from '../device/state-block.ts';
import { UsageError } from '../errors.ts';
import { LinearMemory } from '../memory/linear-memory.ts';
import type { DriverGeneration, Implementation, Policy, WidthBytes } from '../types.ts';
import { AccessStream } from '../workload/access-stream.ts';
import { recordSizing } from '../workload/sizer/record-sizing.ts';
import { findSizer, SIZER_NAMES } from '../workload/sizer/sizers.ts';
import type { Sizing } from '../workload/sizer/sizing.ts';
import { type BatchAccess, packedAccess } from './batch-access.ts';
import { expectWhole } from './expect.ts';

const PAGE_BYTES = 65_536;
const TRANSFER_BYTES = 65_536;
const DEFAULT_MEMORY_BYTES = 16 * 2 ** 20;
/** Beyond what is counted: alignment of each allocation. */
const SLACK_BYTES = 2 ** 20;

const ANSWERING = ['wasm', 'ts', 'native'] as const;

/** What is emulated, and how. Everything may be left out. */
export interface OpenOptions {
  /**
   * Who answers regions, sizers and batches; `wasm` unless given. Single accesses to registers take the path that is
   * fastest for one call, which is TypeScript on the same bytes.
   */
  readonly implementation?: (typeof ANSWERING)[number];
  /** How strictly configuration space is emulated; a profile's own unless given, `strict` for anything else. */
  readonly policy?: Policy;
  /** Which nvgrace-gpu driver; `7.0` unless given. */
  readonly generation?: DriverGeneration;
  /** GPU memory that firmware reports, as `96GiB`; a profile's own unless given. */
  readonly gpuMemory?: string;
  /** Memory for the pages of regions that are written to, in bytes; 16 MiB unless given. A region itself may be larger. */
  readonly memoryBytes?: number;
  /** Most accesses of all batches together; 65,536 unless given. Each takes 16 bytes. */
  readonly batchCapacity?: number;
}

/** Packed accesses: one call into the implementation runs them all. */
export interface Batch {
  readonly accessCount: number;
  /**
   * Runs them in their order.
   * @returns a checksum over all that was read and over all results of writes, 0 to 2^32 - 1; see `checksum` of
   * assembly/access-batch.ts
   */
  run(): number;
}

/**
 * A device of a profile (`gh200-120gb`), of a file with `lspci -xxx[x]` text or a raw configuration space (`FILE`, or
 * `FILE#BB:DD.F` for one function of many), or of this machine (`host:BB:DD.F`, read once and never written).
 * @throws UsageError where there is no such device, or policy and device do not go together
 * @throws UnavailableImplementation where this machine lacks what the implementation needs
 */
export function openDevice(device: string, options: OpenOptions = {}): EmulatedDevice {
  const { memoryBytes = DEFAULT_MEMORY_BYTES, batchCapacity = 65_536 } = options;
  const implementation = oneOf('implementation', options.implementation ?? 'wasm', ANSWERING);
  expectWhole('memoryBytes', memoryBytes, { least: 0, most: MOST_BYTES });
  expectWhole('batchCapacity', batchCapacity, { least: 1, most: MOST_BYTES / (2 * ACCESS_BYTES) });
  const { policy, generation, gpuMemory } = options;
  const spec = specFromFlags({
    device,
    ...(policy !== undefined && { policy }),
    ...(generation !== undefined && { generation }),
    ...(gpuMemory !== undefined && { gpuMemory }),
  });
  return new EmulatedDevice(spec, implementation, { memoryBytes, batchCapacity });
}

/**
 * One emulated PCI function. Results follow the VFIO file interface: a value or a count of bytes, or a negative errno:
 * -14 EFAULT outside configuration space, -22 EINVAL outside a region, -5 EIO or -62 ETIME where it is not to be
 * accessed now, -12 ENOMEM where no page is left. Regions have their VFIO numbers: BARs 0 to 5, ROM 6, configuration 7.
 */
export class EmulatedDevice {
  /** What it was made of: configuration space as it was opened, BARs, regions with their real lengths. */
  readonly spec: DeviceSpec;
  private readonly device: Device;
  private readonly bufferAddress: number;
  private readonly batchCapacity: number;
  private readonly stream: AccessStream;

  /** Use `openDevice`. */
  constructor(
    spec: DeviceSpec,
    implementation: Implementation,
    { memoryBytes, batchCapacity }: { readonly memoryBytes: number; readonly batchCapacity: number },
  ) {
    this.spec = spec;
    this.batchCapacity = batchCapacity;
    const frameBytes = Math.ceil(memoryBytes / PAGE_BYTES) * PAGE_BYTES;
    const usedBytes =
      deviceMemoryBytes(spec, frameBytes) + TRANSFER_BYTES + ACCESS_BYTES * batchCapacity + SLACK_BYTES;
    const memory = new LinearMemory(usedBytes);
    this.device = new Device(spec, implementation, memory, frameBytes);
    this.bufferAddress = memory.allocate(TRANSFER_BYTES, 4096).address;
    this.stream = new AccessStream(memory, batchCapacity);
  }

  /** Value of 1, 2 or 4 bytes, 0 to 2^32 - 1, or a negative errno. */
  configRead(offsetBytes: number, widthBytes: WidthBytes): number {
    return this.device.configRead(offsetBytes, widthBytes);
  }

  /** Bytes taken, or a negative errno. Policy nvgrace may take fewer than `widthBytes`. */
  configWrite(offsetBytes: number, widthBytes: WidthBytes, value: number): number {
    return this.device.configWrite(offsetBytes, widthBytes, value);
  }

  /**
   * Fills `target` from a region at an offset in bytes, below 2^53; what is past the end of real memory reads 0xff.
   * @returns bytes read, or the negative errno of a piece of 64 KiB; earlier pieces are in `target` then
   */
  regionRead(regionIndex: number, offsetBytes: number, target: Uint8Array): number {
    const { model, memory } = this.device;
    return inPieces(target.length, (at, count) => {
      const done = model.regionRead(regionIndex, offsetBytes + at, count, this.bufferAddress);
      if (done > 0) target.set(memory.u8.subarray(this.bufferAddress, this.bufferAddress + done), at);
      return done;
    });
  }

  /**
   * Writes `source` to a region; what is past the end of real memory is dropped and counts as done.
   * @returns bytes written, or the negative errno of a piece of 64 KiB; earlier pieces are written then
   */
  regionWrite(regionIndex: number, offsetBytes: number, source: Uint8Array): number {
    const { model, memory } = this.device;
    return inPieces(source.length, (at, count) => {
      memory.u8.set(source.subarray(at, at + count), this.bufferAddress);
      return model.regionWrite(regionIndex, offsetBytes + at, count, this.bufferAddress);
    });
  }

  /** Copies inside one region, as if through a buffer. Bytes done, or a negative errno. */
  regionCopy(regionIndex: number, destinationBytes: number, sourceBytes: number, countBytes: number): number {
    return this.device.model.regionCopy(regionIndex, destinationBytes, sourceBytes, countBytes);
  }

  /** Sets bytes of a region to one value, 0 to 255. Bytes done, or a negative errno. */
  regionFill(regionIndex: number, offsetBytes: number, countBytes: number, byte: number): number {
    return this.device.model.regionFill(regionIndex, offsetBytes, countBytes, byte);
  }

  /** Reply of VFIO_DEVICE_GET_REGION_INFO in memory order, `argszBytes` long at most, or -22 (EINVAL); `<linux/vfio.h>`. */
  regionInfo(regionIndex: number, argszBytes: number): Uint8Array | number {
    return this.device.regionInfo(regionIndex, argszBytes);
  }

  /** 0 where the range of a region can be mapped, or -22 (EINVAL), -75 (EOVERFLOW). Offset and length in bytes. */
  checkMmap(regionIndex: number, offsetBytes: bigint, lengthBytes: bigint): number {
    return this.device.checkMmap(regionIndex, offsetBytes, lengthBytes);
  }

  /** Resets the function: by VFIO_DEVICE_RESET, by function level reset, or by a hot reset of its bus. */
  reset(kind: ResetKind): void {
    this.device.model.reset(kind);
  }

  /**
   * Has a consumer size the BARs, in-band, by its own algorithm (PCIe 7.5.1.2.1: write ones, read the mask), and tells
   * what it concludes. Leaves the registers as that consumer leaves them.
   * @param sizer one of SIZER_NAMES; `linux` unless given
   * @throws UsageError for a name that is no sizer's
   */
  size(sizer = 'linux'): Sizing {
    const found = findSizer(sizer);
    if (!found) throw new UsageError(`sizer ${JSON.stringify(sizer)}: expected ${SIZER_NAMES.join(', ')}`);
    return recordSizing(this.device, found).sizing;
  }

  /**
   * Packs accesses, which one call runs in the chosen implementation.
   * @throws UsageError where there is no access, an access is malformed, or `batchCapacity` is used up
   */
  batch(accesses: readonly BatchAccess[]): Batch {
    if (accesses.length === 0) throw new UsageError('batch of no accesses: expected one at least');
    const { stream, device, bufferAddress } = this;
    const left = this.batchCapacity - stream.count;
    if (accesses.length > left) {
      throw new UsageError(
        `batch of ${accesses.length} accesses: ${left} of ${this.batchCapacity} are left; open the device with a larger ` +
          'batchCapacity, and pack what is run often once',
      );
    }
    const address = stream.address + ACCESS_BYTES * stream.count;
    for (const access of accesses.map(packedAccess)) stream.put(access);
    return {
      accessCount: accesses.length,
      run: () => device.model.runBatch(address, accesses.length, bufferAddress, 0) >>> 0,
    };
  }
}

/** Adds up what pieces return, until one is short or fails. */
function inPieces(totalBytes: number, piece: (at: number, countBytes: number) => number): number {
  let done = 0;
  while (done < totalBytes) {
    const count = Math.min(TRANSFER_BYTES, totalBytes - done);
    const result = piece(done, count);
    if (result < 0) return result;
    done += result;
    if (result < count) break;
  }
  return done;
}

/** Half of what linear memory can hold. */
const MOST_BYTES = 2 ** 30;
