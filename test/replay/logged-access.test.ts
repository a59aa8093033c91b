import { describe, expect, test } from 'vitest';
import { isAnsweredByQemu } from '../../src/replay/answered-by-qemu.ts';
import { type LoggedAccess, loggedIn } from '../../src/replay/logged-access.ts';
import { AccessRecorder } from '../../src/vfio-user/access-recorder.ts';

const read = (line: string) => loggedIn(line) as LoggedAccess;

describe('a line', () => {
  test.each([
    [
      'vfio_pci_read_config  (0000:01:00.0, @0x10, len=0x4) 0xfebf0000',
      { device: '0000:01:00.0', isWrite: false, regionIndex: 7, offset: 16, hex: '0000bffe' },
    ],
    [
      '12345@1698060357.123456:vfio_pci_write_config  (0000:01:00.0, @0x4, 0x406, len=0x2)',
      { device: '0000:01:00.0', isWrite: true, regionIndex: 7, offset: 4, hex: '0604' },
    ],
    [
      '2026-11-28T12:42:55.731112Z vfio_region_write  (0000:01:00.0:region0+0x1498, 0xff, 4)',
      { device: '0000:01:00.0', isWrite: true, regionIndex: 0, offset: 0x1498, hex: 'ff000000' },
    ],
    [
      'vfio_region_read  (0000:01:00.0:region4+0x1fffffffff, 1) = 0xff',
      { device: '0000:01:00.0', isWrite: false, regionIndex: 4, offset: 2 ** 37 - 1, hex: 'ff' },
    ],
    [
      'vfio_rom_read  (0000:01:00.0, 0x0, 0x2) = 0xaa55',
      { device: '0000:01:00.0', isWrite: false, regionIndex: 6, offset: 0, hex: '55aa' },
    ],
    [
      'barometer_write_bytes  (vfio-user:region4+0x10, 9) = 000102030405060708',
      { device: 'vfio-user', isWrite: true, regionIndex: 4, offset: 16, hex: '000102030405060708' },
    ],
  ])('%s', (line, { hex, ...expected }) => {
    const { data, ...access } = read(line);
    expect(access).toEqual({ kind: 'access', ...expected });
    expect(Buffer.from(data).toString('hex')).toBe(hex);
  });

  test.each([
    'vfio_pci_reset  (a)',
    'vfio_pci_reset_flr a FLR/VFIO_DEVICE_RESET',
    'vfio_pci_hot_reset  (a) one',
  ])('%s is a reset', (line) => {
    expect(loggedIn(line)).toEqual({ kind: 'reset', device: 'a' });
  });

  test.each([
    '',
    'qemu: warning',
    'vfio_region_exit Device a, region 1',
    'vfio_unknown  (a)',
    'barometer 0.1',
  ])('%j asks nothing', (line) => {
    expect(loggedIn(line)).toBeNull();
  });

  test.each([
    ['vfio_pci_read_config  (a, @0x10, len=0x0) 0x0', /0 bytes were given; expected 1 to 8/],
    ['vfio_pci_read_config  (a, @0x10, len=0x9) 0x0', /9 bytes/],
    ['vfio_pci_read_config  (a, @0x10, len=0x1) 0x100', /value 0x100 was given; expected one of 1 bytes/],
    ['vfio_region_read  (a:region9+0x0, 4) = 0x0', /region 9 was given; expected 0 to 8/],
    ['vfio_region_read  (a:region0+0xffffffffffffffff, 4) = 0x0', /expected one below 2\^53/],
    ['vfio_region_read  (a:region0+0x0, 4)', /expected the form/],
    ['barometer_read_bytes  (a:region0+0x0, 2) = 00', /1 bytes were given; expected the 2/],
    ['barometer_read_bytes  (a:region0+0x0, 0) = ', /expected 1 to 1048576/],
    ['barometer_read_bytes  (a:region0+0x0, 2000000) = 00', /expected 1 to 1048576/],
    ['barometer_read_bytes  nonsense', /has not the form/],
  ])('%s is malformed', (line, message) => {
    expect(loggedIn(line)).toEqual({ error: expect.stringMatching(message) });
  });
});

test('what the recorder writes is read as what it was told', () => {
  let text = '';
  const recorder = new AccessRecorder((some) => {
    text += some;
  });
  const told = [1, 2, 3, 4, 7, 8, 9, 100].flatMap((count) =>
    [true, false].flatMap((isWrite) =>
      [0, 4, 7].map((region) => ({
        ...{ isWrite, regionIndex: region, offset: 3 * count },
        data: Uint8Array.from({ length: count }, (_, i) => 255 - 3 * i),
      })),
    ),
  );
  for (const { isWrite, regionIndex, offset, data } of told)
    recorder.access(isWrite, regionIndex, offset, data);
  recorder.flush();
  const found = text.trimEnd().split('\n').map(read);
  expect(
    found.map(({ isWrite, regionIndex, offset, data }) => ({
      isWrite,
      regionIndex,
      offset,
      data: [...data],
    })),
  ).toEqual(told.map(({ data, ...rest }) => ({ ...rest, data: [...data] })));
});

test.each([
  [7, 0x10, 4, true],
  [7, 0x0e, 1, true],
  [7, 0x0c, 4, true],
  [7, 0x27, 1, true],
  [7, 0x28, 4, false],
  [7, 0x30, 4, true],
  [7, 0x34, 1, false],
  [7, 0x0c, 2, false],
  [4, 0x10, 4, false],
])('region %i + %i, %i bytes: QEMU answers itself: %s', (regionIndex, offset, count, answer) => {
  const access = { regionIndex, offset, data: new Uint8Array(count) } as LoggedAccess;
  expect(isAnsweredByQemu(access)).toBe(answer);
});
