/** Where the memory of a device lies among the lines of the model. */
import * as layout from '../../../assembly/coherence/layout.ts';
import type { Memory } from '../../coherence/predict/scenario.ts';
import { LINE_BYTES } from '../../coherence/simulate/lay-side.ts';
import type { DeviceSpec } from '../../device/device-spec.ts';
import { UsageError } from '../../errors.ts';
import { CONFIG_REGION_INDEX } from '../../workload/log-line.ts';

/** Why accesses to a region are none to memory of the model. */
export type NoMemory = 'config' | 'registers' | 'uncached';

export interface MemoryRegion {
  readonly firstLine: number;
  /** Of it that the model has addresses for. */
  readonly sizeBytes: number;
}

export type MemoryMap = ReadonlyMap<number, MemoryRegion | NoMemory>;

/** Of either memory: one less than there are numbers, for the last one would be the directory's sign for no line. */
const MOST_LINES = 2 ** layout.GPU_LINE_SHIFT - 1;

/** @throws UsageError for a device without cached memory */
export function memoryMap({ name, regions }: DeviceSpec, placement: Memory): MemoryMap {
  const map = new Map<number, MemoryRegion | NoMemory>([[CONFIG_REGION_INDEX, 'config']]);
  const first = placement === 'hbm' ? 2 ** layout.GPU_LINE_SHIFT : 0;
  let lines = 0;
  for (const { regionIndex, rules, memlengthBytes } of regions) {
    if (rules === 'uncached') map.set(regionIndex, 'uncached');
    if (rules !== 'memory') continue;
    const sizeBytes = Math.min(Number(memlengthBytes), (MOST_LINES - lines) * LINE_BYTES);
    map.set(regionIndex, { firstLine: first + lines, sizeBytes });
    lines += Math.ceil(sizeBytes / LINE_BYTES);
  }
  if ([...map.values()].some((found) => typeof found === 'object')) return map;
  throw new UsageError(
    `${name} has no region of cached memory; expected a device with one, as --device gh200-120gb`,
  );
}
