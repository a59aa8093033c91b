/** A device to use: the library's front of the models. */
import {
  ACCESS_BYTES,
  OP_CONFIG_READ,
  OP_CONFIG_WRITE,
  OP_REGION_READ,
  OP_REGION_WRITE,
  STATE_BYTES,
} from '../../assembly/layout.ts';
import { Device } from '../device/device.ts';
import { oneOf, specFromFlags } from '../device/device-flags.ts';
import type { ResetKind } from '../device/device-model.ts';
import type { DeviceSpec } from '../device/device-spec.ts';
import { UsageError } from '../errors.ts';
import { LinearMemory } from '../memory/linear-memory.ts';
import type { DriverGeneration, Implementation, Policy, WidthBytes } from '../types.ts';
import { type Access, AccessStream } from '../workload/access-stream.ts';
import { recordSizing } from '../workload/sizer/record-sizing.ts';
import { findSizer, SIZER_NAMES } from '../workload/sizer/sizers.ts';
import type { Sizing } from '../workload/sizer/sizing.ts';

const PAGE_BYTES = 65_536;
const TRANSFER_BYTES = 65_536;
const DEFAULT_MEMORY_BYTES = 16 * 2 ** 20;
const PAGE_MAP_SLACK = 17;
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

/** One register access of a batch. Offsets in bytes, below 2^53; values below 2^32. */
export type BatchAccess =
  | { readonly kind: 'config-read'; readonly offsetBytes: number; readonly widthBytes: WidthBytes }
  | {
      readonly kind: 'config-write';
      readonly offsetBytes: number;
      readonly widthBytes: WidthBytes;
      readonly value: number;
    }
  | {
      readonly kind: 'region-read';
      readonly regionIndex: number;
      readonly offsetBytes: number;
      readonly widthBytes: WidthBytes | 8;
    }
  | {
      readonly kind: 'region-write';
      readonly regionIndex: number;
      readonly offsetBytes: number;
      readonly widthBytes: WidthBytes | 8;
      readonly value: number;
    };

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
  expectCount('memoryBytes', memoryBytes, 0, 1);
  expectCount('batchCapacity', batchCapacity, 1, 2 * ACCESS_BYTES);
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
      STATE_BYTES +
      frameBytes +
      pageMapBytes(spec) +
      TRANSFER_BYTES +
      ACCESS_BYTES * batchCapacity +
      SLACK_BYTES;
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

/** Pages of sparse regions have an entry each. */
function pageMapBytes({ regions }: DeviceSpec): number {
  return regions.reduce(
    (sum, { backing, memlengthBytes, pageShift }) =>
      sum +
      (backing === 'flat'
        ? Number(memlengthBytes)
        : 4 * (Number(memlengthBytes >> BigInt(pageShift)) + PAGE_MAP_SLACK)),
    0,
  );
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

const OPERATIONS = {
  'config-read': OP_CONFIG_READ,
  'config-write': OP_CONFIG_WRITE,
  'region-read': OP_REGION_READ,
  'region-write': OP_REGION_WRITE,
} as const;

function packedAccess(access: BatchAccess, idx: number): Access {
  const { kind, offsetBytes, widthBytes } = access;
  if (!Object.hasOwn(OPERATIONS, kind)) {
    throw new UsageError(
      `access ${idx}: kind ${JSON.stringify(kind)}: expected ${Object.keys(OPERATIONS).join(', ')}`,
    );
  }
  const isRegion = kind === 'region-read' || kind === 'region-write';
  const isWrite = kind === 'config-write' || kind === 'region-write';
  const widths: readonly number[] = isRegion ? [1, 2, 4, 8] : [1, 2, 4];
  if (!widths.includes(widthBytes)) {
    throw new UsageError(`access ${idx}: widthBytes ${widthBytes}: expected ${widths.join(', ')}`);
  }
  const whole = (name: string, value: number, most: number): number => {
    if (Number.isInteger(value) && value >= 0 && value <= most) return value;
    throw new UsageError(`access ${idx}: ${name} ${value}: expected a whole number from 0 to ${most}`);
  };
  return {
    op: OPERATIONS[kind],
    offset: whole('offsetBytes', offsetBytes, isRegion ? Number.MAX_SAFE_INTEGER : MAX_U32),
    width: widthBytes,
    ...(isRegion && { regionIndex: whole('regionIndex', access.regionIndex, LAST_REGION) }),
    ...(isWrite && { value: whole('value', access.value, MAX_U32) }),
  };
}

const MAX_U32 = 2 ** 32 - 1;
/** VGA, in VFIO's numbering. */
const LAST_REGION = 8;
/** What linear memory can hold; see LinearMemory. */
const MOST_BYTES = 2 ** 30;

function expectCount(name: string, value: number, least: number, unitBytes: number): void {
  const most = MOST_BYTES / unitBytes;
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new UsageError(`${name} ${value}: expected a whole number from ${least} to ${most}`);
}
