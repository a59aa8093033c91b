/** What holds for a session as a whole; what it answers to each command is in command/. */
import { expect, test } from 'vitest';
import { parseTraceLine } from '../../src/workload/qemu-trace.ts';
import { command, regionRead, regionWrite } from './messages.ts';
import { Rig, servedDevice } from './rig.ts';

const CONFIG = 7;
const GPU_MEMORY = 4;

test.each(['wasm', 'ts', 'native'] as const)('%s answers as the others do', (implementation) => {
  const ask = (one: Rig) =>
    one.send(
      regionWrite(CONFIG, 0x20n, Buffer.alloc(4, 0xff)),
      regionRead(CONFIG, 0x20n, 4),
      regionRead(CONFIG, 0x24n, 4),
      regionWrite(GPU_MEMORY, 3n, Buffer.from('0102030405060708', 'hex')),
      regionRead(GPU_MEMORY, 0n, 8),
      regionRead(1, 0n, 4),
      regionRead(GPU_MEMORY, 0n, 16),
    );
  expect(ask(new Rig(servedDevice(implementation)))).toEqual(ask(new Rig()));
});

test('what reached the device is recorded in lines of a QEMU trace, before it is acknowledged', () => {
  const rig = new Rig();
  rig.send(
    regionRead(CONFIG, 0n, 2),
    regionWrite(CONFIG, 0x10n, Buffer.alloc(4, 0xff)),
    regionWrite(GPU_MEMORY, 0x1498n, Buffer.from([0xff, 0, 0, 0])),
    regionRead(GPU_MEMORY, 0x1498n, 8),
    regionRead(1, 0n, 4),
    command(13),
  );
  expect(rig.recorded.split('\n')).toEqual([
    'vfio_pci_read_config  (vfio-user, @0x0, len=0x2) 0x10de',
    'vfio_pci_write_config  (vfio-user, @0x10, 0xffffffff, len=0x4)',
    'vfio_region_write  (vfio-user:region4+0x1498, 0xff, 4)',
    'vfio_region_read  (vfio-user:region4+0x1498, 8) = 0xff',
    'vfio_region_read  (vfio-user:region1+0x0, 4) = 0xffffffff',
    'vfio_pci_reset_flr vfio-user FLR/VFIO_DEVICE_RESET',
    '',
  ]);
  for (const line of rig.recorded.trim().split('\n')) expect(parseTraceLine(line)).toHaveProperty('event');
});
