/** What a line of a log asks of a device: an access, a reset, or nothing. */
import type { ResetKind } from '../device/device-model.ts';
import { type MalformedLine, parseTraceLine, type TraceEvent } from './qemu-trace.ts';
import { parseRecordedBytes, type RecordedBytes } from './recorded-bytes.ts';

export const CONFIG_REGION_INDEX = 7;
const REGION_COUNT = 9;
/** Of an access whose value is a number in the log. */
const MOST_REGISTER_BYTES = 8;
/** What QEMU shows of a read that failed, whatever its width (specification 5.5). */
const FAILED_READ = 0xffff_ffffn;

/** One access as it was logged. Configuration space is region 7. */
export interface LogAccess {
  readonly type: 'access';
  readonly isWrite: boolean;
  readonly device: string;
  readonly regionIndex: number;
  /** Below 2^53. */
  readonly offset: number;
  /** What was read or written, in the order of memory. */
  readonly data: Uint8Array;
}

export type LogLine =
  | LogAccess
  | { readonly type: 'reset'; readonly device: string; readonly kind: ResetKind }
  /** A read of the ROM, which QEMU serves from a copy of its own. */
  | { readonly type: 'rom-read' }
  /** Another event of a VFIO device. */
  | { readonly type: 'event' };

/**
 * Reads a line of QEMU's trace of VFIO devices, or of `serve --record`.
 * @returns null for a line that is neither: what else QEMU says
 */
export function parseLogLine(line: string): LogLine | MalformedLine | null {
  const event = parseTraceLine(line) ?? parseRecordedBytes(line);
  return event === null || 'error' in event ? event : logLineOf(event);
}

function logLineOf(event: TraceEvent | RecordedBytes): LogLine | MalformedLine {
  switch (event.event) {
    case 'cfg-read':
    case 'cfg-write':
      return register(event, CONFIG_REGION_INDEX, BigInt(event.offset), BigInt(event.value));
    case 'region-read':
    case 'region-write':
      return register(event, event.region, event.offset, event.value);
    case 'bytes-read':
    case 'bytes-write':
      return access(event, event.region, event.offset, event.data);
    case 'reset-flr':
      return { type: 'reset', device: event.device, kind: 'ioctl' };
    case 'hot-reset':
      return { type: 'reset', device: event.device, kind: 'hot' };
    case 'rom-read':
      return { type: 'rom-read' };
    default:
      return { type: 'event' };
  }
}

interface Logged {
  readonly event: string;
  readonly device: string;
}

function register(
  event: Logged & { readonly width: number },
  regionIndex: number,
  offset: bigint,
  value: bigint,
): LogAccess | MalformedLine {
  const { width } = event;
  if (width < 1 || width > MOST_REGISTER_BYTES)
    return { error: `an access of ${width} bytes was given; expected 1 to ${MOST_REGISTER_BYTES}` };
  const excess = value >> BigInt(8 * width);
  const isFailed = event.event === 'cfg-read' && value === FAILED_READ;
  if (excess !== 0n && !isFailed)
    return { error: `the value 0x${value.toString(16)} was given; expected one of ${width} bytes` };
  const data = new Uint8Array(width);
  for (let i = 0, rest = value; i < width; i++, rest >>= 8n) data[i] = Number(rest & 0xffn);
  return access(event, regionIndex, offset, data);
}

function access(
  { event, device }: Logged,
  regionIndex: number,
  offset: bigint,
  data: Uint8Array,
): LogAccess | MalformedLine {
  if (regionIndex >= REGION_COUNT)
    return { error: `region ${regionIndex} was given; expected 0 to ${REGION_COUNT - 1}` };
  if (offset + BigInt(data.length) > Number.MAX_SAFE_INTEGER)
    return { error: `the offset 0x${offset.toString(16)} was given; expected one below 2^53` };
  return {
    ...{ type: 'access', isWrite: event.endsWith('-write'), device },
    ...{ regionIndex, offset: Number(offset), data },
  };
}
