import { OP_CONFIG_READ, OP_CONFIG_WRITE } from '../../assembly/layout.ts';
import type { DeviceSpec } from '../device/device-spec.ts';
import type { Access } from './access-stream.ts';
import { finish, type PreparedWorkload, UnsuitableDevice } from './prepared.ts';
import type { Workload } from './scenario.ts';
import type { ConfigAccess } from './sizer/config-port.ts';
import { deviceToSize, recordSizing, sizedFunction } from './sizer/record-sizing.ts';
import { findSizer } from './sizer/sizers.ts';
import type { Sizer } from './sizer/sizing.ts';
import { underPolicy } from './under-policy.ts';
import { type Server, workbench } from './workbench.ts';

/** Whole sizings in one pass: so many that the call of a native batch stays below 1 % of it (see harness.ts). */
const SIZINGS = 256;

/**
 * bar-size/<sizer>: the consumer's own accesses, recorded once and replayed. One operation is one whole sizing. A
 * parameter `policy` sizes under that policy instead of the run's.
 */
export function prepareBarSize(
  { name, params }: Workload,
  spec: DeviceSpec,
  server: Server,
): PreparedWorkload {
  const sizer = findSizer(name.replace(/^bar-size\//, ''))!;
  const sized = underPolicy(spec, params.policy);
  const accesses = Array<Access[]>(SIZINGS).fill(recorded(sizer, sized)).flat();
  const bench = workbench(sized, server, accesses.length, 0);
  return finish(bench, accesses, SIZINGS, { path: 'batch' });
}

function recorded(sizer: Sizer, spec: DeviceSpec): Access[] {
  const { headerType } = sizedFunction(spec);
  if (!sizer.headerTypes.includes(headerType)) {
    throw new UnsuitableDevice(`${sizer.name} does not size functions of header type ${headerType}`);
  }
  return recordSizing(deviceToSize(spec, 'ts'), sizer).accesses.map(packed);
}

function packed({ kind, offset, width, value }: ConfigAccess): Access {
  if (kind === 'read') return { op: OP_CONFIG_READ, offset, width };
  return { op: OP_CONFIG_WRITE, offset, width, value };
}
