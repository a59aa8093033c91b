/** Programs that serve a device to a timed guest: ours on each implementation, and the twin in C. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DeviceFlags } from '../device/device-flags.ts';
import type { DeviceSpec } from '../device/device-spec.ts';
import type { CostSubject } from '../run/guest/cost/cost-boot.ts';
import { C_SERVER, NODE_ECHO } from '../run/guest/cost/cost-samples.ts';
import type { CostPrograms } from '../run/guest/cost/programs.ts';
import { VFIO_PCI_NUM_REGIONS } from '../vfio-user/constants.ts';
import { openServed, type ServedImplementation } from '../vfio-user/open-served.ts';
import type { ServedDevice } from '../vfio-user/served-device.ts';

const ENTRY = fileURLToPath(new URL('./barometer.cjs', import.meta.url));
const ECHO_SERVER = fileURLToPath(new URL('../run/guest/cost/echo-server.js', import.meta.url));
const CORE_COSTS = fileURLToPath(new URL('../run/guest/cost/core-costs.js', import.meta.url));

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
      isDevice: true,
      serve: (socketPath) => [process.execPath, ENTRY, ...serve, '--socket', socketPath],
      core: [process.execPath, CORE_COSTS, name, JSON.stringify(device)],
    };
  });
  const sizes = Array.from({ length: VFIO_PCI_NUM_REGIONS }, (_, i) => served.regionBytes(i).toString(16));
  const twin: CostSubject = {
    name: C_SERVER,
    isDevice: true,
    serve: (socketPath) => [programs.server, socketPath, config, ...sizes],
    core: null,
  };
  const echo: CostSubject = {
    name: NODE_ECHO,
    isDevice: false,
    serve: (socketPath) => [process.execPath, ECHO_SERVER, socketPath],
    core: null,
  };
  return [...ours, twin, echo];
}

/** Configuration space, dword by dword, as QEMU takes BARs. */
export function configOf(served: ServedDevice, { configBytes }: DeviceSpec): Uint8Array {
  const view = new DataView(new ArrayBuffer(configBytes.length));
  for (let offset = 0; offset < configBytes.length; offset += 4) {
    view.setUint32(offset, served.configDword(offset) ?? 0, true);
  }
  return new Uint8Array(view.buffer);
}
