/**
 * Lines of `serve --record` for what is longer than a register, for which QEMU has no event: bytes in the order of
 * memory, as vfio-user/access-recorder.ts writes them.
 */
import { quoted } from '../pci/quoted.ts';
import type { MalformedLine } from './qemu-trace.ts';

/** An access of more than a register has. Offset in bytes. */
export interface RecordedBytes {
  readonly event: 'bytes-read' | 'bytes-write';
  readonly device: string;
  readonly region: number;
  readonly offset: bigint;
  readonly data: Uint8Array;
}

/** Of one access: as many as a vfio-user server takes unless it says otherwise. */
export const MOST_RECORDED_BYTES = 2 ** 20;

const PREFIX = 'barometer_';
const LINE = /^(?:\d+@\d+\.\d+:)?(barometer_(?:read|write)_bytes) (.*)$/s;
const TEXT = /^ \((.+):region(\d{1,3})\+0x([0-9a-f]{1,16}), (\d{1,7})\) = ([0-9a-f]+)$/s;
const FORM = ' (DEVICE:regionREGION+0xOFFSET, COUNT) = BYTES';

/** What such a line says; null for any other line. */
export function parseRecordedBytes(line: string): RecordedBytes | MalformedLine | null {
  if (!line.includes(PREFIX)) return null;
  const [, name, text = ''] = LINE.exec(line) ?? [];
  if (name === undefined) return null;
  const match = TEXT.exec(text);
  if (!match) return { error: `${name}: ${quoted(text)} was given; expected the form ${quoted(FORM)}` };
  const [, device, region, offset, count, hex] = match as unknown as [string, ...string[]];
  const data = Buffer.from(hex!, 'hex');
  if (hex!.length !== 2 * Number(count)) {
    return {
      error: `${name}: ${hex!.length} hex digits were given; expected two for each of ${count} bytes`,
    };
  }
  if (data.length > MOST_RECORDED_BYTES) {
    return { error: `${name}: ${data.length} bytes were given; expected at most ${MOST_RECORDED_BYTES}` };
  }
  return {
    event: name === 'barometer_read_bytes' ? 'bytes-read' : 'bytes-write',
    device: device!,
    region: Number(region),
    offset: BigInt(`0x${offset}`),
    data,
  };
}
