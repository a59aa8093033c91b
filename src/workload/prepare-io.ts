import { OP_REGION_READ_BYTES, OP_REGION_WRITE_BYTES } from '../../assembly/layout.ts';
import type { DeviceSpec } from '../device/device-spec.ts';
import type { RegionSpec } from '../device/region-spec.ts';
import type { Random } from '../random.ts';
import type { Access } from './access-stream.ts';
import { finish, type PreparedWorkload, UnsuitableDevice } from './prepared.ts';
import type { Workload } from './scenario.ts';
import { fillBuffer, fillWindow, PAGE_BYTES, type Server, spoilPages, workbench } from './workbench.ts';

const OPERATIONS = 1024;
/** Pages that transfers are drawn from: they stay in the second-level cache. */
const WORKING_PAGES = 8;
const BLOCK_ALIGN = 64;

/** Where the transfers of one workload go. Offsets and sizes in bytes. */
interface Place {
  readonly region: RegionSpec;
  readonly firstPage: number;
  readonly pages: number;
  /** Start of the next transfer. */
  readonly draw: () => number;
  /** Bytes of a transfer that reach memory. */
  readonly realBytes: number;
}

/**
 * region-io: transfers that the driver makes in accesses of 8, 4, 2 and 1 bytes (specification 3), on the uncached
 * region or on a BAR; with `window`, half of each is hidden behind the MSI-X table's exclusion window.
 */
export function prepareIo(
  { params }: Workload,
  spec: DeviceSpec,
  server: Server,
  random: Random,
): PreparedWorkload {
  const reads = params.operation === 'read';
  const sizeBytes = Number(params.sizeBytes);
  const place = params.window === undefined ? inMemory(spec, params, random) : acrossWindow(spec, sizeBytes);
  const { region, firstPage, pages, realBytes } = place;
  const { regionIndex } = region;
  const start = firstPage * PAGE_BYTES;
  const touchedBytes = pages * PAGE_BYTES;
  const bench = workbench(spec, server, OPERATIONS, touchedBytes, sizeBytes);
  fillWindow(bench.device, regionIndex, start, touchedBytes, random.fork('contents'), bench.bufferAddress);
  if (!reads) fillBuffer(bench, sizeBytes, random.fork('buffer'));
  const op = reads ? OP_REGION_READ_BYTES : OP_REGION_WRITE_BYTES;
  const accesses = Array.from({ length: OPERATIONS }, (): Access => {
    return { op, regionIndex, offset: place.draw(), value: sizeBytes };
  });
  return finish(bench, accesses, OPERATIONS, {
    path: 'batch',
    bytes: { payload: reads ? sizeBytes : realBytes, traffic: realBytes + (reads ? sizeBytes : realBytes) },
    readBytes: reads ? sizeBytes : 0,
    windows: [{ regionIndex, offset: start, sizeBytes: touchedBytes }],
    spoil: reads ? () => {} : () => spoilPages(bench.device, region, start, touchedBytes),
  });
}

/** Anywhere in the region whose driver plans accesses: the uncached one, else the largest BAR. */
function inMemory(spec: DeviceSpec, params: Workload['params'], random: Random): Place {
  const sizeBytes = Number(params.sizeBytes);
  const offsetBytes = Number(params.srcOffsetBytes ?? params.dstOffsetBytes ?? 0);
  const bars = spec.regions.filter(({ rules }) => rules === 'bar' || rules === 'io-bar');
  bars.sort((a, b) => (a.memlengthBytes > b.memlengthBytes ? -1 : 1));
  const region = spec.regions.find(({ rules }) => rules === 'uncached') ?? bars[0];
  const touchedBytes = WORKING_PAGES * PAGE_BYTES;
  if (!region || region.memlengthBytes < BigInt(touchedBytes)) {
    throw new UnsuitableDevice(`${spec.name} has no uncached region or BAR of ${WORKING_PAGES} pages`);
  }
  const blockBytes = Math.max(sizeBytes, BLOCK_ALIGN);
  // The last block stays free, so that an offset does not leave the pages.
  const blocks = touchedBytes / blockBytes - 1;
  const draw = () => random.below(blocks) * blockBytes + offsetBytes;
  return { region, firstPage: 0, pages: WORKING_PAGES, draw, realBytes: sizeBytes };
}

/** Half before the exclusion window of a BAR, half in it. */
function acrossWindow(spec: DeviceSpec, sizeBytes: number): Place {
  const region = spec.regions.find(({ window }) => window !== undefined);
  if (!region?.window) throw new UnsuitableDevice(`${spec.name} has no BAR with an exclusion window`);
  const windowStart = Number(region.window.startBytes);
  const offset = windowStart - sizeBytes / 2;
  if (offset < 0 || Number(region.window.endBytes) < offset + sizeBytes) {
    throw new UnsuitableDevice(`the exclusion window of ${spec.name} is smaller than half a transfer`);
  }
  const firstPage = Math.floor(offset / PAGE_BYTES);
  const pages = Math.ceil((offset + sizeBytes) / PAGE_BYTES) - firstPage;
  return { region, firstPage, pages, draw: () => offset, realBytes: sizeBytes / 2 };
}
