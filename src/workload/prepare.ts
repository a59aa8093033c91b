import { CONFIG_VALUE, CONFIG_WRITABLE, OP_WALK } from '../../assembly/layout.ts';
import type { Device } from '../device/device.ts';
import type { DeviceSpec } from '../device/device-spec.ts';
import { Random } from '../random.ts';
import type { Implementation, WidthBytes } from '../types.ts';
import type { Access } from './access-stream.ts';
import { configAccesses, mixOffsets } from './config-stream.ts';
import { prepareBarSize } from './prepare-bar-size.ts';
import { prepareGuestBoot } from './prepare-guest-boot.ts';
import { prepareIo } from './prepare-io.ts';
import { prepareRegion } from './prepare-region.ts';
import { prepareSparse } from './prepare-sparse.ts';
import {
  type CallPath,
  finish,
  type PreparedWorkload,
  REGISTER_ACCESSES,
  UnsuitableDevice,
} from './prepared.ts';
import type { Workload } from './scenario.ts';
import { type Server, SPOILED_BYTE, workbench } from './workbench.ts';

/**
 * Prepares a workload on one implementation. Equal workloads, specs and seeds give equal accesses and equal
 * memory contents on every implementation, however the memory is laid out.
 * @param setup for an arm that is timed: a class of its own (see loadDevice), and a layout drawn for it
 * @throws UnsuitableDevice where the device has not what the workload touches
 */
export function prepareWorkload(
  workload: Workload,
  spec: DeviceSpec,
  implementation: Implementation,
  setup: Omit<Server, 'implementation'> = {},
): PreparedWorkload {
  const server: Server = { ...setup, implementation };
  const path = callPath(workload);
  if (path === 'library' && implementation === 'noop') {
    throw new UnsuitableDevice('path library reads registers itself, without an implementation');
  }
  const [family] = workload.name.split('/');
  const random = new Random(workload.seed);
  if (family === 'noop') return prepareWalk(workload, spec, server, path);
  if (family === 'config-read' || family === 'config-write') {
    return prepareConfig(workload, spec, server, random, path);
  }
  if (family === 'bar-size') return prepareBarSize(workload, spec, server);
  if (family === 'guest-boot') return prepareGuestBoot(workload, spec, server);
  if (family === 'region-io') return prepareIo(workload, spec, server, random);
  if (family === 'region-sparse') return prepareSparse(workload, spec, server, random);
  return prepareRegion(workload, spec, server, random, path);
}

function callPath({ name, params }: Workload): CallPath {
  if (!name.endsWith('/call')) return 'batch';
  return params.path === 'library' ? 'library' : 'model';
}

function prepareWalk(
  { name, params }: Workload,
  spec: DeviceSpec,
  server: Server,
  path: CallPath,
): PreparedWorkload {
  const count = Number(params.accesses ?? REGISTER_ACCESSES);
  const bench = workbench(spec, server, count, 0);
  // A call that does nothing is a batch of no accesses.
  const accesses = Array.from({ length: count }, (_, i): Access => ({ op: OP_WALK, offset: 4 * i }));
  return finish(bench, name === 'noop/call' ? [] : accesses, count, { path });
}

function prepareConfig(
  { name, params }: Workload,
  spec: DeviceSpec,
  server: Server,
  random: Random,
  path: CallPath,
): PreparedWorkload {
  const kind = name.startsWith('config-read') ? 'read' : 'write';
  const widthBytes = Number(params.widthBytes) as WidthBytes;
  const mix = String(params.mix);
  const offsets = mixOffsets(spec, mix, widthBytes);
  if (offsets.length === 0) throw new UnsuitableDevice(`${spec.name} has no ${mix}`);
  const bench = workbench(spec, server, REGISTER_ACCESSES, 0);
  const accesses = configAccesses(kind, offsets, widthBytes, mix, random, REGISTER_ACCESSES);
  return finish(bench, accesses, REGISTER_ACCESSES, {
    path,
    ...(kind === 'write' && { spoil: () => spoilWritableBits(bench.device) }),
  });
}

/** Every byte takes a pattern in the bits that software can write. */
function spoilWritableBits({ memory: { u8 }, placement: { stateBlock }, spec }: Device): void {
  for (let offset = 0; offset < spec.configBytes.length; offset++) {
    const writable = u8[stateBlock + CONFIG_WRITABLE + offset]!;
    const kept = u8[stateBlock + CONFIG_VALUE + offset]! & ~writable;
    u8[stateBlock + CONFIG_VALUE + offset] = kept | (SPOILED_BYTE & writable);
  }
}
