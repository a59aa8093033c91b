import { expect, test } from 'vitest';
import { firmwareBars } from '../../../src/run/guest/seabios-log.ts';

const LOG = [
  'PCI: map device bdf=00:1f.3  bar 4, addr 0000c000, size 00000040 [io]',
  'PCI: map device bdf=01:00.0  bar 4, addr 8000000000, size 2000000000 [prefmem]',
  'PCI: map device bdf=01:00.0  bar 0, addr fea00000, size 00001000 [mem]',
  'PCI: map device bdf=01:00.0  bar x, addr fea00000, size 00001000 [mem]',
  'PCI: init bdf=01:00.0 id=10de:2342',
].join('\n');

test('BARs of one function, in their order', () => {
  expect(firmwareBars(LOG, '0000:01:00.0')).toEqual([
    { barIdx: 0, sizeBytes: 4096n, type: 'mem' },
    { barIdx: 4, sizeBytes: 2n ** 37n, type: 'prefmem' },
  ]);
  expect(firmwareBars(LOG, '0000:00:05.0')).toEqual([]);
});
