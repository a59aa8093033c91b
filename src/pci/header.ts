/** The predefined header of configuration space: types 0 (device), 1 (bridge) and 2 (CardBus bridge). */

import { holds, readByte, readDword, readWord } from './config-bytes.ts';
import * as regs from './registers.ts';

type FieldPlace = readonly [name: string, offset: number, widthBytes: 1 | 2 | 4];

/** What the walks of BARs and capabilities need to know of a header type. */
export interface HeaderLayout {
  readonly barCount: number;
  /** Null where the header type has no expansion ROM register. */
  readonly romOffset: number | null;
  readonly capabilityPointerOffset: number;
  readonly fields: readonly FieldPlace[];
}

export interface Header {
  /** Bits 6:0 of PCI_HEADER_TYPE; null where the bytes end before it. */
  readonly type: number | null;
  readonly isMultifunction: boolean;
  /** Values by pci_regs.h name, in ascending offset. Holds no field that the bytes end before. */
  readonly fields: Readonly<Record<string, number>>;
}

const COMMON_FIELDS: readonly FieldPlace[] = [
  ['PCI_VENDOR_ID', regs.PCI_VENDOR_ID, 2],
  ['PCI_DEVICE_ID', regs.PCI_DEVICE_ID, 2],
  ['PCI_COMMAND', regs.PCI_COMMAND, 2],
  ['PCI_STATUS', regs.PCI_STATUS, 2],
  ['PCI_REVISION_ID', regs.PCI_REVISION_ID, 1],
  ['PCI_CLASS_PROG', regs.PCI_CLASS_PROG, 1],
  ['PCI_CLASS_DEVICE', regs.PCI_CLASS_DEVICE, 2],
  ['PCI_CACHE_LINE_SIZE', regs.PCI_CACHE_LINE_SIZE, 1],
  ['PCI_LATENCY_TIMER', regs.PCI_LATENCY_TIMER, 1],
  ['PCI_HEADER_TYPE', regs.PCI_HEADER_TYPE, 1],
  ['PCI_BIST', regs.PCI_BIST, 1],
];

const INTERRUPT_FIELDS: readonly FieldPlace[] = [
  ['PCI_INTERRUPT_LINE', regs.PCI_INTERRUPT_LINE, 1],
  ['PCI_INTERRUPT_PIN', regs.PCI_INTERRUPT_PIN, 1],
];

function barFields(count: number): FieldPlace[] {
  return Array.from({ length: count }, (_, barIdx) => [
    `PCI_BASE_ADDRESS_${barIdx}`,
    regs.PCI_BASE_ADDRESS_0 + 4 * barIdx,
    4,
  ]);
}

const DEVICE: HeaderLayout = {
  barCount: 6,
  romOffset: regs.PCI_ROM_ADDRESS,
  capabilityPointerOffset: regs.PCI_CAPABILITY_LIST,
  fields: [
    ...COMMON_FIELDS,
    ...barFields(6),
    ['PCI_CARDBUS_CIS', regs.PCI_CARDBUS_CIS, 4],
    ['PCI_SUBSYSTEM_VENDOR_ID', regs.PCI_SUBSYSTEM_VENDOR_ID, 2],
    ['PCI_SUBSYSTEM_ID', regs.PCI_SUBSYSTEM_ID, 2],
    ['PCI_ROM_ADDRESS', regs.PCI_ROM_ADDRESS, 4],
    ['PCI_CAPABILITY_LIST', regs.PCI_CAPABILITY_LIST, 1],
    ...INTERRUPT_FIELDS,
    ['PCI_MIN_GNT', regs.PCI_MIN_GNT, 1],
    ['PCI_MAX_LAT', regs.PCI_MAX_LAT, 1],
  ],
};

