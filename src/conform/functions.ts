/** Vectors about functions (specification section 9). */

import type { Implementation } from '../types.ts';
import { barRw } from './functions/bar-rw.ts';
import { chunks, chunksWithCapabilities } from './functions/chunks.ts';
import { firstAccessAfterReset } from './functions/first-access-after-reset.ts';
import { geometry } from './functions/geometry.ts';
import { ioPlan } from './functions/io-plan.ts';
import type { KnownFunction } from './functions/known-function.ts';
import { mmapCheck } from './functions/mmap-check.ts';
import { overlap } from './functions/overlap.ts';
import { parseTrace } from './functions/parse-trace.ts';
import { qemuRegister } from './functions/qemu-register.ts';
import { regionInfoReply, regionOffset } from './functions/region-info.ts';
import { errorReply, regionReadRequest } from './functions/vfio-user.ts';
import { type FunctionCall, integer } from './vectors.ts';

const FUNCTIONS: Readonly<Record<string, KnownFunction>> = {
  geometry,
  overlap,
  chunks,
  'chunks-cap': chunksWithCapabilities,
  parse_trace: parseTrace,
  qemu_register: qemuRegister,
  region_read_request: regionReadRequest,
  error_reply: errorReply,
  io_plan: ioPlan,
  bar_rw: barRw,
  region_info: regionInfoReply,
  index_to_offset: regionOffset,
  mmap_check: mmapCheck,
  first_access_after_reset: firstAccessAfterReset,
};

/** Why a call cannot be run, or null. */
export function whyFunctionSkipped(call: FunctionCall): string | null {
  const { fn } = call;
  if (Object.hasOwn(FUNCTIONS, fn)) return FUNCTIONS[fn]!.whySkipped?.(call) ?? null;
  return `function ${fn} is not known`;
}

/** Whether implementations have the function in their own core, and so run it beside `shared`. */
export function isInCore(fn: string): boolean {
  return FUNCTIONS[fn]!.inCore;
}

/** Whether a known function is about the vector's device. */
export function needsDevice(fn: string): boolean {
  return FUNCTIONS[fn]!.needsDevice ?? false;
}

/**
 * Runs a known function.
 * @param implementation whose core computes it; `shared` is the TypeScript that every implementation relies on
 * @param name of the vector, for messages
 * @returns expected and actual result as text where they differ, or null
 * @throws UsageError where the arguments have the wrong form
 */
export function runFunction(call: FunctionCall, implementation: Implementation | 'shared', name: string) {
  const core = implementation === 'shared' ? 'ts' : implementation;
  const result = FUNCTIONS[call.fn]!.compute(call, core, `${name}, ${call.fn} args`);
  const [expected, actual] = [canonical(call.expect), canonical(result)];
  if (expected === actual) return null;
  const invocation = `${call.fn}(${call.args.map(canonical).join(', ')})`;
  return { expected: `${invocation} gives ${expected}`, actual };
}

/** One text for equal results: numbers as hex however they were written, fields in the order of their names. */
function canonical(value: unknown): string {
  const parsed = integer.safeParse(value);
  if (parsed.success) return `0x${parsed.data.toString(16)}`;
  if (typeof value === 'bigint') return `0x${value.toString(16)}`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([field, content]) => `${field}: ${canonical(content)}`).join(', ')}}`;
}
