/**
 * Offsets, bits and ids of configuration space, under the names of Linux `include/uapi/linux/pci_regs.h`,
 * so that one grep finds both worlds. Only those that are used.
 */

export const PCI_STD_HEADER_SIZEOF = 0x40;
export const PCI_CFG_SPACE_SIZE = 0x100;
export const PCI_CFG_SPACE_EXP_SIZE = 0x1000;

// Common to all header types.
export const PCI_VENDOR_ID = 0x00;
export const PCI_DEVICE_ID = 0x02;
export const PCI_COMMAND = 0x04;
export const PCI_COMMAND_IO = 0x0001;
export const PCI_COMMAND_MEMORY = 0x0002;
export const PCI_STATUS = 0x06;
export const PCI_STATUS_CAP_LIST = 0x0010;
export const PCI_REVISION_ID = 0x08;
export const PCI_CLASS_PROG = 0x09;
export const PCI_CLASS_DEVICE = 0x0a;
export const PCI_CACHE_LINE_SIZE = 0x0c;
export const PCI_LATENCY_TIMER = 0x0d;
export const PCI_HEADER_TYPE = 0x0e;
export const PCI_HEADER_TYPE_MASK = 0x7f;
export const PCI_HEADER_TYPE_MFD = 0x80;
export const PCI_HEADER_TYPE_NORMAL = 0;
export const PCI_HEADER_TYPE_BRIDGE = 1;
export const PCI_HEADER_TYPE_CARDBUS = 2;
export const PCI_BIST = 0x0f;
export const PCI_INTERRUPT_LINE = 0x3c;
export const PCI_INTERRUPT_PIN = 0x3d;

// Base address registers.
export const PCI_BASE_ADDRESS_0 = 0x10;
export const PCI_BASE_ADDRESS_SPACE_IO = 0x01;
export const PCI_BASE_ADDRESS_MEM_TYPE_MASK = 0x06;
export const PCI_BASE_ADDRESS_MEM_TYPE_64 = 0x04;
/** Type 3 is reserved and has no name in pci_regs.h. */
export const PCI_BASE_ADDRESS_MEM_TYPE_RESERVED = 0x06;
export const PCI_BASE_ADDRESS_MEM_PREFETCH = 0x08;
export const PCI_BASE_ADDRESS_MEM_MASK = ~0x0fn;
export const PCI_BASE_ADDRESS_IO_MASK = ~0x03n;

// Type 0: a device.
export const PCI_CARDBUS_CIS = 0x28;
export const PCI_SUBSYSTEM_VENDOR_ID = 0x2c;
export const PCI_SUBSYSTEM_ID = 0x2e;
export const PCI_ROM_ADDRESS = 0x30;
export const PCI_ROM_ADDRESS_ENABLE = 0x01;
export const PCI_ROM_ADDRESS_MASK = 0xfffff800;
export const PCI_CAPABILITY_LIST = 0x34;
export const PCI_MIN_GNT = 0x3e;
export const PCI_MAX_LAT = 0x3f;

// Type 1: a bridge between two PCI buses.
export const PCI_PRIMARY_BUS = 0x18;
export const PCI_SECONDARY_BUS = 0x19;
export const PCI_SUBORDINATE_BUS = 0x1a;
export const PCI_SEC_LATENCY_TIMER = 0x1b;
export const PCI_IO_BASE = 0x1c;
export const PCI_IO_LIMIT = 0x1d;
export const PCI_SEC_STATUS = 0x1e;
export const PCI_MEMORY_BASE = 0x20;
export const PCI_MEMORY_LIMIT = 0x22;
export const PCI_PREF_MEMORY_BASE = 0x24;
export const PCI_PREF_MEMORY_LIMIT = 0x26;
export const PCI_PREF_BASE_UPPER32 = 0x28;
export const PCI_PREF_LIMIT_UPPER32 = 0x2c;
export const PCI_IO_BASE_UPPER16 = 0x30;
export const PCI_IO_LIMIT_UPPER16 = 0x32;
export const PCI_ROM_ADDRESS1 = 0x38;
export const PCI_BRIDGE_CONTROL = 0x3e;

// Type 2: a CardBus bridge.
export const PCI_CB_CAPABILITY_LIST = 0x14;
export const PCI_CB_SEC_STATUS = 0x16;
export const PCI_CB_PRIMARY_BUS = 0x18;
export const PCI_CB_CARD_BUS = 0x19;
export const PCI_CB_SUBORDINATE_BUS = 0x1a;
export const PCI_CB_LATENCY_TIMER = 0x1b;
export const PCI_CB_MEMORY_BASE_0 = 0x1c;
export const PCI_CB_MEMORY_LIMIT_0 = 0x20;
export const PCI_CB_MEMORY_BASE_1 = 0x24;
export const PCI_CB_MEMORY_LIMIT_1 = 0x28;
export const PCI_CB_IO_BASE_0 = 0x2c;
export const PCI_CB_IO_BASE_0_HI = 0x2e;
export const PCI_CB_IO_LIMIT_0 = 0x30;
export const PCI_CB_IO_LIMIT_0_HI = 0x32;
export const PCI_CB_IO_BASE_1 = 0x34;
export const PCI_CB_IO_BASE_1_HI = 0x36;
export const PCI_CB_IO_LIMIT_1 = 0x38;
export const PCI_CB_IO_LIMIT_1_HI = 0x3a;
export const PCI_CB_BRIDGE_CONTROL = 0x3e;
export const PCI_CB_SUBSYSTEM_VENDOR_ID = 0x40;
export const PCI_CB_SUBSYSTEM_ID = 0x42;
export const PCI_CB_LEGACY_MODE_BASE = 0x44;

// Capabilities: `{id, next}` bytes; extended ones a dword of id, version, next.
export const PCI_CAP_LIST_ID = 0;
export const PCI_CAP_LIST_NEXT = 1;
export const PCI_CAP_FLAGS = 2;
export const PCI_CAP_ID_PM = 0x01;
export const PCI_CAP_ID_AGP = 0x02;
export const PCI_CAP_ID_MSI = 0x05;
export const PCI_CAP_ID_HT = 0x08;
export const PCI_CAP_ID_VNDR = 0x09;
export const PCI_CAP_ID_DBG = 0x0a;
export const PCI_CAP_ID_SSVID = 0x0d;
export const PCI_CAP_ID_EXP = 0x10;
export const PCI_CAP_ID_MSIX = 0x11;
export const PCI_CAP_ID_AF = 0x13;
export const PCI_CAP_ID_EA = 0x14;

export const PCI_EXT_CAP_ID_DSN = 0x0003;
export const PCI_EXT_CAP_ID_VNDR = 0x000b;
export const PCI_EXT_CAP_ID_ARI = 0x000e;
export const PCI_EXT_CAP_ID_SRIOV = 0x0010;
export const PCI_EXT_CAP_ID_REBAR = 0x0015;
export const PCI_EXT_CAP_ID_PASID = 0x001b;
export const PCI_EXT_CAP_ID_DVSEC = 0x0023;
export const PCI_EXT_CAP_ID_VF_REBAR = 0x0024;
