import { ACCESS_BYTES } from '../../assembly/layout.ts';
import type { Device } from '../device/device.ts';
import type { Access, AccessStream } from './access-stream.ts';
import { answerOf, digestBytes, digestState, type RegionWindow } from './answer.ts';
import type { Workbench } from './workbench.ts';

/** Register accesses in one pass: so many that the call of a native batch stays below 1 % of it (see harness.ts). */
export const REGISTER_ACCESSES = 12_288;

/** How the measured loop reaches the device. `library`: through Device, one call an access. */
export type CallPath = 'batch' | 'model' | 'library';

/** A workload on one implementation, ready to run: device built, memory filled, accesses packed. */
export interface PreparedWorkload {
  readonly device: Device;
  /** Address of the packed accesses, and their number. */
  readonly accesses: number;
  readonly accessCount: number;
  /** Operations that one pass over the accesses performs. */
  readonly operations: number;
  readonly bufferAddress: number;
  readonly path: CallPath;
  readonly payloadBytesPerOp: number | null;
  readonly trafficBytesPerOp: number | null;
  /** Runs before every pass, outside the timed window: for work that can be done only once. */
  readonly beforePass: (() => void) | null;
  /**
   * One pass and everything that it delivers and leaves behind, as 8 hex digits. What the pass writes is spoiled
   * first, so that it cannot live on the results of an earlier one.
   * @param pass makes the pass and returns its checksum: the timed path; one batch unless given
   */
  answer(pass?: () => number): string;
  /** Digest of what passes have left behind, as it is now. */
  stateDigest(): number;
}

/** Says why a device cannot run a workload. */
export class UnsuitableDevice extends Error {}

/** What distinguishes a prepared workload from others on its bench. */
export interface Finish {
  readonly path: CallPath;
  readonly bytes?: { payload: number; traffic: number };
  readonly bufferOffset?: number;
  readonly windows?: readonly RegionWindow[];
  readonly beforePass?: (() => void) | null;
  /** Bytes that each operation brings to the transfer buffer; 0 where results are values. */
  readonly readBytes?: number;
  /** Makes wrong whatever a pass is to write. */
  readonly spoil?: () => void;
}

/** Packs the accesses. `operations` is what one pass over them performs. */
export function finish(
  { device, stream, bufferAddress, digestAddress }: Workbench,
  accesses: Iterable<Access>,
  operations: number,
  { path, bytes, bufferOffset = 0, windows = [], beforePass = null, readBytes = 0, spoil = () => {} }: Finish,
): PreparedWorkload {
  for (const access of accesses) stream.put(access);
  const buffer = bufferAddress + bufferOffset;
  const stateDigest = () => digestState(device, windows, digestAddress);
  const onePass = () => {
    beforePass?.();
    return device.model.runBatch(stream.address, stream.count, buffer, 0);
  };
  return {
    device,
    accesses: stream.address,
    accessCount: stream.count,
    operations,
    bufferAddress: buffer,
    path,
    payloadBytesPerOp: bytes?.payload ?? null,
    trafficBytesPerOp: bytes?.traffic ?? null,
    beforePass,
    answer(pass = onePass) {
      spoil();
      const checksum = pass();
      const delivered = readBytes > 0 ? digestDelivered(device, stream, path, buffer, readBytes) : 0;
      return answerOf(checksum ^ delivered, stateDigest());
    },
    stateDigest,
  };
}

/** Digest of what every single bulk read puts in the buffer: the timed loop looks at the last dword only. */
function digestDelivered(
  { model, memory }: Device,
  stream: AccessStream,
  path: CallPath,
  buffer: number,
  bytes: number,
): number {
  let digest = 0;
  for (let i = 0; i < stream.count; i++) {
    memory.u8.fill(0, buffer, buffer + bytes);
    const access = stream.get(i);
    if (path === 'batch') model.runBatch(stream.address + i * ACCESS_BYTES, 1, buffer, 0);
    else model.regionRead(access.regionIndex, access.offset, access.value, buffer);
    digest = digestBytes(memory.u8, buffer, bytes, digest);
  }
  return digest;
}
