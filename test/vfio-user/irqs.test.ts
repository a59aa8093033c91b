import { expect, test } from 'vitest';
import { irqInfos } from '../../src/vfio-user/irqs.ts';

test('info of interrupts is that of the capabilities, of those that are whole', () => {
  const config = new Uint8Array(256);
  config[0x06] = 0x10; // a list of capabilities
  config[0x34] = 0x40;
  config.set([0x05, 0x50, 0x86, 0x00], 0x40); // MSI of eight messages
  config.set([0x11, 0xfc, 0x05, 0x00], 0x50); // MSI-X of six
  config.set([0x10, 0x00, 0x02, 0x00], 0xfc);
  expect(irqInfos(config).map(({ count }) => count)).toEqual([0, 8, 6, 1, 1]);
  config.set([0x00, 0x00], 0xfc);
  config[0x51] = 0x00;
  expect(irqInfos(config).map(({ count }) => count)).toEqual([0, 8, 6, 0, 1]);
});
