/** Machines for a guest, and how the device comes into them. Software emulation: hardware's is not there everywhere. */
import type { Duplex } from 'node:stream';

/**
 * What assigns BARs before Linux does. `none`: QEMU's microvm, whose firmware starts the kernel and leaves PCI alone, so
 * that Linux sizes and assigns by itself.
 */
export const FIRMWARES = ['seabios', 'ovmf', 'none'] as const;
export type Firmware = (typeof FIRMWARES)[number];

/** How QEMU reaches the device. Over `proxy`, its experimental multi-process device, the guest's own config reads come here. */
export const LINKS = ['vfio-user', 'proxy'] as const;
export type Link = (typeof LINKS)[number];

export interface GuestMachine {
  readonly args: readonly string[];
  /** Of the device in the guest. */
  readonly pciAddress: string;
  /** Answers on a socket that QEMU has as file descriptor 3, until it is closed. */
  readonly onLink?: (socket: Duplex) => Promise<void>;
}

const MEMORY = '512M';
/** No driver of Linux takes the device: one that waits for memory which is not reached waits for ever. */
const KERNEL_ARGS = 'console=ttyS0 panic=-1 quiet initcall_blacklist=virtio_pci_driver_init';
/** microvm has no clock by which Linux could find the frequency of the processor's: some boots would wait for ever. */
const MICROVM_KERNEL_ARGS = `${KERNEL_ARGS} tsc_early_khz=2000000`;
/** Room for BARs above 4 GiB, in MiB: it takes 32 GiB for itself where it does not trust the processor's address width. */
const OVMF_ARGS = ['-fw_cfg', 'name=opt/ovmf/X-PciMmio64Mb,string=524288'];
const COMMON = [
  ...['-accel', 'tcg', '-cpu', 'qemu64', '-smp', '1', '-m', MEMORY],
  ...['-nographic', '-no-reboot', '-nodefaults', '-serial', 'stdio'],
];

export interface VfioUserMachine {
  readonly socketPath: string;
  readonly firmware: Firmware;
  /** File of OVMF, which is used where it is not null. */
  readonly ovmf: string | null;
  /** Where SeaBIOS writes what it does. */
  readonly logPath: string;
}

export function vfioUserMachine({ socketPath, firmware, ovmf, logPath }: VfioUserMachine): GuestMachine {
  const socket = { type: 'unix', path: socketPath };
  if (firmware === 'none') {
    return {
      args: [
        ...['-M', 'microvm,pcie=on', ...COMMON, '-append', MICROVM_KERNEL_ARGS],
        ...['-device', JSON.stringify({ driver: 'vfio-user-pci', addr: '5', socket })],
      ],
      pciAddress: '0000:00:05.0',
    };
  }
  return {
    args: [
      ...['-M', 'q35', ...COMMON, '-append', KERNEL_ARGS],
      ...(ovmf === null ? [] : ['-bios', ovmf, ...OVMF_ARGS]),
      ...['-chardev', `file,id=log,path=${logPath}`, '-device', 'isa-debugcon,iobase=0x402,chardev=log'],
      // Behind a root port the device is one of PCI Express.
      ...['-device', 'pcie-root-port,id=rp,bus=pcie.0,chassis=1,addr=4'],
      ...['-device', JSON.stringify({ driver: 'vfio-user-pci', bus: 'rp', socket })],
    ],
    pciAddress: '0000:01:00.0',
  };
}

/** The only machine on which QEMU's proxy device works in software emulation. */
export function proxyMachine(onLink: (socket: Duplex) => Promise<void>): GuestMachine {
  return {
    args: [
      ...['-M', 'microvm,pcie=on,memory-backend=m0', ...COMMON, '-append', MICROVM_KERNEL_ARGS],
      ...['-object', `memory-backend-memfd,id=m0,size=${MEMORY},share=on`],
      ...['-device', 'x-pci-proxy-dev,fd=3,addr=5'],
    ],
    pciAddress: '0000:00:05.0',
    onLink,
  };
}