const BRIDGE: HeaderLayout = {
  barCount: 2,
  romOffset: regs.PCI_ROM_ADDRESS1,
  capabilityPointerOffset: regs.PCI_CAPABILITY_LIST,
  fields: [
    ...COMMON_FIELDS,
    ...barFields(2),
    ['PCI_PRIMARY_BUS', regs.PCI_PRIMARY_BUS, 1],
    ['PCI_SECONDARY_BUS', regs.PCI_SECONDARY_BUS, 1],
    ['PCI_SUBORDINATE_BUS', regs.PCI_SUBORDINATE_BUS, 1],
    ['PCI_SEC_LATENCY_TIMER', regs.PCI_SEC_LATENCY_TIMER, 1],
    ['PCI_IO_BASE', regs.PCI_IO_BASE, 1],
    ['PCI_IO_LIMIT', regs.PCI_IO_LIMIT, 1],
    ['PCI_SEC_STATUS', regs.PCI_SEC_STATUS, 2],
    ['PCI_MEMORY_BASE', regs.PCI_MEMORY_BASE, 2],
    ['PCI_MEMORY_LIMIT', regs.PCI_MEMORY_LIMIT, 2],
    ['PCI_PREF_MEMORY_BASE', regs.PCI_PREF_MEMORY_BASE, 2],
    ['PCI_PREF_MEMORY_LIMIT', regs.PCI_PREF_MEMORY_LIMIT, 2],
    ['PCI_PREF_BASE_UPPER32', regs.PCI_PREF_BASE_UPPER32, 4],
    ['PCI_PREF_LIMIT_UPPER32', regs.PCI_PREF_LIMIT_UPPER32, 4],
    ['PCI_IO_BASE_UPPER16', regs.PCI_IO_BASE_UPPER16, 2],
    ['PCI_IO_LIMIT_UPPER16', regs.PCI_IO_LIMIT_UPPER16, 2],
    ['PCI_CAPABILITY_LIST', regs.PCI_CAPABILITY_LIST, 1],
    ['PCI_ROM_ADDRESS1', regs.PCI_ROM_ADDRESS1, 4],
    ...INTERRUPT_FIELDS,
    ['PCI_BRIDGE_CONTROL', regs.PCI_BRIDGE_CONTROL, 2],
  ],
};

const CARDBUS: HeaderLayout = {
  barCount: 1,
  romOffset: null,
  capabilityPointerOffset: regs.PCI_CB_CAPABILITY_LIST,
  fields: [
    ...COMMON_FIELDS,
    ...barFields(1),
    ['PCI_CB_CAPABILITY_LIST', regs.PCI_CB_CAPABILITY_LIST, 1],
    ['PCI_CB_SEC_STATUS', regs.PCI_CB_SEC_STATUS, 2],
    ['PCI_CB_PRIMARY_BUS', regs.PCI_CB_PRIMARY_BUS, 1],
    ['PCI_CB_CARD_BUS', regs.PCI_CB_CARD_BUS, 1],
    ['PCI_CB_SUBORDINATE_BUS', regs.PCI_CB_SUBORDINATE_BUS, 1],
    ['PCI_CB_LATENCY_TIMER', regs.PCI_CB_LATENCY_TIMER, 1],
    ['PCI_CB_MEMORY_BASE_0', regs.PCI_CB_MEMORY_BASE_0, 4],
    ['PCI_CB_MEMORY_LIMIT_0', regs.PCI_CB_MEMORY_LIMIT_0, 4],
    ['PCI_CB_MEMORY_BASE_1', regs.PCI_CB_MEMORY_BASE_1, 4],
    ['PCI_CB_MEMORY_LIMIT_1', regs.PCI_CB_MEMORY_LIMIT_1, 4],
    ['PCI_CB_IO_BASE_0', regs.PCI_CB_IO_BASE_0, 2],
    ['PCI_CB_IO_BASE_0_HI', regs.PCI_CB_IO_BASE_0_HI, 2],
    ['PCI_CB_IO_LIMIT_0', regs.PCI_CB_IO_LIMIT_0, 2],
    ['PCI_CB_IO_LIMIT_0_HI', regs.PCI_CB_IO_LIMIT_0_HI, 2],
    ['PCI_CB_IO_BASE_1', regs.PCI_CB_IO_BASE_1, 2],
    ['PCI_CB_IO_BASE_1_HI', regs.PCI_CB_IO_BASE_1_HI, 2],
    ['PCI_CB_IO_LIMIT_1', regs.PCI_CB_IO_LIMIT_1, 2],
    ['PCI_CB_IO_LIMIT_1_HI', regs.PCI_CB_IO_LIMIT_1_HI, 2],
    ...INTERRUPT_FIELDS,
    ['PCI_CB_BRIDGE_CONTROL', regs.PCI_CB_BRIDGE_CONTROL, 2],
    ['PCI_CB_SUBSYSTEM_VENDOR_ID', regs.PCI_CB_SUBSYSTEM_VENDOR_ID, 2],
    ['PCI_CB_SUBSYSTEM_ID', regs.PCI_CB_SUBSYSTEM_ID, 2],
    ['PCI_CB_LEGACY_MODE_BASE', regs.PCI_CB_LEGACY_MODE_BASE, 4],
  ],
};

