import { describe, expect, test } from 'vitest';
import { parseLogLine } from '../../src/workload/log-line.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

describe('a line of a log', () => {
  test.each([
    [
      'vfio_pci_read_config  (a, @0x10, len=0x4) 0xfebf0000',
      { isWrite: false, regionIndex: 7, offset: 0x10, data: bytes(0, 0, 0xbf, 0xfe) },
    ],
    [
      'vfio_pci_write_config  (a, @0x24, 0x102, len=0x2)',
      { isWrite: true, regionIndex: 7, offset: 0x24, data: bytes(2, 1) },
    ],
    [
      'vfio_region_write  (a:region4+0x17c0000000, 0x1122334455667788, 8)',
      {
        isWrite: true,
        regionIndex: 4,
        offset: 0x17_c000_0000,
        data: bytes(0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11),
      },
    ],
    [
      'barometer_read_bytes  (a:region4+0x8, 9) = 010203040506070809',
      { isWrite: false, regionIndex: 4, offset: 8, data: bytes(1, 2, 3, 4, 5, 6, 7, 8, 9) },
    ],
  ])('is an access, its bytes in the order of memory: %s', (line, access) => {
    const found = parseLogLine(line);
    expect(found).toMatchObject({ type: 'access', device: 'a', ...access, data: expect.anything() });
    expect([...(found as { data: Uint8Array }).data]).toEqual([...access.data]);
  });

  test.each([
    ['vfio_pci_reset_flr a FLR/VFIO_DEVICE_RESET', { type: 'reset', device: 'a', kind: 'ioctl' }],
    ['vfio_pci_hot_reset  (a) multi', { type: 'reset', device: 'a', kind: 'hot' }],
    // What comes of it is said by one of the two above.
    ['vfio_pci_reset  (a)', { type: 'event' }],
    ['vfio_rom_read  (a, 0x18, 0x2) = 0x1c', { type: 'rom-read' }],
    ['vfio_region_exit Device a, region 5', { type: 'event' }],
    ['vfio_intx_enable  (a)', null],
    ['qemu-system-x86_64: terminating on signal 2', null],
  ])('is no access: %s', (line, expected) => {
    expect(parseLogLine(line)).toEqual(expected);
  });

  test('shows a read that failed as ones, whatever its width', () => {
    const found = parseLogLine('vfio_pci_read_config  (a, @0x4, len=0x2) 0xffffffff');
    expect(found).toMatchObject({ data: bytes(0xff, 0xff) });
  });

  test.each([
    ['vfio_pci_read_config  (a, @0x10, len=0x0) 0x0', /an access of 0 bytes was given; expected 1 to 8/],
    ['vfio_region_read  (a:region0+0x0, 16) = 0x0', /an access of 16 bytes was given; expected 1 to 8/],
    ['vfio_region_read  (a:region0+0x0, 2) = 0x10000', /the value 0x10000 was given; expected one of 2/],
    [
      'vfio_region_write  (a:region0+0x0, 0xffffffff, 2)',
      /the value 0xffffffff was given; expected one of 2/,
    ],
    ['vfio_region_read  (a:region9+0x0, 4) = 0x0', /region 9 was given; expected 0 to 8/],
    ['vfio_region_read  (a:region0+0x20000000000000, 4) = 0x0', /the offset 0x20000000000000 was given/],
    ['vfio_region_read  (a:region0+0x1fffffffffffff, 1) = 0x0', /the offset 0x1fffffffffffff was given/],
    ['vfio_pci_read_config  (a, @0x10)', /expected the form/],
  ])('malformed: %s', (line, message) => {
    expect(parseLogLine(line)).toMatchObject({ error: expect.stringMatching(message) });
  });
});
