import { Device } from '../../device/device.ts';
import { deviceSpec } from '../../device/device-spec.ts';
import { LinearMemory } from '../../memory/linear-memory.ts';
import type { PciFunction } from '../../pci/function.ts';
import type { Implementation } from '../../types.ts';

/** A device under policy core, without capabilities. */
export function coreDevice(configBytes: number, implementation: Implementation): Device {
  const source: PciFunction = {
    slot: null,
    configBytes: new Uint8Array(configBytes),
    bars: [],
    rom: null,
    origin: 'a function vector',
  };
  const spec = deviceSpec(source, { name: source.origin, policy: 'core' });
  return new Device(spec, implementation, new LinearMemory(2 ** 16), 0);
}
