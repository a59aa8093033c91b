/** A device as it is served: a model, in memory of its own. */
import { Device } from '../device/device.ts';
import type { DeviceSpec } from '../device/device-spec.ts';
import { deviceMemoryBytes } from '../device/state-block.ts';
import { LinearMemory } from '../memory/linear-memory.ts';
import { DEFAULT_MAX_DATA_XFER_SIZE } from './constants.ts';
import { ServedDevice } from './served-device.ts';

export const SERVED_IMPLEMENTATIONS = ['wasm', 'ts', 'native'] as const;
export type ServedImplementation = (typeof SERVED_IMPLEMENTATIONS)[number];

/** Memory for pages that a client has touched: further ones are refused. */
const FRAME_BYTES = 2 ** 28;

/** @throws UnavailableImplementation where this machine lacks what the implementation needs */
export function openServed(spec: DeviceSpec, implementation: ServedImplementation): ServedDevice {
  const isFlat = spec.regions.some(({ backing }) => backing === 'flat');
  const bytes = deviceMemoryBytes(spec, isFlat ? 0 : FRAME_BYTES);
  const memory = new LinearMemory(bytes + ServedDevice.memoryBytes(DEFAULT_MAX_DATA_XFER_SIZE));
  const device = new Device(spec, implementation, memory, isFlat ? 0 : FRAME_BYTES);
  return new ServedDevice(device, DEFAULT_MAX_DATA_XFER_SIZE);
}
