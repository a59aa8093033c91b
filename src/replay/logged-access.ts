/** What one line of a log asks of the device: QEMU's trace lines (specification 5.5), and those of `serve --record`. */
import { RECORDED_DEVICE } from '../vfio-user/access-recorder.ts';
import { VFIO_PCI_CONFIG_REGION_INDEX, VFIO_PCI_NUM_REGIONS } from '../vfio-user/constants.ts';
import { type MalformedLine, parseTraceLine, type TraceEvent } from '../workload/qemu-trace.ts';
import { parseBytesLine } from './bytes-line.ts';

const ROM_REGION_INDEX = 6;
const MOST_WIDTH = 8;
const MOST_OFFSET = BigInt(Number.MAX_SAFE_INTEGER);

export interface LoggedAccess {
  readonly kind: 'access';
  /** As the log names it. */
  readonly device: string;
  readonly isWrite: boolean;
  readonly regionIndex: number;
  readonly offset: number;
  /** What was read or written, in the order of memory. */
  readonly data: Uint8Array;
}

export interface LoggedReset {
  readonly kind: 'reset';
  readonly device: string;
}

export type Logged = LoggedAccess | LoggedReset | MalformedLine;

/** Null for a line that asks nothing of the device. */
export function loggedIn(line: string): Logged | null {
  const bytes = parseBytesLine(line);
  if (bytes) return bytes;
  const event = parseTraceLine(line);
  if (event === null || 'error' in event) return event;
  return accessOf(event);
}

/** Whether a log of that device was written by `serve --record`: what it holds is what the device answered itself. */
export function isOwnRecord(device: string): boolean {
  return device === RECORDED_DEVICE;
}

function accessOf(event: TraceEvent): Logged | null {
  switch (event.event) {
    case 'cfg-read':
    case 'cfg-write': {
      const place = { regionIndex: VFIO_PCI_CONFIG_REGION_INDEX, offset: BigInt(event.offset) };
      return access(event, place, event.event === 'cfg-write', BigInt(event.value));
    }
    case 'region-read':
    case 'region-write': {
      const place = { regionIndex: event.region, offset: event.offset };
      return access(event, place, event.event === 'region-write', event.value);
    }
    case 'rom-read':
      return access(event, { regionIndex: ROM_REGION_INDEX, offset: event.offset }, false, event.value);
    case 'reset':
    case 'reset-flr':
    case 'hot-reset':
      return { kind: 'reset', device: event.device };
    default:
      return null;
  }
}

function access(
  { event, device, width }: { readonly event: string; readonly device: string; readonly width: number },
  { regionIndex, offset }: { readonly regionIndex: number; readonly offset: bigint },
  isWrite: boolean,
  value: bigint,
): Logged {
  if (width < 1 || width > MOST_WIDTH)
    return { error: `${event}: ${width} bytes were given; expected 1 to ${MOST_WIDTH}` };
  if (value >> BigInt(8 * width) !== 0n)
    return { error: `${event}: value 0x${value.toString(16)} was given; expected one of ${width} bytes` };
  if (regionIndex >= VFIO_PCI_NUM_REGIONS)
    return { error: `${event}: region ${regionIndex} was given; expected 0 to ${VFIO_PCI_NUM_REGIONS - 1}` };
  if (offset > MOST_OFFSET)
    return { error: `${event}: offset 0x${offset.toString(16)} was given; expected one below 2^53` };
  const data = new Uint8Array(MOST_WIDTH);
  new DataView(data.buffer).setBigUint64(0, value, true);
  return {
    ...{ kind: 'access', device, isWrite, regionIndex },
    offset: Number(offset),
    data: data.subarray(0, width),
  };
}
