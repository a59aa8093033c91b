/** QEMU's link to a device in another process (include/hw/remote/mpqemu-link.h). Numbers are little-endian. */

/** i32 command, 4 bytes of padding, u64 size of what follows. */
export const HEADER_BYTES = 16;
export const HEADER_COMMAND = 0;
export const HEADER_SIZE = 8;

export const MPQEMU_CMD_SYNC_SYSMEM = 0;
export const MPQEMU_CMD_RET = 1;
export const MPQEMU_CMD_PCI_CFGWRITE = 2;
export const MPQEMU_CMD_PCI_CFGREAD = 3;
export const MPQEMU_CMD_BAR_WRITE = 4;
export const MPQEMU_CMD_BAR_READ = 5;
export const MPQEMU_CMD_SET_IRQFD = 6;
export const MPQEMU_CMD_DEVICE_RESET = 7;

/** PciConfDataMsg: u32 address, u32 value, i32 length. */
export const CONFIG_ACCESS_BYTES = 12;
/** BarAccessMsg: u64 address in the guest's memory or ports, u64 value, u32 size, bool memory, padding. */
export const BAR_ACCESS_BYTES = 24;
/** SyncSysmemMsg: eight each of addresses, sizes and offsets. */
export const SYNC_SYSMEM_BYTES = 192;

/** Of a value returned: what could not be done. */
export const FAILED = 2n ** 64n - 1n;
