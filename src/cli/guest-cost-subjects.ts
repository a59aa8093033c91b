/** Programs that serve a device to a timed guest: ours on each implementation, and the twin in C. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DeviceFlags } from '../device/device-flags.ts';
import type { DeviceSpec } from '../device/device-spec.ts';
import type { CostSubject } from '../run/guest/cost/cost-boot.ts';
import { C_SERVER } from '../run/guest/cost/cost-samples.ts';
import type { CostPrograms } from '../run/guest/cost/programs.ts';
import { VFIO_PCI_CONFIG_REGION_INDEX, VFIO_PCI_NUM_REGIONS } from '../vfio-user/constants.ts';
import { openServed, type ServedImplementation } from '../vfio-user/open-served.ts';
import type { ServedDevice } from '../vfio-user/served-device.ts';

const ENTRY = fileURLToPath(new URL('./barometer.cjs', import.meta.url));
const CORE_COSTS = fileURLToPath(new URL('../run/guest/cost/core-costs.js', import.meta.url));
const REGION_INFO_BYTES = 32;
const INFO_SIZE = 16;

export function costSubjects(
  device: DeviceFlags,
  spec: DeviceSpec,
  implementations: readonly ServedImplementation[],
  { programs, folder }: { readonly programs: CostPrograms; readonly folder: string },
): CostSubject[] {
  const flags = Object.entries(device).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, String(value)],
  );
  const served = openServed(spec, 'ts');
  const config = join(folder, 'config');
  writeFileSync(config, configOf(served, spec));
  const ours = implementations.map((name): CostSubject => {
    const serve = ['serve', '--impl', name, ...flags];
    return {
      name,
      serve: (socketPath) => [process.execPath, ENTRY, ...serve, '--socket', socketPath],
      core: [process.execPath, CORE_COSTS, name, JSON.stringify(device)],
    };
  });
  const sizes = Array.from({ length: VFIO_PCI_NUM_REGIONS }, (_, i) => regionBytes(served, i).toString(16));
  const twin: CostSubject = {
    name: C_SERVER,
    serve: (socketPath) => [programs.server, socketPath, config, ...sizes],
    core: null,
  };
  return [...ours, twin];
}

/** Configuration space as a client finds it. */
export function configOf(served: ServedDevice, { configBytes }: DeviceSpec): Uint8Array {
  const bytes = new Uint8Array(configBytes.length);
  served.read(VFIO_PCI_CONFIG_REGION_INDEX, 0, bytes);
  return bytes;
}

function regionBytes(served: ServedDevice, regionIndex: number): bigint {
  const info = served.regionInfo(regionIndex, REGION_INFO_BYTES);
  return typeof info === 'number' ? 0n : new DataView(info.buffer).getBigUint64(INFO_SIZE, true);
}
