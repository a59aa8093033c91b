import { type DeviceSpec, withPolicy } from '../device/device-spec.ts';
import { UsageError } from '../errors.ts';
import { POLICIES } from '../types.ts';
import { UnsuitableDevice } from './prepared.ts';

/**
 * The device under the policy that a workload's parameter names; as it is where none is named.
 * @throws UnsuitableDevice where the policy does not go with the device
 */
export function underPolicy(spec: DeviceSpec, name: number | string | undefined): DeviceSpec {
  const policy = POLICIES.find((candidate) => candidate === name);
  if (policy === undefined) return spec;
  try {
    return withPolicy(spec, policy);
  } catch (error) {
    if (error instanceof UsageError) throw new UnsuitableDevice(error.message);
    throw error;
  }
}