/** CardBus: `lspci -x` and sysfs show everybody the longer header of a type 2 function. */
const CARDBUS_HEADER_BYTES = 0x80;

const LAYOUTS: Readonly<Record<number, HeaderLayout>> = {
  [regs.PCI_HEADER_TYPE_NORMAL]: DEVICE,
  [regs.PCI_HEADER_TYPE_BRIDGE]: BRIDGE,
  [regs.PCI_HEADER_TYPE_CARDBUS]: CARDBUS,
};

function headerTypeByte(config: Uint8Array): number | null {
  return holds(config, regs.PCI_HEADER_TYPE, 1) ? readByte(config, regs.PCI_HEADER_TYPE) : null;
}

/** Bits 6:0 of PCI_HEADER_TYPE. @param config holds the common header at least */
export function headerTypeOf(config: Uint8Array): number {
  return readByte(config, regs.PCI_HEADER_TYPE) & regs.PCI_HEADER_TYPE_MASK;
}

/** Null for a reserved header type. */
export function layoutOfType(headerType: number): HeaderLayout | null {
  return LAYOUTS[headerType] ?? null;
}

/** Null for a reserved header type, and where the bytes end before the header type. */
export function headerLayout(config: Uint8Array): HeaderLayout | null {
  return headerTypeByte(config) === null ? null : layoutOfType(headerTypeOf(config));
}

function readField(config: Uint8Array, offset: number, widthBytes: 1 | 2 | 4): number {
  if (widthBytes === 1) return readByte(config, offset);
  return widthBytes === 2 ? readWord(config, offset) : readDword(config, offset);
}

/** Decodes what is there; a header of a reserved type gives the fields common to all types. Never throws. */
export function decodeHeader(config: Uint8Array): Header {
  const byte = headerTypeByte(config);
  const places = headerLayout(config)?.fields ?? COMMON_FIELDS;
  const present = places.filter(([, offset, widthBytes]) => holds(config, offset, widthBytes));
  return {
    type: byte === null ? null : byte & regs.PCI_HEADER_TYPE_MASK,
    isMultifunction: byte !== null && (byte & regs.PCI_HEADER_TYPE_MFD) !== 0,
    fields: Object.fromEntries(present.map(([name, at, width]) => [name, readField(config, at, width)])),
  };
}

/** What is wrong with the header itself: at most one sentence, none for a sane one. */
export function headerFaults(config: Uint8Array): string[] {
  const byte = headerTypeByte(config);
  if (byte === null || headerLayout(config) !== null) return [];
  if (config.every((value) => value === 0xff)) {
    return ['every byte reads ff: the function did not answer (unplugged, or powered down)'];
  }
  const type = (byte & regs.PCI_HEADER_TYPE_MASK).toString(16).padStart(2, '0');
  return [
    `header type at 0e is ${type}, which is reserved; expected 00, 01 or 02: no BAR or capability read`,
  ];
}

/** Whether a configuration space has one of the lengths that it can be read in: 64, 256, 4096, CardBus also 128. */
export function isWholeConfig(config: Uint8Array): boolean {
  if (config.length === CARDBUS_HEADER_BYTES) return headerLayout(config) === CARDBUS;
  const lengths = [regs.PCI_STD_HEADER_SIZEOF, regs.PCI_CFG_SPACE_SIZE, regs.PCI_CFG_SPACE_EXP_SIZE];
  return lengths.includes(config.length);
}
