import { expect, test } from 'vitest';
import { type LogAccess, parseLogLine } from '../../src/workload/log-line.ts';
import { bitsOfDevice } from '../../src/workload/qemu-answers.ts';

const read = (offset: number, width: number, device = '0000:01:00.0') =>
  parseLogLine(
    `vfio_pci_read_config  (${device}, @0x${offset.toString(16)}, len=0x${width}) 0x0`,
  ) as LogAccess;

/** Worked out from specification 5.1: all of the BARs and of the ROM, the multifunction bit, and nothing else. */
test.each([
  [0x00, 4, null],
  [0x0c, 2, null],
  [0x0c, 4, [0xff, 0xff, 0x7f, 0xff]],
  [0x0e, 1, [0x7f]],
  [0x0f, 1, [0xff]],
  [0x10, 4, [0, 0, 0, 0]],
  [0x0f, 2, [0xff, 0]],
  [0x27, 1, [0]],
  [0x26, 4, [0, 0, 0xff, 0xff]],
  [0x2c, 4, [0xff, 0xff, 0xff, 0xff]],
  [0x30, 4, [0, 0, 0, 0]],
  [0x33, 2, [0, 0xff]],
  [0x34, 1, null],
  [0x100, 4, null],
])('at 0x%s, %i bytes, QEMU leaves %j to the device', (offset, width, bits) => {
  const found = bitsOfDevice(read(Number(offset), width));
  expect(found && [...found]).toEqual(bits);
});

test('what serve has recorded is all the device’s, and so are writes and regions', () => {
  expect(bitsOfDevice(read(0x10, 4, 'vfio-user'))).toBeNull();
  for (const line of [
    'vfio_pci_write_config  (a, @0x10, 0xffffffff, len=0x4)',
    'vfio_region_read  (a:region0+0x10, 4) = 0x0',
  ])
    expect(bitsOfDevice(parseLogLine(line) as LogAccess)).toBeNull();
});
