import { ACCESS_BYTES, REGION_BASE, REGION_BYTES, REGION_PAGE_MAP, REGIONS } from '../../assembly/layout.ts';
import { powerManagementOffset } from '../device/capability-facts.ts';
import { Device } from '../device/device.ts';
import type { DeviceSpec } from '../device/device-spec.ts';
import type { RegionSpec } from '../device/region-spec.ts';
import { deviceMemoryBytes } from '../device/state-block.ts';
import { type DrawBelow, GAP_BYTES, LinearMemory } from '../memory/linear-memory.ts';
import type { Random } from '../random.ts';
import type { Implementation } from '../types.ts';
import { formatBytes } from '../units.ts';
import { AccessStream } from './access-stream.ts';
import { UnsuitableDevice } from './prepared.ts';

/** Page size of sparse regions, and the piece in which memory is filled and read back. */
export const PAGE_BYTES = 65536;
/** What bulk data are aligned to: the cache set of a byte follows from its place in the page. */
const DATA_ALIGN = 4096;
/** Beyond what is counted: alignment of each allocation. */
const SLACK_BYTES = 2 ** 20;
/** Allocations beside regions: state block, frames, results of a call, accesses, buffer, digest. */
const OTHER_ALLOCATIONS = 6;

/** Who serves a workload. What is optional differs from arm to arm and from fork to fork, and changes no answer. */
export interface Server {
  readonly implementation: Implementation;
  /** A class with source text of its own, for what is to be timed. */
  readonly deviceClass?: typeof Device;
  /** Draws where things lie in memory, and in which order. Unless given, each lies behind the one before. */
  readonly layout?: Random;
}

/** A device in a memory of its own, with room for accesses and their data. */
export interface Workbench {
  readonly device: Device;
  readonly stream: AccessStream;
  readonly bufferAddress: number;
  /** 64 KiB for reading state back: the transfer buffer keeps what writes take from it. */
  readonly digestAddress: number;
}

/**
 * A memory of its own with a device, room for accesses, and a transfer buffer of at least 128 KiB. However the
 * layout is drawn, frames are aligned to their size and buffers to a page.
 */
export function workbench(
  spec: DeviceSpec,
  { implementation, deviceClass = Device, layout }: Server,
  accessCapacity: number,
  deviceBytes: number,
  transferBytes = 0,
): Workbench {
  const bufferBytes = transferBytes + 2 * PAGE_BYTES;
  const frameBytes = Math.ceil(deviceBytes / PAGE_BYTES) * PAGE_BYTES;
  const isFlat = spec.regions.some(({ backing }) => backing === 'flat');
  const gapBytes = layout ? (spec.regions.length + OTHER_ALLOCATIONS) * GAP_BYTES : 0;
  const usedBytes = deviceMemoryBytes(spec, frameBytes) + bufferBytes + ACCESS_BYTES * accessCapacity;
  // C does not care, and gets what the core in WebAssembly gets.
  const sharing = implementation === 'wasm' || implementation === 'native' ? 'shared' : 'private';
  const drawBelow: DrawBelow = (n) => layout?.below(n) ?? 0;
  const memory = new LinearMemory(usedBytes + gapBytes + SLACK_BYTES, sharing, drawBelow);
  const data = () => ({
    stream: new AccessStream(memory, accessCapacity),
    bufferAddress: memory.allocate(bufferBytes, DATA_ALIGN).address,
    digestAddress: memory.allocate(PAGE_BYTES, DATA_ALIGN).address,
  });
  const before = drawBelow(2) === 1 ? data() : null;
  const device = new deviceClass(spec, implementation, memory, isFlat ? 0 : frameBytes);
  enableMemory(device);
  return { device, ...(before ?? data()) };
}

const PCI_COMMAND = 0x04;
const PCI_COMMAND_MEMORY = 2;
const PCI_PM_CTRL = 4;
const PCI_PM_CTRL_STATE_MASK = 3;

