/** Lines of `serve --record` for what is longer than a register (vfio-user/access-recorder.ts), and for what QEMU has no event. */
import { DEFAULT_MAX_DATA_XFER_SIZE } from '../vfio-user/constants.ts';
import type { Logged } from './logged-access.ts';

const NAMES = /^barometer_(read|write)_bytes {2}/;
const LINE =
  /^barometer_(read|write)_bytes {2}\((.+):region([0-8])\+0x([0-9a-f]{1,14}), (\d{1,8})\) = ([0-9a-f]*)$/;
const EXAMPLE = 'barometer_read_bytes  (DEVICE:regionN+0xOFFSET, COUNT) = HEX';

/** Null for another line. */
export function parseBytesLine(line: string): Logged | null {
  if (!NAMES.test(line)) return null;
  const match = LINE.exec(line);
  if (!match) return { error: `a line of bytes was given that has not the form ${EXAMPLE}` };
  const [, direction, device, region, offset, count, hex] = match;
  if (Number(count) < 1 || Number(count) > DEFAULT_MAX_DATA_XFER_SIZE)
    return { error: `${count} bytes were given; expected 1 to ${DEFAULT_MAX_DATA_XFER_SIZE}` };
  if (hex!.length !== 2 * Number(count))
    return { error: `${hex!.length / 2} bytes were given; expected the ${count} that the line tells of` };
  return {
    ...{ kind: 'access', device: device!, isWrite: direction === 'write', regionIndex: Number(region) },
    offset: Number.parseInt(offset!, 16),
    data: Buffer.from(hex!, 'hex'),
  };
}
