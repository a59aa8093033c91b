import type { Device } from '../device/device.ts';
import type { DeviceSpec } from '../device/device-spec.ts';
import type { RegionSpec } from '../device/region-spec.ts';
import type { Random } from '../random.ts';
import { type CallPath, finish, type PreparedWorkload, REGISTER_ACCESSES } from './prepared.ts';
import { isRegisterAccess, type RegionOperation, type RegionWork, regionAccesses } from './region-stream.ts';
import type { Workload } from './scenario.ts';
import {
  fillBuffer,
  fillWindow,
  linearAddress,
  type Server,
  spoilPages,
  workbench,
  workingRegion,
} from './workbench.ts';

const MIB = 2 ** 20;
const MOST_BULK_OPERATIONS = 1024;
/** Bytes that one pass of bulk operations moves, about. */
const PASS_BYTES = 4 * MIB;
/** Small working sets stay in the second-level cache, so that emulation is measured and not memory. */
const WINDOW_BYTES = MIB;

/** region-read, region-write, region-copy, region-fill, and region-direct: the same work straight on memory. */
export function prepareRegion(
  { name, params }: Workload,
  spec: DeviceSpec,
  server: Server,
  random: Random,
  path: CallPath,
): PreparedWorkload {
  const operation = (params.operation ?? /^region-(\w+)/.exec(name)![1]) as RegionOperation;
  const sizeBytes = Number(params.sizeBytes);
  const windowBytes = Math.max(WINDOW_BYTES, 2 * sizeBytes);
  const touchedBytes = operation === 'copy' ? 2 * windowBytes : windowBytes;
  const region = workingRegion(spec, touchedBytes + sizeBytes);
  const count = operationCount(operation, sizeBytes);
  const bench = workbench(spec, server, 2 * count, touchedBytes + 4 * sizeBytes, sizeBytes);
  fillWindow(bench.device, region.regionIndex, 0, touchedBytes, random.fork('contents'), bench.bufferAddress);
  if (operation === 'write') fillBuffer(bench, sizeBytes, random.fork('buffer'));
  const memlength = Number(region.memlengthBytes);
  const atEdge = params.position === 'memlength';
  const work: RegionWork = {
    operation,
    path: name === 'region-direct' ? 'direct' : 'emulated',
    regionIndex: region.regionIndex,
    sizeBytes,
    srcOffsetBytes: offsetParam(params, 'srcOffsetBytes'),
    dstOffsetBytes: offsetParam(params, 'dstOffsetBytes'),
    windowBytes,
    fixedOffset: atEdge ? memlength - (sizeBytes >> 1) : null,
    addressOf: (offset) => linearAddress(bench.device, region, offset),
  };
  // The buffer's own side of the alignment: a read writes to it, a write reads from it.
  const bufferOffset = operation === 'read' ? work.dstOffsetBytes : work.srcOffsetBytes;
  return finish(bench, regionAccesses(work, random, count), count, {
    path,
    bytes: bytesPerOp(work, atEdge ? sizeBytes >> 1 : sizeBytes),
    spoil: () => spoilWindow(work, region, touchedBytes, bench.device),
    readBytes: operation === 'read' && !isRegisterAccess(work) ? sizeBytes : 0,
    bufferOffset: operation === 'read' || operation === 'write' ? bufferOffset : 0,
    windows: [{ regionIndex: region.regionIndex, offset: 0, sizeBytes: touchedBytes }],
  });
}

function operationCount(operation: RegionOperation, sizeBytes: number): number {
  if (isRegisterAccess({ operation, sizeBytes })) return REGISTER_ACCESSES;
  return Math.min(MOST_BULK_OPERATIONS, Math.max(2, Math.floor(PASS_BYTES / sizeBytes)));
}

/** Payload is what an operation delivers, traffic what it reads and writes; past memlength nothing is touched. */
export function bytesPerOp(
  work: Pick<RegionWork, 'operation' | 'sizeBytes'>,
  realBytes: number,
): { payload: number; traffic: number } {
  const { operation, sizeBytes } = work;
  // A value comes from a register or goes to one; a fill has no source.
  if (isRegisterAccess(work) || operation === 'fill') return { payload: realBytes, traffic: realBytes };
  if (operation === 'read') return { payload: sizeBytes, traffic: realBytes + sizeBytes };
  return { payload: realBytes, traffic: 2 * realBytes };
}

/** Overwrites what the work is to write. A read and the source of a copy stay as they are. */
function spoilWindow(work: RegionWork, region: RegionSpec, touchedBytes: number, device: Device): void {
  if (work.operation === 'read') return;
  const start = work.operation === 'copy' ? work.windowBytes : 0;
  spoilPages(device, region, start, touchedBytes - start);
}

function offsetParam(params: Workload['params'], name: string): number {
  return Number(params[name] ?? 0);
}
