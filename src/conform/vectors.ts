/**
 * The vector file: rows that say what a device must answer, in the form of specification section 9. Parsing
 * checks the form only; whether a device, policy or function is known is decided when the vector runs.
 */

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { DeviceSpec } from '../device/device-spec.ts';
import { UsageError } from '../errors.ts';
import { integerBytes, isIntegerWidth, type Operation } from './operation.ts';

/** A call of a pure function with its expected result; see functions.ts. */
export interface FunctionCall {
  readonly op: 'fn';
  readonly fn: string;
  readonly args: readonly unknown[];
  /** Size of configuration space, where the vector's device says it. */
  readonly configBytes?: number;
  /** The vector's device, for functions that need one. */
  readonly spec?: DeviceSpec;
  readonly expect: unknown;
}

/** An operation that this version does not know: its vector is skipped. */
export interface UnknownOperation {
  readonly op: 'unknown';
  readonly name: string;
}

export interface Vector {
  readonly id: string;
  readonly policy: string;
  /** Initial state; null where the vector needs none. */
  readonly device: Readonly<Record<string, unknown>> | null;
  readonly ops: readonly (Operation | FunctionCall | UnknownOperation)[];
}

/** Largest single access: beyond it a row is taken for a mistake, not for a test. */
const MAX_WIDTH = 16 * 2 ** 20;

const anInteger = { error: 'expected a hex string such as "0x1c" or a whole number' };

/** A hex string such as `0x1c`, or a whole number. */
export const integer = z
  .union([z.string().regex(/^0x[0-9a-f]+$/i, anInteger), z.int(anInteger).nonnegative(anInteger)], anInteger)
  .transform((value) => BigInt(value));

/** An integer that counts or indexes: exact as a number. */
const count = (max: number) =>
  integer
    .refine((value) => value <= BigInt(max), { error: `expected at most 0x${max.toString(16)}` })
    .transform(Number);

const bytes = z
  .string()
  .regex(/^([0-9a-f]{2})*$/i, { error: 'expected pairs of hex digits, in memory order' })
  .transform((text) => Uint8Array.from(Buffer.from(text, 'hex')));

const offset = count(Number.MAX_SAFE_INTEGER);
const width = count(MAX_WIDTH);
const ret = z
  .union([z.int(), integer.transform(Number)], {
    error: 'expected a byte count or a negative errno, such as 4 or -22',
  })
  .optional();
const region = count(255);

const expected = { expect: integer.optional(), expect_hex: bytes.optional() };
const given = { value: integer.optional(), value_hex: bytes.optional() };

const OPERATIONS = {
  'cfg-read': z.object({ offset, width, ret, ...expected }).transform((row, context): Operation => {
    const expect = bytesOf(row.width, row.expect, row.expect_hex, 'expect', context);
    return { op: 'cfg-read', ...placed(row), ...expectation(row.width, row.ret, expect) };
  }),
  'cfg-write': z.object({ offset, width, ret, ...given }).transform((row, context): Operation => {
    return { op: 'cfg-write', ...placed(row), value: payload(row, context) };
  }),
  'region-read': z
    .object({ region, offset, width, ret, ...expected })
    .transform((row, context): Operation => {
      const expect = bytesOf(row.width, row.expect, row.expect_hex, 'expect', context);
      return {
        op: 'region-read',
        region: row.region,
        ...placed(row),
        ...expectation(row.width, row.ret, expect),
      };
    }),
  'region-write': z.object({ region, offset, width, ret, ...given }).transform((row, context): Operation => {
    return { op: 'region-write', region: row.region, ...placed(row), value: payload(row, context) };
  }),
  'ioctl-reset': z.object({}).transform((): Operation => ({ op: 'reset', reset: 'ioctl' })),
  fn: z
    .object({ fn: z.string(), args: z.array(z.unknown()), expect: z.unknown() })
    .transform((row): FunctionCall => ({ op: 'fn', fn: row.fn, args: row.args, expect: row.expect })),
};

const ROW = z.object({
  id: z.string().min(1),
  policy: z.string(),
  device: z.record(z.string(), z.unknown()).nullish(),
  ops: z.array(z.looseObject({ op: z.string() })).min(1),
});

