/** A program: what an access costs in this process, without a socket. Arguments: implementation, device flags as JSON. */
import { type DeviceFlags, specFromFlags } from '../../../device/device-flags.ts';
import { VFIO_PCI_CONFIG_REGION_INDEX } from '../../../vfio-user/constants.ts';
import { openServed, type ServedImplementation } from '../../../vfio-user/open-served.ts';
import type { ServedDevice } from '../../../vfio-user/served-device.ts';
import { guestMemory } from '../guest-check.ts';
import {
  answerText,
  COPY_BYTES,
  type CostWork,
  digest,
  PASS_NS,
  PASSES,
  patternHalves,
  WRITE_AT,
} from './cost-lines.ts';

const LOW = 2 ** 32;

/** The path of one small access, as a session takes it (vfio-user/small-accesses.ts). */
function access(served: ServedDevice, isWrite: boolean, region: number, offset: number, count: number): void {
  served.putSmall(0, isWrite, region, (offset % LOW) | 0, Math.floor(offset / LOW), count);
  served.runSmall(1);
  const errno = served.smallOutcome(0, count);
  if (errno !== 0) throw new Error(`an access to region ${region} + ${offset} failed: errno ${errno}`);
}

function worksOn(
  served: ServedDevice,
  memoryRegion: number,
): Record<CostWork, [(count: number) => void, () => number]> {
  const { u8, address } = served.smallData(0);
  const view = new DataView(u8.buffer, address, 8);
  const copied = new Uint32Array(COPY_BYTES / 4);
  let [found, written] = [0, 0];
  const readOf = (region: number) => (count: number) => {
    for (let i = 0; i < count; i++) {
      access(served, false, region, 0, 4);
      found = view.getUint32(0, true);
    }
  };
  patternHalves().forEach((half, i) => {
    view.setUint32(0, half, true);
    access(served, true, memoryRegion, 4 * i, 4);
  });
  return {
    'config-read': [readOf(VFIO_PCI_CONFIG_REGION_INDEX), () => found],
    'memory-read': [readOf(memoryRegion), () => found],
    'memory-write': [
      (count) => {
        for (let i = 0; i < count; i++) {
          view.setUint32(0, ++written, true);
          access(served, true, memoryRegion, WRITE_AT, 4);
        }
      },
      () => {
        access(served, false, memoryRegion, WRITE_AT, 4);
        return view.getUint32(0, true) ^ written;
      },
    ],
    'bulk-copy': [
      (count) => {
        for (let i = 0; i < count; i++) {
          for (let k = 0; k < copied.length; k += 2) {
            access(served, false, memoryRegion, 4 * k, 8);
            copied[k] = view.getUint32(0, true);
            copied[k + 1] = view.getUint32(4, true);
          }
        }
      },
      () => digest(copied),
    ],
  };
}

function timedNs(work: (count: number) => void, count: number): number {
  const start = process.hrtime.bigint();
  work(count);
  return Number(process.hrtime.bigint() - start);
}

function main([implementation, flags]: readonly string[]): void {
  const spec = specFromFlags(JSON.parse(flags!) as DeviceFlags);
  const served = openServed(spec, implementation as ServedImplementation);
  const works = Object.entries(worksOn(served, guestMemory(spec, 'vfio-user')!.regionIndex));
  for (const [name, [work, answer]] of works) {
    const count = operationsOfPass(work);
    for (let pass = 0; pass < PASSES; pass++) {
      const ns = timedNs(work, count);
      process.stdout.write(`cost ${name} ${count} ${ns} ${answerText(answer())}\n`);
    }
  }
}

/** What V8 has not optimised yet is not counted: two whole passes go before. */
function operationsOfPass(work: (count: number) => void): number {
  let [count, ns] = [1, timedNs(work, 1)];
  while (ns < PASS_NS / 2) {
    count *= 2;
    ns = timedNs(work, count);
  }
  count = Math.floor((count * PASS_NS) / ns) + 1;
  timedNs(work, count);
  timedNs(work, count);
  return count;
}

main(process.argv.slice(2));
