/** Whether a range of a region can be mapped (specification 1.11). */

import { EINVAL } from '../../assembly/layout.ts';
import type { DeviceSpec } from './device-spec.ts';
import { isGpuMemory, isPageMappable } from './region-info.ts';

const EOVERFLOW = 75;
const U64_LIMIT = 2n ** 64n;

/**
 * 0, or the negative errno with which the driver refuses to map [offsetBytes, +lengthBytes). Of GPU memory all
 * that is really there can be mapped, and nothing behind it.
 */
export function checkMmap(
  spec: DeviceSpec,
  regionIndex: number,
  offsetBytes: bigint,
  lengthBytes: bigint,
): number {
  const region = spec.regions.find((candidate) => candidate.regionIndex === regionIndex);
  if (!region) return -EINVAL;
  const endBytes = offsetBytes + lengthBytes;
  if (isGpuMemory(spec, region)) {
    if (endBytes >= U64_LIMIT) return -EOVERFLOW;
    return endBytes > region.memlengthBytes ? -EINVAL : 0;
  }
  return isPageMappable(spec, region) && endBytes <= region.barSizeBytes ? 0 : -EINVAL;
}