function placed(row: { offset: number; width: number; ret?: number | undefined }) {
  return { offset: row.offset, width: row.width, ...(row.ret === undefined ? {} : { ret: row.ret }) };
}

/** The bytes that a read must give. An integer is cut to a short return value that the row itself announces. */
function expectation(width: number, ret: number | undefined, expect: Uint8Array | undefined) {
  if (!expect) return {};
  const short = ret !== undefined && ret < width && expect.length === width;
  return { expect: short ? expect.subarray(0, Math.max(0, ret)) : expect };
}

type Fields = { width: number; value?: bigint | undefined; value_hex?: Uint8Array | undefined };

function payload(row: Fields, context: z.RefinementCtx): Uint8Array {
  const written = bytesOf(row.width, row.value, row.value_hex, 'value', context);
  const value = written ?? (row.width === 0 ? new Uint8Array(0) : undefined);
  if (value && value.length === row.width) return value;
  const message = value
    ? `value_hex has ${value.length} bytes, expected ${row.width} as width says`
    : 'expected value or value_hex';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

function bytesOf(
  width: number,
  asInteger: bigint | undefined,
  asBytes: Uint8Array | undefined,
  name: string,
  context: z.RefinementCtx,
): Uint8Array | undefined {
  if (asInteger === undefined) return asBytes;
  if (!isIntegerWidth(width)) {
    context.addIssue({
      code: 'custom',
      message: `${name} is for widths 1, 2, 4 and 8; expected ${name}_hex`,
    });
  } else if (asInteger >= 1n << BigInt(8 * width)) {
    context.addIssue({ code: 'custom', message: `${name} does not fit ${width} bytes` });
  }
  return integerBytes(asInteger, width);
}

/**
 * Reads a vector file.
 * @throws UsageError where the file cannot be read, is not JSON, or a row has the wrong form
 */
export function readVectors(path: string): Vector[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${path}: cannot be read (${code}); expected a JSON file of vectors`);
  }
  const vectors = parseVectors(text, path);
  // A run of nothing would end as a success.
  if (vectors.length === 0)
    throw new UsageError(`${path}: no vector in it; expected an array of at least one`);
  return vectors;
}

/**
 * Vectors of a JSON text. Fields that are not known are ignored, except in `device` (see vector-device.ts).
 * @param origin what the text was read from, for messages
 * @throws UsageError where the text is not JSON, or a row has the wrong form: names the row
 */
export function parseVectors(text: string, origin: string): Vector[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${origin}: not JSON (${(error as Error).message}); expected an array of vectors`);
  }
  if (!Array.isArray(json)) {
    throw new UsageError(`${origin}: ${describe(json)} was given; expected an array of vectors`);
  }
  return json.map((row, rowIdx) => parseRow(row, `${origin}: ${nameOf(row, rowIdx)}`));
}

function nameOf(row: unknown, rowIdx: number): string {
  const id = typeof row === 'object' && row !== null && 'id' in row ? row.id : undefined;
  return typeof id === 'string' && id !== '' ? `vector ${id}` : `row ${rowIdx}`;
}

function parseRow(row: unknown, name: string): Vector {
  const { id, policy, device, ops } = parseWith(ROW, row, name);
  return {
    id,
    policy,
    device: device ?? null,
    ops: ops.map((operation, opIdx) => {
      const schema = Object.hasOwn(OPERATIONS, operation.op)
        ? OPERATIONS[operation.op as keyof typeof OPERATIONS]
        : undefined;
      if (!schema) return { op: 'unknown', name: operation.op };
      return parseWith<Vector['ops'][number]>(schema, operation, `${name}, ops[${opIdx}]`);
    }),
  };
}

/**
 * `input` in the form of `schema`.
 * @param name what the input is, for messages
 * @throws UsageError that says where, what was given and what was expected
 */
export function parseWith<Output>(schema: z.ZodType<Output>, input: unknown, name: string): Output {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const where = issue.path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('');
  const what = issue.path.reduce<unknown>(
    (value, part) => (value as Record<PropertyKey, unknown>)?.[part],
    input,
  );
  const message = issue.message.replace(/^Invalid input: /, '').replace(/, received .*$/, '');
  throw new UsageError(`${name}${where}: ${describe(what)} was given; ${message}`);
}

/** A value as a message quotes it: short, whatever it is. */
function describe(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
