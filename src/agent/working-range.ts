/** The range of device memory that agents work on: every page has memory of its own before they start. */
import type { Device } from '../device/device.ts';
import type { RegionSpec } from '../device/region-spec.ts';
import { BarometerError } from '../errors.ts';
import { linearAddress, PAGE_BYTES, workingRegion } from '../workload/workbench.ts';

export interface WorkingRange {
  readonly region: RegionSpec;
  /** Of the first byte, in the region. */
  readonly offsetBytes: number;
  /** Of the same byte, in linear memory. */
  readonly address: number;
  readonly sizeBytes: number;
}

/**
 * The first `sizeBytes` of the GPU's cached memory, or of the largest BAR, as zeros. Agents that take frames at the same
 * time would each take the same one, so all are taken here, and they lie in a row.
 * @throws UnsuitableDevice where the device has no such memory
 */
export function takeRange(device: Device, sizeBytes: number): WorkingRange {
  const region = workingRegion(device.spec, sizeBytes);
  const done = device.model.regionFill(region.regionIndex, 0, sizeBytes, 0);
  if (done !== sizeBytes)
    throw new BarometerError(`device memory of ${sizeBytes} bytes cannot be set: errno ${-done}`);
  const address = linearAddress(device, region, 0);
  for (let offset = 0; offset < sizeBytes; offset += PAGE_BYTES) {
    if (linearAddress(device, region, offset) !== address + offset) {
      throw new BarometerError(`device memory is not contiguous at offset ${offset}`);
    }
  }
  return { region, offsetBytes: 0, address, sizeBytes };
}
