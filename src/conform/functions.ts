/** Vectors about pure functions (specification section 9): those that exist are run, the others say what is missing. */

import { z } from 'zod';
import { CONFIG_MAP } from '../../assembly/layout.ts';
import { Device } from '../device/device.ts';
import { deviceSpec } from '../device/device-spec.ts';
import { nvgraceGeometry } from '../device/geometry.ts';
import { LinearMemory } from '../memory/linear-memory.ts';
import type { PciFunction } from '../pci/function.ts';
import { DRIVER_GENERATIONS, type Implementation } from '../types.ts';
import { type FunctionCall, integer, parseWith } from './vectors.ts';

/** Computes a function on an implementation. The result compares with the vector's `expect` after `canonical`. */
type Compute = (call: FunctionCall, implementation: Implementation, name: string) => unknown;

interface KnownFunction {
  readonly compute: Compute;
  /** Whether implementations have the function in their own core. `shared` runs it in TypeScript once. */
  readonly inCore: boolean;
  /** Why it cannot be run on arguments that are well-formed, or null. */
  readonly whySkipped?: (args: readonly unknown[]) => string | null;
}

const number = integer.pipe(z.bigint().max(2n ** 53n - 1n)).transform(Number);
const geometryArgs = z.tuple([integer, z.boolean(), z.enum(DRIVER_GENERATIONS).optional()]);
const overlapArgs = z.tuple([number, number, number, number]);
const chunkArgs = z.tuple([number, number]);
const capability = z.object({ id: number, offset: number, length: number });
const chunkCapArgs = z.tuple([number, number, z.object({ capabilities: z.array(capability) })]);

const FUNCTIONS: Readonly<Record<string, KnownFunction>> = {
  geometry: { compute: geometry, inCore: false },
  overlap: { compute: overlap, inCore: true, whySkipped: whyOverlapSkipped },
  chunks: {
    inCore: true,
    compute: ({ args, configBytes }, implementation, name) => {
      const [offset, count] = parseWith(chunkArgs, args, name);
      return chunks(offset, count, { capabilities: [], configBytes }, implementation);
    },
  },
  'chunks-cap': {
    inCore: true,
    compute: ({ args, configBytes }, implementation, name) => {
      const [offset, count, { capabilities }] = parseWith(chunkCapArgs, args, name);
      return chunks(offset, count, { capabilities, configBytes }, implementation);
    },
  },
};

const NOT_BUILT: Readonly<Record<string, string>> = {
  io_plan: 'uncached access planning is not built yet',
  bar_rw: 'access to physical BARs is not built yet',
  qemu_register: "QEMU's BAR registration is not built yet",
  parse_trace: 'the reader of QEMU trace logs is not built yet',
  region_info: 'VFIO region info is not built yet',
  index_to_offset: 'VFIO region info is not built yet',
  mmap_check: 'mmap of regions is not built yet',
  first_access_after_reset: 'device readiness is not built yet',
  region_read_request: 'the vfio-user codec is not built yet',
  error_reply: 'the vfio-user codec is not built yet',
};

/** Why a call cannot be run, or null. */
export function whyFunctionSkipped({ fn, args }: FunctionCall): string | null {
  if (Object.hasOwn(FUNCTIONS, fn)) return FUNCTIONS[fn]!.whySkipped?.(args) ?? null;
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

function geometry({ args }: FunctionCall, _: Implementation, name: string): unknown {
  const [memoryBytes, migHardwareBug, generation] = parseWith(geometryArgs, args, name);
  const result = nvgraceGeometry(memoryBytes, migHardwareBug, generation);
  if (typeof result === 'string') return `-${result}`;
  return {
    use_len: result.usememBytes,
    use_bar: result.usememBarBytes,
    res_len: result.resmemBytes,
    res_bar: result.resmemBarBytes,
  };
}

/** The cores count in 32 bits: configuration space and its registers lie far below. */
function whyOverlapSkipped(args: readonly unknown[]): string | null {
  const isBeyond = (arg: unknown) => (integer.safeParse(arg).data ?? 0n) >= 2n ** 32n;
  return args.some(isBeyond) ? 'overlap of offsets or counts from 2^32 on is not built' : null;
}

function overlap({ args }: FunctionCall, implementation: Implementation, name: string): unknown {
  const [bufferStart, bufferCount, registerStart, registerCount] = parseWith(overlapArgs, args, name);
  const { model } = coreDevice(256, implementation);
  return model.overlap(bufferStart, bufferCount, registerStart, registerCount);
}

interface ChunkSetting {
  readonly capabilities: readonly z.infer<typeof capability>[];
  /** Without it, as small as offset and capabilities allow. */
  readonly configBytes: number | undefined;
}

/** The steps of a request, as [offset, width]; the request fails as a whole where it leaves configuration space. */
function chunks(
  offset: number,
  count: number,
  { capabilities, configBytes }: ChunkSetting,
  implementation: Implementation,
): unknown {
  const starts = [offset, ...capabilities.map((entry) => entry.offset)];
  const sizeBytes = configBytes ?? (Math.max(...starts) >= 256 ? 4096 : 256);
  if (count === 0) return [];
  if (offset + count > sizeBytes) return '-EFAULT';
  const device = coreDevice(sizeBytes, implementation);
  const map = device.placement.stateBlock + CONFIG_MAP;
  for (const { id, offset: at, length } of capabilities)
    device.memory.u8.fill(id, map + Math.min(at, sizeBytes), map + Math.min(at + length, sizeBytes));
  const steps: [number, number][] = [];
  for (let done = 0; done < count; ) {
    const width = device.model.chunkWidth(offset + done, count - done);
    steps.push([offset + done, width]);
    done += width;
  }
  return steps;
}

/** A device under policy core, without capabilities. */
function coreDevice(configBytes: number, implementation: Implementation): Device {
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
