/** Lines of QEMU trace logs (specification 5.5): one of each event, the prefix, names and numbers that mislead. */

import type { Runnable } from '../runnable.ts';
import { onFunction } from './steps.ts';

function line(name: string, text: string, expected: object | string | null): Runnable {
  return onFunction(`5.5 trace line: ${name}`, 'parse_trace', [text], expected);
}

const device = '0009:01:00.0';

export const TRACE_LINES: readonly Runnable[] = [
  line('config read', `vfio_pci_read_config  (${device}, @0x10, len=0x4) 0xfebf0000`, {
    event: 'cfg-read',
    device,
    offset: 0x10,
    width: 4,
    value: 0xfebf0000,
  }),
  line(
    'config write, the value before the width',
    `vfio_pci_write_config  (${device}, @0x4, 0x103, len=0x2)`,
    {
      event: 'cfg-write',
      device,
      offset: 4,
      width: 2,
      value: 0x103,
    },
  ),
  line('region read, the size in decimal', `vfio_region_read  (${device}:region10+0x1498, 8) = 0xff`, {
    event: 'region-read',
    device,
    region: 10,
    offset: 0x1498,
    width: 8,
    value: 0xff,
  }),
  line(
    'region write of all 64 bits',
    `vfio_region_write  (${device}:region4+0x17c0000000, 0xffffffffffffffff, 8)`,
    {
      event: 'region-write',
      device,
      region: 4,
      offset: 0x17_c000_0000,
      width: 8,
      value: 2n ** 64n - 1n,
    },
  ),
  line(
    'a prefix, and a device named like a region',
    '12345@1698060357.123456:vfio_region_write  (x:region9:region0+0x0, 0x1, 4)',
    { event: 'region-write', device: 'x:region9', region: 0, offset: 0, width: 4, value: 1 },
  ),
  line(
    'region setup',
    `vfio_region_setup Device ${device}, region 4 "${device} BAR 4", flags: 0xf, offset: 0x40000000000, size: 0x2000000000`,
    {
      event: 'region-setup',
      device,
      region: 4,
      name: `${device} BAR 4`,
      flags: 0xf,
      offset: 4n << 40n,
      size: 128n << 30n,
    },
  ),
  line('mapped region', `vfio_region_mmap Region ${device} BAR 4 mmaps[0] [0x0 - 0x17bfffffff]`, {
    event: 'region-mmap',
    name: `${device} BAR 4 mmaps[0]`,
    start: 0,
    end_inclusive: 0x17_bfff_ffff,
  }),
  line('unmapped region', `vfio_region_unmap Region ${device} BAR 4 mmaps[0] unmap [0x0 - 0xfff]`, {
    event: 'region-unmap',
    name: `${device} BAR 4 mmaps[0]`,
    start: 0,
    end: 0xfff,
  }),
  line('sparse header', `vfio_region_sparse_mmap_header Device ${device} region 4: 1 sparse mmap entries`, {
    event: 'region-sparse-mmap-header',
    device,
    region: 4,
    entries: 1,
  }),
  line('sparse entry', 'vfio_region_sparse_mmap_entry sparse entry 0 [0x0 - 0x17c0000000]', {
    event: 'region-sparse-mmap-entry',
    index: 0,
    start: 0,
    end: 0x17_c000_0000,
  }),
  line('ROM read, the size in hex', `vfio_rom_read  (${device}, 0x18, 0x2) = 0x1c`, {
    event: 'rom-read',
    device,
    offset: 0x18,
    width: 2,
    value: 0x1c,
  }),
  line('reset', `vfio_pci_reset  (${device})`, { event: 'reset', device }),
  line('hot reset', `vfio_pci_hot_reset  (${device}) one`, { event: 'hot-reset', device, type: 'one' }),
  line('an event of another kind', `vfio_msi_setup ${device} PCI MSI CAP @0x50`, null),
  line('no event', 'qemu-system-x86_64: warning: nothing', null),
  line(
    'a number of too many digits',
    `vfio_pci_read_config  (${device}, @0x10, len=0x4) 0x100000000`,
    'error',
  ),
  line('a line that was cut', `vfio_pci_read_config  (${device}, @0x1`, 'error'),
];
