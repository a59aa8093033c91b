import { expect, test } from 'vitest';
import { proxyMachine, vfioUserMachine } from '../../../src/run/guest/machine.ts';

const machine = (firmware: 'seabios' | 'ovmf' | 'none', ovmf: string | null = null) =>
  vfioUserMachine({ socketPath: '/s', firmware, ovmf, logPath: '/log' });

test('the device is behind a root port where firmware places BARs, and on the root bus where none does', () => {
  expect(machine('seabios').pciAddress).toBe('0000:01:00.0');
  expect(machine('seabios').args).toContain('q35');
  expect(machine('seabios').args).not.toContain('-bios');
  expect(machine('ovmf', '/OVMF.fd').args).toEqual(expect.arrayContaining(['-bios', '/OVMF.fd']));
  expect(machine('none').pciAddress).toBe('0000:00:05.0');
  expect(machine('none').args.join(' ')).toContain('microvm');
});

test("QEMU's proxy has the link as file descriptor 3", () => {
  const { args, onLink } = proxyMachine(async () => {});
  expect(args).toContain('x-pci-proxy-dev,fd=3,addr=5');
  expect(onLink).toBeDefined();
  expect(machine('none').onLink).toBeUndefined();
});
