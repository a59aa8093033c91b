import { UsageError } from '../errors.ts';
import { POLICIES, type Policy } from '../types.ts';
import { DEVICE } from './device-fields.ts';
import { needsDevice, whyFunctionSkipped } from './functions.ts';
import type { Operation } from './operation.ts';
import { isTooLarge, type Variant, vectorDevice } from './vector-device.ts';
import { type FunctionCall, parseWith, type Vector } from './vectors.ts';

/** A vector made ready: for devices, for functions, or not runnable. */
export type Runnable =
  | {
      readonly kind: 'device';
      readonly id: string;
      readonly variants: readonly Variant[];
      readonly ops: readonly Operation[];
    }
  | { readonly kind: 'functions'; readonly id: string; readonly calls: readonly FunctionCall[] }
  | {
      readonly kind: 'skipped';
      readonly id: string;
      readonly reason: string;
      readonly subjects: 'shared' | 'each';
    };

/**
 * Decides what a vector needs and whether it is there. A device that is malformed or contradicts itself costs its
 * own vector only: the others of the file run.
 */
export function prepare(vector: Vector): Runnable {
  const { id } = vector;
  const calls = vector.ops.filter((operation) => operation.op === 'fn');
  const subjects = calls.length > 0 ? 'shared' : 'each';
  const skipped = (reason: string): Runnable => ({ kind: 'skipped', id, reason, subjects });
  try {
    return prepareKnown(vector, calls, skipped);
  } catch (error) {
    if (error instanceof UsageError) return skipped(error.message);
    throw error;
  }
}

function prepareKnown(
  vector: Vector,
  calls: readonly FunctionCall[],
  skipped: (reason: string) => Runnable,
): Runnable {
  const { id } = vector;
  const unknown = vector.ops.find((operation) => operation.op === 'unknown');
  if (unknown) return skipped(`operation ${unknown.name} is not known`);
  const missing = calls.map(whyFunctionSkipped).find((reason) => reason !== null);
  if (missing) return skipped(missing);
  const policy = policyOf(vector.policy);
  if (policy === null) return skipped(`policy ${vector.policy} is not known`);
  if (calls.length > 0 && calls.length < vector.ops.length) {
    return skipped('functions and accesses in one vector');
  }
  if (calls.length > 0) return prepareFunctions(vector, calls, policy);

  // A `sizer` vector also carries the rows that its sizer decodes, in `result`. They follow from its access log,
  // with the value of every read, and the log is what a device answers for.
  const ops = vector.ops as readonly Operation[];
  const device = vectorDevice(vector.device ?? {}, policy, `vector ${id}`);
  if ('skipped' in device) return skipped(device.skipped);
  const accessed = ops.flatMap((operation) => ('region' in operation ? [operation.region] : []));
  const variants = device.variants.map((variant) => only(accessed, variant));
  const tooLarge = variants[0]!.spec.regions.find(isTooLarge);
  if (tooLarge) return skipped(`region ${tooLarge.regionIndex} is larger than a VFIO region can be, 1 TiB`);
  return { kind: 'device', id, variants, ops };
}

function prepareFunctions(vector: Vector, calls: readonly FunctionCall[], policy: Policy): Runnable {
  const { id } = vector;
  const given = configSize(vector.device ?? {}, `vector ${id}`);
  if (!calls.some((call) => needsDevice(call.fn))) {
    return { kind: 'functions', id, calls: calls.map((call) => ({ ...call, ...given })) };
  }
  const device = vectorDevice(vector.device ?? {}, policy, `vector ${id}`);
  if ('skipped' in device) return { kind: 'skipped', id, reason: device.skipped, subjects: 'shared' };
  const { spec } = device.variants[0]!;
  return { kind: 'functions', id, calls: calls.map((call) => ({ ...call, ...given, spec })) };
}

/** Policy `any` says that the vector does not depend on one. */
function policyOf(name: string): Policy | null {
  if (name === 'any') return 'strict';
  return POLICIES.find((policy) => policy === name) ?? null;
}

/** The same device with memory for accessed regions alone: others need none, however large they are. */
function only(accessed: readonly number[], { spec, ...variant }: Variant): Variant {
  const regions = spec.regions.filter((region) => accessed.includes(region.regionIndex));
  return { ...variant, spec: { ...spec, regions } };
}

function configSize(device: Readonly<Record<string, unknown>>, name: string): { configBytes?: number } {
  const { cfg_size } = parseWith(DEVICE.pick({ cfg_size: true }), device, `${name}, device`);
  return cfg_size === undefined ? {} : { configBytes: Number(cfg_size) };
}
