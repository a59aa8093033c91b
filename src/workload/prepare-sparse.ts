import type { Device } from '../device/device.ts';
import type { DeviceSpec } from '../device/device-spec.ts';
import type { RegionSpec } from '../device/region-spec.ts';
import { discardPages } from '../device/state-block.ts';
import type { Random } from '../random.ts';
import type { Access } from './access-stream.ts';
import { bytesPerOp } from './prepare-region.ts';
import { finish, type PreparedWorkload, REGISTER_ACCESSES } from './prepared.ts';
import { type RegionOperation, type RegionWork, regionAccesses } from './region-stream.ts';
import type { Workload } from './scenario.ts';
import {
  PAGE_BYTES,
  type Server,
  spoilPages,
  type Workbench,
  workbench,
  workingRegion,
} from './workbench.ts';

const KIB = 2 ** 10;
const MIB = 2 ** 20;
/** From this footprint on, passes are long enough to leave the caches. */
const LARGE_FOOTPRINT_BYTES = 64 * MIB;
const LARGE_ACCESSES = 512 * KIB;
/** Pages whose contents belong to the answer. */
const DIGESTED_PAGES = 256;

/** region-sparse: random pages of the whole region, or contiguous memory of the same footprint. */
export function prepareSparse(
  { params }: Workload,
  spec: DeviceSpec,
  server: Server,
  random: Random,
): PreparedWorkload {
  const footprintBytes = Number(params.footprintBytes);
  const region = workingRegion(spec, footprintBytes);
  const flat = params.backing === 'flat';
  const pageCount = footprintBytes / PAGE_BYTES;
  const count = footprintBytes >= LARGE_FOOTPRINT_BYTES ? LARGE_ACCESSES : REGISTER_ACCESSES;
  const used = flat ? withFlatRegion(spec, region, footprintBytes) : spec;
  const bench = workbench(used, server, count, footprintBytes);
  const pages = flat
    ? Array.from({ length: pageCount }, (_, i) => i)
    : drawPages(Math.floor(Number(region.memlengthBytes) / PAGE_BYTES), pageCount, random.fork('pages'));
  const { regionIndex } = region;
  const first = params.touch === 'first';
  const contents = random.fork('contents');
  if (!first) fillPages(bench, regionIndex, pages, contents);
  const work: RegionWork = {
    operation: params.operation as RegionOperation,
    path: 'emulated',
    regionIndex,
    sizeBytes: Number(params.sizeBytes),
    srcOffsetBytes: 0,
    dstOffsetBytes: 0,
    windowBytes: PAGE_BYTES,
    fixedOffset: null,
    addressOf: (offset) => offset,
  };
  return finish(
    bench,
    first ? firstTouches(work, pages, random) : scattered(work, pages, random, count),
    first ? pageCount : count,
    {
      path: 'batch',
      bytes: bytesPerOp(work, work.sizeBytes),
      windows: spread(pages, DIGESTED_PAGES).map((page) => ({
        regionIndex,
        offset: page * PAGE_BYTES,
        sizeBytes: PAGE_BYTES,
      })),
      spoil: () => spoil(work, pages, bench.device),
      beforePass: first
        ? () => discardPages(bench.device.spec, bench.device.memory, bench.device.placement)
        : null,
    },
  );
}

/**
 * Each page gets a window of the same random words, at a place of its own: a page, or a place in it, that is taken for
 * another answers otherwise, and 256 MiB of fresh random words would take longer than what is measured.
 */
function fillPages(
  { device, bufferAddress }: Workbench,
  regionIndex: number,
  pages: readonly number[],
  random: Random,
): void {
  const words = device.memory.i32.subarray(bufferAddress >> 2, (bufferAddress + 2 * PAGE_BYTES) >> 2);
  for (let i = 0; i < words.length; i++) words[i] = random.uint32();
  for (const page of pages) {
    const source = bufferAddress + 4 * random.below(PAGE_BYTES >> 2);
    device.model.regionWrite(regionIndex, page * PAGE_BYTES, PAGE_BYTES, source);
  }
}

/** Accesses at random places of random pages. */
function* scattered(
  work: RegionWork,
  pages: readonly number[],
  random: Random,
  count: number,
): Generator<Access> {
  for (let i = 0; i < count; i++) yield* onPage(work, pages[random.below(pages.length)]!, random);
}

/** One access to each page, in the order drawn. */
function* firstTouches(work: RegionWork, pages: readonly number[], random: Random): Generator<Access> {
  for (const page of pages) yield* onPage(work, page, random);
}

function* onPage(work: RegionWork, page: number, random: Random): Generator<Access> {
  for (const access of regionAccesses(work, random, 1)) {
    yield { ...access, offset: page * PAGE_BYTES + access.offset };
  }
}

/** At most `count` of the pages, evenly over all of them. */
function spread(pages: readonly number[], count: number): number[] {
  const step = Math.max(1, Math.floor(pages.length / count));
  return pages.filter((_, i) => i % step === 0);
}

/** Overwrites what is to be written. */
function spoil({ operation, regionIndex }: RegionWork, pages: readonly number[], device: Device): void {
  if (operation === 'read') return;
  const region = device.spec.regions.find((candidate) => candidate.regionIndex === regionIndex)!;
  for (const page of pages) spoilPages(device, region, page * PAGE_BYTES, PAGE_BYTES);
}

function drawPages(available: number, count: number, random: Random): number[] {
  const drawn = new Set<number>();
  while (drawn.size < count) drawn.add(random.below(available));
  return [...drawn];
}

/** The spec with one region, backed by contiguous memory. */
function withFlatRegion(spec: DeviceSpec, region: RegionSpec, bytes: number): DeviceSpec {
  const flat: RegionSpec = {
    ...region,
    backing: 'flat',
    barSizeBytes: BigInt(bytes),
    memlengthBytes: BigInt(bytes),
  };
  return { ...spec, regions: [flat] };
}
