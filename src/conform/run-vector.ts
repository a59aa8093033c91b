import { ACCESS_BYTES } from '../../assembly/layout.ts';
import { Device } from '../device/device.ts';
import { deviceMemoryBytes } from '../device/state-block.ts';
import { LinearMemory } from '../memory/linear-memory.ts';
import type { Implementation } from '../types.ts';
import { BatchPath, BytesPath, type Path, RegisterPath } from './access-paths.ts';
import { type Answer, formatBytes, formatOperation, type Operation } from './operation.ts';
import type { Variant } from './vector-device.ts';

/** Where an answer was not the expected one. */
export interface Mismatch {
  readonly expected: string;
  readonly actual: string;
}

/** The ways by which a device can be accessed. All of them must give the same answers. */
const PATHS: readonly (new (device: Device, bufferAddress: number) => Path)[] = [
  RegisterPath,
  BytesPath,
  BatchPath,
];

const BUFFER_SLACK_BYTES = 64;

/**
 * Runs the operations on a fresh device for each variant and each access path.
 * @returns the first mismatch, or null
 */
export function runVector(
  variants: readonly Variant[],
  ops: readonly Operation[],
  implementation: Implementation,
): Mismatch | null {
  for (const variant of variants) {
    for (const PathClass of PATHS) {
      const mismatch = runOnFreshDevice(variant, ops, implementation, PathClass);
      if (mismatch) return mismatch;
    }
  }
  return null;
}

function runOnFreshDevice(
  variant: Variant,
  ops: readonly Operation[],
  implementation: Implementation,
  PathClass: (typeof PATHS)[number],
): Mismatch | null {
  const bufferBytes = Math.max(
    ...ops.map((operation) => ('width' in operation ? operation.width : 0)),
    ACCESS_BYTES,
  );
  const memory = new LinearMemory(
    deviceMemoryBytes(variant.spec, variant.frameBytes) + 2 * (bufferBytes + BUFFER_SLACK_BYTES),
  );
  const device = new Device(variant.spec, implementation, memory, variant.frameBytes);
  const path = new PathClass(device, memory.allocate(bufferBytes + BUFFER_SLACK_BYTES).address);
  for (const [opIdx, operation] of ops.entries()) {
    const answer = path.run(operation);
    const mismatch = answer && compare(operation, answer);
    if (!mismatch) continue;
    const where = [`op ${opIdx}`, `through ${path.name}`, variant.name && `on ${variant.name}`]
      .filter(Boolean)
      .join(', ');
    return {
      expected: `${formatOperation(operation)} gives ${mismatch.expected}`,
      actual: `${mismatch.actual} (${where})`,
    };
  }
  return null;
}

function compare(operation: Operation, answer: Answer): Mismatch | null {
  if (operation.op === 'reset') return null;
  if (operation.ret !== undefined && answer.ret !== operation.ret) {
    return { expected: `return value ${operation.ret}`, actual: `return value ${answer.ret}` };
  }
  const expect = 'expect' in operation ? operation.expect : undefined;
  if (!expect || Buffer.compare(expect, answer.bytes) === 0) return null;
  const failed = answer.ret < 0 ? `return value ${answer.ret}` : formatBytes(answer.bytes);
  return { expected: formatBytes(expect), actual: failed };
}
