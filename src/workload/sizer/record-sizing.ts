import { Device } from '../../device/device.ts';
import type { DeviceSpec } from '../../device/device-spec.ts';
import { LinearMemory } from '../../memory/linear-memory.ts';
import { headerTypeOf } from '../../pci/header.ts';
import type { Implementation } from '../../types.ts';
import { type ConfigAccess, devicePort, RecordingPort } from './config-port.ts';
import type { SizedFunction, Sizer, Sizing } from './sizing.ts';

export interface RecordedSizing {
  readonly sizing: Sizing;
  /** Everything that reached the device, in order. */
  readonly accesses: readonly ConfigAccess[];
}

const BAR_REGIONS = [0, 1, 2, 3, 4, 5];
const SIZING_MEMORY_BYTES = 2 ** 17;
const SMALLEST_PAGE_SHIFT = 12;

/** Has `sizer` size the device, through its implementation's register calls. Leaves behind what the sizer leaves. */
export function recordSizing(device: Device, sizer: Sizer): RecordedSizing {
  const port = new RecordingPort(devicePort(device.model));
  const sizing = sizer.size(port, sizedFunction(device.spec));
  return { sizing, accesses: port.accesses };
}

/** What is known of the device without sizing it. */
export function sizedFunction({ configBytes, regions }: DeviceSpec): SizedFunction {
  return {
    headerType: headerTypeOf(configBytes),
    regionBytes: BAR_REGIONS.map((regionIndex) => {
      return regions.find((region) => region.regionIndex === regionIndex)?.barSizeBytes ?? 0n;
    }),
  };
}

/** The device in its initial state, without the memory behind its regions: a sizer touches registers only. */
export function deviceToSize(spec: DeviceSpec, implementation: Implementation): Device {
  const regions = spec.regions.map((region) => ({
    ...region,
    memlengthBytes: 0n,
    backing: 'sparse' as const,
    pageShift: SMALLEST_PAGE_SHIFT,
  }));
  return new Device({ ...spec, regions }, implementation, new LinearMemory(SIZING_MEMORY_BYTES), 0);
}
