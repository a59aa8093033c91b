/** What is inside the standard capabilities. Offsets are from the capability's first byte. */

import { type CapabilityDetails, type DetailsDecoder, flag } from './capability.ts';
import { bit, bitField, readByte, readDword, readWord } from './config-bytes.ts';
import { EXPRESS } from './express-details.ts';
import { hex } from './quoted.ts';
import * as regs from './registers.ts';
import { VENDOR } from './vendor-details.ts';

const FLAGS = regs.PCI_CAP_FLAGS;

function decodePowerManagement(config: Uint8Array, offset: number): CapabilityDetails {
  const capabilities = readWord(config, offset + FLAGS);
  const control = readWord(config, offset + 4);
  const fields = {
    pmVersion: bitField(capabilities, 0, 3),
    d1: bit(capabilities, 9),
    d2: bit(capabilities, 10),
    powerState: `D${bitField(control, 0, 2)}`,
    noSoftReset: bit(control, 3),
    pmeEnabled: bit(control, 8),
  };
  const flags = [flag('NoSoftRst', fields.noSoftReset), flag('PME-Enable', fields.pmeEnabled)].join(' ');
  return { summary: `version ${fields.pmVersion}, ${fields.powerState} ${flags}`, fields };
}

function decodeMsi(config: Uint8Array, offset: number): CapabilityDetails {
  const flags = readWord(config, offset + FLAGS);
  const fields = {
    enabled: bit(flags, 0),
    vectors: 1 << bitField(flags, 1, 3),
    vectorsEnabled: 1 << bitField(flags, 4, 3),
    is64Bit: bit(flags, 7),
    maskable: bit(flags, 8),
  };
  const count = `Count=${fields.vectorsEnabled}/${fields.vectors}`;
  const tail = `${flag('Maskable', fields.maskable)} ${flag('64bit', fields.is64Bit)}`;
  return { summary: `${flag('Enable', fields.enabled)} ${count} ${tail}`, fields };
}

/** Bits 2:0 of the table and PBA registers name the BAR, the rest is the offset in it. */
function msixPlace(register: number): { barIdx: number; offset: number } {
  return { barIdx: register & 0x7, offset: (register & ~0x7) >>> 0 };
}

function decodeMsix(config: Uint8Array, offset: number): CapabilityDetails {
  const flags = readWord(config, offset + FLAGS);
  const table = msixPlace(readDword(config, offset + 4));
  const pending = msixPlace(readDword(config, offset + 8));
  const fields = {
    enabled: bit(flags, 15),
    masked: bit(flags, 14),
    vectors: bitField(flags, 0, 11) + 1,
    tableBarIdx: table.barIdx,
    tableOffset: `0x${hex(table.offset, 8)}`,
    pbaBarIdx: pending.barIdx,
    pbaOffset: `0x${hex(pending.offset, 8)}`,
  };
  const state = `${flag('Enable', fields.enabled)} Count=${fields.vectors} ${flag('Masked', fields.masked)}`;
  const places = `table BAR=${table.barIdx} offset=${hex(table.offset, 8)}, PBA BAR=${pending.barIdx} offset=${hex(pending.offset, 8)}`;
  return { summary: `${state}, ${places}`, fields };
}

/** The upper 3 bits of the HyperTransport command register tell two kinds of interface ... */
const HT_INTERFACES: Readonly<Record<number, string>> = {
  0: 'Slave or Primary Interface',
  32: 'Host or Secondary Interface',
};

/** ... and the upper 5 bits all other types. */
const HT_TYPES: Readonly<Record<number, string>> = {
  128: 'Interrupt Discovery and Configuration',
  136: 'Revision ID',
  144: 'UnitID Clumping',
  152: 'Extended Configuration Space Access',
  160: 'Address Mapping',
  168: 'MSI Mapping',
  176: 'DirectRoute',
  184: 'VCSet',
  192: 'Retry Mode',
  200: 'X86 (reserved)',
  208: 'Gen3',
  224: 'Function-Level Reset',
};

function decodeHyperTransport(config: Uint8Array, offset: number): CapabilityDetails {
  const command = readByte(config, offset + FLAGS + 1);
  const type5 = command & 0xf8;
  const htType = HT_INTERFACES[command & 0xe0] ?? HT_TYPES[type5] ?? `#${hex(type5 >> 3, 2)}`;
  return { summary: htType, fields: { htType } };
}

function decodeSubsystem(config: Uint8Array, offset: number): CapabilityDetails {
  const fields = {
    subsystemVendorId: readWord(config, offset + 4),
    subsystemId: readWord(config, offset + 6),
  };
  return { summary: `${hex(fields.subsystemVendorId, 4)}:${hex(fields.subsystemId, 4)}`, fields };
}

function decodeAgp(config: Uint8Array, offset: number): CapabilityDetails {
  const version = readByte(config, offset + FLAGS);
  const agpVersion = `${bitField(version, 4, 4)}.${bitField(version, 0, 4)}`;
  return { summary: `version ${agpVersion}`, fields: { agpVersion } };
}

/** EHCI counts the BARs from 1; so does lspci. */
function decodeDebugPort(config: Uint8Array, offset: number): CapabilityDetails {
  const place = readWord(config, offset + FLAGS);
  const barNumber = bitField(place, 13, 3);
  const portOffset = hex(bitField(place, 0, 13), 4);
  return {
    summary: `BAR=${barNumber} offset=${portOffset}`,
    fields: { barIdx: barNumber - 1, portOffset: `0x${portOffset}` },
  };
}

function decodeAdvancedFeatures(config: Uint8Array, offset: number): CapabilityDetails {
  const capabilities = readByte(config, offset + 3);
  const fields = { transactionsPending: bit(capabilities, 0), functionLevelReset: bit(capabilities, 1) };
  return {
    summary: `${flag('TP', fields.transactionsPending)} ${flag('FLR', fields.functionLevelReset)}`,
    fields,
  };
}

function decodeEnhancedAllocation(config: Uint8Array, offset: number): CapabilityDetails {
  const entries = bitField(readByte(config, offset + FLAGS), 0, 6);
  return { summary: `NumEntries=${entries}`, fields: { entries } };
}

/** By capability id. An id that is not here has a name only. */
export const CAPABILITY_DETAILS: Readonly<Record<number, DetailsDecoder>> = {
  [regs.PCI_CAP_ID_PM]: { lengthBytes: 6, decode: decodePowerManagement },
  [regs.PCI_CAP_ID_AGP]: { lengthBytes: 3, decode: decodeAgp },
  [regs.PCI_CAP_ID_MSI]: { lengthBytes: 4, decode: decodeMsi },
  [regs.PCI_CAP_ID_HT]: { lengthBytes: 4, decode: decodeHyperTransport },
  [regs.PCI_CAP_ID_VNDR]: VENDOR,
  [regs.PCI_CAP_ID_DBG]: { lengthBytes: 4, decode: decodeDebugPort },
  [regs.PCI_CAP_ID_SSVID]: { lengthBytes: 8, decode: decodeSubsystem },
  [regs.PCI_CAP_ID_EXP]: EXPRESS,
  [regs.PCI_CAP_ID_MSIX]: { lengthBytes: 12, decode: decodeMsix },
  [regs.PCI_CAP_ID_AF]: { lengthBytes: 4, decode: decodeAdvancedFeatures },
  [regs.PCI_CAP_ID_EA]: { lengthBytes: 4, decode: decodeEnhancedAllocation },
};
