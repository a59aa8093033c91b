/** What is inside the extended capabilities. Offsets are from the capability's first byte. */

import { type CapabilityDetails, type DetailsDecoder, flag } from './capability.ts';
import { bit, bitField, readDword, readWord } from './config-bytes.ts';
import { hex } from './quoted.ts';
import * as regs from './registers.ts';
import { RESIZABLE_BAR } from './resizable-bar-details.ts';

function decodeSerialNumber(config: Uint8Array, offset: number): CapabilityDetails {
  const digits = hex(readDword(config, offset + 8), 8) + hex(readDword(config, offset + 4), 8);
  const serialNumber = digits.replace(/(..)(?=.)/g, '$1-');
  return { summary: serialNumber, fields: { serialNumber } };
}

function decodeVendorSpecific(config: Uint8Array, offset: number): CapabilityDetails {
  const header = readDword(config, offset + 4);
  const fields = {
    vsecId: bitField(header, 0, 16),
    vsecRevision: bitField(header, 16, 4),
    lengthBytes: bitField(header, 20, 12),
  };
  const { vsecId, vsecRevision, lengthBytes } = fields;
  return { summary: `ID=${hex(vsecId, 4)} Rev=${vsecRevision} Len=${hex(lengthBytes, 3)}`, fields };
}

function decodeDesignatedVendorSpecific(config: Uint8Array, offset: number): CapabilityDetails {
  const header = readDword(config, offset + 4);
  const fields = {
    dvsecVendorId: bitField(header, 0, 16),
    dvsecRevision: bitField(header, 16, 4),
    lengthBytes: bitField(header, 20, 12),
    dvsecId: readWord(config, offset + 8),
  };
  const ids = `Vendor=${hex(fields.dvsecVendorId, 4)} ID=${hex(fields.dvsecId, 4)}`;
  return { summary: `${ids} Rev=${fields.dvsecRevision} Len=${fields.lengthBytes}`, fields };
}

function decodeSrIov(config: Uint8Array, offset: number): CapabilityDetails {
  const fields = {
    vfEnabled: bit(readWord(config, offset + 0x08), 0),
    initialVfs: readWord(config, offset + 0x0c),
    totalVfs: readWord(config, offset + 0x0e),
    numVfs: readWord(config, offset + 0x10),
    firstVfOffset: readWord(config, offset + 0x14),
    vfStride: readWord(config, offset + 0x16),
    vfDeviceId: readWord(config, offset + 0x1a),
  };
  const counts = `Initial VFs: ${fields.initialVfs}, Total VFs: ${fields.totalVfs}, Number of VFs: ${fields.numVfs}`;
  const places = `VF offset: ${fields.firstVfOffset}, stride: ${fields.vfStride}, Device ID: ${hex(fields.vfDeviceId, 4)}`;
  return { summary: `${flag('Enable', fields.vfEnabled)}, ${counts}, ${places}`, fields };
}

function decodeAri(config: Uint8Array, offset: number): CapabilityDetails {
  const nextFunction = bitField(readWord(config, offset + 4), 8, 8);
  return { summary: `Next Function: ${nextFunction}`, fields: { nextFunction } };
}

function decodePasid(config: Uint8Array, offset: number): CapabilityDetails {
  const maxPasidWidth = bitField(readWord(config, offset + 4), 8, 5);
  const enabled = bit(readWord(config, offset + 6), 0);
  return {
    summary: `Max PASID Width: ${hex(maxPasidWidth, 2)}, ${flag('Enable', enabled)}`,
    fields: { maxPasidWidth, enabled },
  };
}

/** By extended capability id. An id that is not here has a name only. */
export const EXTENDED_CAPABILITY_DETAILS: Readonly<Record<number, DetailsDecoder>> = {
  [regs.PCI_EXT_CAP_ID_DSN]: { lengthBytes: 0x0c, decode: decodeSerialNumber },
  [regs.PCI_EXT_CAP_ID_VNDR]: { lengthBytes: 0x08, decode: decodeVendorSpecific },
  [regs.PCI_EXT_CAP_ID_ARI]: { lengthBytes: 0x06, decode: decodeAri },
  [regs.PCI_EXT_CAP_ID_SRIOV]: { lengthBytes: 0x1c, decode: decodeSrIov },
  [regs.PCI_EXT_CAP_ID_REBAR]: RESIZABLE_BAR,
  [regs.PCI_EXT_CAP_ID_PASID]: { lengthBytes: 0x08, decode: decodePasid },
  [regs.PCI_EXT_CAP_ID_DVSEC]: { lengthBytes: 0x0a, decode: decodeDesignatedVendorSpecific },
  [regs.PCI_EXT_CAP_ID_VF_REBAR]: RESIZABLE_BAR,
};