/** As a driver would before it touches a BAR: full power, and memory decoding on. A device may come asleep from a dump. */
export function enableMemory(device: Device): void {
  if (!device.spec.regions.some(({ rules }) => rules === 'bar')) return;
  const command = device.configRead(PCI_COMMAND, 2);
  if ((command & PCI_COMMAND_MEMORY) === 0) device.configWrite(PCI_COMMAND, 2, command | PCI_COMMAND_MEMORY);
  const powerManagement = powerManagementOffset(device.spec.configBytes);
  if (powerManagement === 0) return;
  const control = device.configRead(powerManagement + PCI_PM_CTRL, 2);
  if ((control & PCI_PM_CTRL_STATE_MASK) !== 0) {
    device.configWrite(powerManagement + PCI_PM_CTRL, 2, control & ~PCI_PM_CTRL_STATE_MASK);
  }
}

/** The GPU's cached memory where there is one, else the largest BAR. */
export function workingRegion(spec: DeviceSpec, bytes: number): RegionSpec {
  const bySize = spec.regions.filter(
    ({ rules }) => rules === 'memory' || rules === 'bar' || rules === 'io-bar',
  );
  bySize.sort((a, b) => (a.memlengthBytes > b.memlengthBytes ? -1 : 1));
  const region = bySize[0];
  if (!region || region.memlengthBytes < BigInt(bytes)) {
    throw new UnsuitableDevice(`${spec.name} has no memory region of ${formatBytes(bytes)}`);
  }
  return region;
}

/** Fills the part of the transfer buffer that writes of `bytes` bytes at any alignment take their data from. */
export function fillBuffer({ device, bufferAddress }: Workbench, bytes: number, random: Random): void {
  const first = bufferAddress >> 2;
  const { i32 } = device.memory;
  for (let i = first; i < first + ((bytes + PAGE_BYTES) >> 2); i++) i32[i] = random.uint32();
}

/** Writes random words through the device, 64 KiB at a time. */
export function fillWindow(
  device: Device,
  regionIndex: number,
  offset: number,
  bytes: number,
  random: Random,
  bufferAddress: number,
): void {
  const words = device.memory.i32;
  const first = bufferAddress >> 2;
  for (let done = 0; done < bytes; done += PAGE_BYTES) {
    const piece = Math.min(PAGE_BYTES, bytes - done);
    for (let i = 0; i < piece >> 2; i++) words[first + i] = random.uint32();
    device.model.regionWrite(regionIndex, offset + done, piece, bufferAddress);
  }
}

/** Address of a region's byte that has memory of its own. */
export function linearAddress(device: Device, region: RegionSpec, offset: number): number {
  const base = device.memory.view.getUint32(descriptor(device, region) + REGION_BASE, true);
  if (region.backing === 'flat') return base + offset;
  return base + frameOf(device, region, offset) + (offset % PAGE_BYTES);
}

/** Put over whatever a pass is to write, so that no answer lives on the results of an earlier pass. */
export const SPOILED_BYTE = 0xa5;

/** Spoils the pages of [offset, +bytes), straight in memory. Pages that have no memory have nothing to spoil. */
export function spoilPages(device: Device, region: RegionSpec, offset: number, bytes: number): void {
  for (let page = offset; page < offset + bytes; page += PAGE_BYTES) {
    if (!hasMemory(device, region, page)) continue;
    const address = linearAddress(device, region, page);
    device.memory.u8.fill(SPOILED_BYTE, address, address + PAGE_BYTES);
  }
}

/** Whether the page of a region's byte has a frame of its own. */
export function hasMemory(device: Device, region: RegionSpec, offset: number): boolean {
  return region.backing === 'flat' || frameOf(device, region, offset) !== 0;
}

function frameOf(device: Device, region: RegionSpec, offset: number): number {
  const { view } = device.memory;
  const pageMap = view.getUint32(descriptor(device, region) + REGION_PAGE_MAP, true);
  return view.getUint32(pageMap + 4 * Math.floor(offset / PAGE_BYTES), true);
}

function descriptor({ placement }: Device, { regionIndex }: RegionSpec): number {
  return placement.stateBlock + REGIONS + regionIndex * REGION_BYTES;
}
