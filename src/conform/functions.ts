/** Vectors about functions (specification section 9): those that exist are run, the others say what is missing. */

import type { Implementation } from '../types.ts';
import { chunks, chunksWithCapabilities } from './functions/chunks.ts';
import { geometry } from './functions/geometry.ts';
import type { KnownFunction } from './functions/known-function.ts';
import { overlap } from './functions/overlap.ts';
import { parseTrace } from './functions/parse-trace.ts';
import { qemuRegister } from './functions/qemu-register.ts';
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
};

const NOT_BUILT: Readonly<Record<string, string>> = {
  io_plan: 'uncached access planning is not built yet',
  bar_rw: 'access to physical BARs is not built yet',
  region_info: 'VFIO region info is not built yet',
  index_to_offset: 'VFIO region info is not built yet',
  mmap_check: 'mmap of regions is not built yet',
  first_access_after_reset: 'device readiness is not built yet',
};

/** Why a call cannot be run, or null. */
export function whyFunctionSkipped(call: FunctionCall): string | null {
  const { fn } = call;
  if (Object.hasOwn(FUNCTIONS, fn)) return FUNCTIONS[fn]!.whySkipped?.(call) ?? null;
  return Object.hasOwn(NOT_BUILT, fn) ? NOT_BUILT[fn]! : `function ${fn} is not known`;
}

/** Whether implementations have the function in their own core, and so run it beside `shared`. */
export function isInCore(fn: string): boolean {
  return FUNCTIONS[fn]!.inCore;
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
