/** guest-boot: the accesses of a real guest's boot, recorded once and replayed. One operation is one whole boot. */
import * as layout from '../../assembly/layout.ts';
import type { Device } from '../device/device.ts';
import type { DeviceSpec } from '../device/device-spec.ts';
import { PCI_COMMAND } from '../pci/registers.ts';
import type { Access } from './access-stream.ts';
import type { RegionWindow } from './answer.ts';
import { bootAccesses } from './boot-trace.ts';
import { CONFIG_REGION_INDEX, type LogAccess } from './log-line.ts';
import { finish, type PreparedWorkload, UnsuitableDevice } from './prepared.ts';
import type { Workload } from './scenario.ts';
import { underPolicy } from './under-policy.ts';
import { PAGE_BYTES, type Server, spoilPages, type Workbench, workbench } from './workbench.ts';

/** Whole boots in one pass: so many that the call of a native batch stays below 1 % of it (see harness.ts). */
const BOOTS = 16;
/** More than a boot writes to. */
const FRAME_BYTES = 16 * PAGE_BYTES;
/** Configuration space whole: the longest access of a boot. */
const MOST_BYTES = 4096;
const MOST_REGISTER_BYTES = 8;
/** Memory that belongs to the answer, around each write. */
const WINDOW_BYTES = 8;

/** A parameter `policy` boots under that policy instead of the run's: the accesses are the same. */
export function prepareGuestBoot({ params }: Workload, spec: DeviceSpec, server: Server): PreparedWorkload {
  const booted = underPolicy(spec, params.policy);
  const logged = bootAccesses();
  expectRegions(booted, logged);
  const boot = logged.map(packed);
  const accesses = Array<Access[]>(BOOTS)
    .fill([...boot, ...undoing(booted, boot)])
    .flat();
  const bench = bootBench(booted, server, accesses.length);
  const windows = writtenWindows(logged);
  return finish(bench, accesses, BOOTS, {
    path: 'batch',
    windows,
    readBytes: MOST_BYTES,
    spoil: () => spoilWritten(bench.device, windows),
  });
}

function bootBench(spec: DeviceSpec, server: Server, accessCount: number): Workbench {
  return workbench(spec, server, accessCount, FRAME_BYTES, MOST_BYTES);
}

/** The device must have what the guest has touched. */
function expectRegions({ name, policy, regions }: DeviceSpec, logged: readonly LogAccess[]): void {
  for (const { regionIndex, offset, data } of logged) {
    if (regionIndex === CONFIG_REGION_INDEX) continue;
    const region = regions.find((one) => one.regionIndex === regionIndex);
    if (region && region.barSizeBytes >= BigInt(offset + data.length)) continue;
    throw new UnsuitableDevice(
      `the guest of guest-boot accesses region ${regionIndex} at 0x${offset.toString(16)}, which ${name} under ${policy} has not`,
    );
  }
}

/** Of a write of 8 bytes, an access has room for the lower 4, which both halves then are. */
function packed({ isWrite, regionIndex, offset, data }: LogAccess): Access {
  if (data.length > MOST_REGISTER_BYTES) {
    const op = isWrite ? layout.OP_REGION_WRITE_BYTES : layout.OP_REGION_READ_BYTES;
    return { op, regionIndex, offset, value: data.length };
  }
  const value = isWrite ? Buffer.from(data).readUIntLE(0, Math.min(4, data.length)) : 0;
  const width = data.length;
  if (regionIndex === CONFIG_REGION_INDEX) {
    return { op: isWrite ? layout.OP_CONFIG_WRITE : layout.OP_CONFIG_READ, offset, width, value };
  }
  return {
    ...{ op: isWrite ? layout.OP_REGION_WRITE : layout.OP_REGION_READ, regionIndex },
    ...{ offset, width, value },
  };
}

/** Writes that give every register the value that it had before the boot, so that each boot finds the same device. */
function undoing(spec: DeviceSpec, boot: readonly Access[]): Access[] {
  const { device, stream, bufferAddress } = bootBench(spec, { implementation: 'ts' }, boot.length);
  const before = dwordsOf(device);
  for (const access of boot) stream.put(access);
  device.model.runBatch(stream.address, stream.count, bufferAddress, 0);
  const after = dwordsOf(device);
  return before.flatMap((value, i) => {
    if (value === after[i]) return [];
    const offset = 4 * i;
    // STATUS stands behind COMMAND: ones that are written there clear it.
    const width = offset === PCI_COMMAND ? 2 : 4;
    return [{ op: layout.OP_CONFIG_WRITE, offset, width, value: width === 2 ? value & 0xffff : value }];
  });
}

function dwordsOf(device: Device): number[] {
  const count = device.spec.configBytes.length / 4;
  return Array.from({ length: count }, (_, i) => device.configRead(4 * i, 4) >>> 0);
}

function writtenWindows(logged: readonly LogAccess[]): RegionWindow[] {
  const windows = new Map<string, RegionWindow>();
  for (const { isWrite, regionIndex, offset } of logged) {
    if (!isWrite || regionIndex === CONFIG_REGION_INDEX) continue;
    const start = offset - (offset % WINDOW_BYTES);
    windows.set(`${regionIndex} ${start}`, { regionIndex, offset: start, sizeBytes: WINDOW_BYTES });
  }
  return [...windows.values()];
}

/** Memory only: the boot reads registers before it writes them. */
function spoilWritten(device: Device, windows: readonly RegionWindow[]): void {
  for (const { regionIndex, offset } of windows) {
    const region = device.spec.regions.find((one) => one.regionIndex === regionIndex)!;
    if (BigInt(offset) >= region.memlengthBytes) continue;
    spoilPages(device, region, offset - (offset % PAGE_BYTES), PAGE_BYTES);
  }
}
