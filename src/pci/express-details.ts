/** The PCI Express capability (PCIe base specification 7.5.3). */

import type { CapabilityDetails, DetailsDecoder } from './capability.ts';
import { flag } from './capability.ts';
import { bit, bitField, readDword, readWord } from './config-bytes.ts';

const FLAGS = 0x02;
const DEVICE_CAPABILITIES = 0x04;
const DEVICE_CONTROL = 0x08;
const LINK_CAPABILITIES = 0x0c;
const LINK_STATUS = 0x12;

/** Device/Port Type, bits 7:4 of the capabilities register. */
const PORT_TYPES: Readonly<Record<number, string>> = {
  0: 'Endpoint',
  1: 'Legacy Endpoint',
  4: 'Root Port',
  5: 'Upstream Port',
  6: 'Downstream Port',
  7: 'PCI-Express to PCI/PCI-X Bridge',
  8: 'PCI/PCI-X to PCI-Express Bridge',
  9: 'Root Complex Integrated Endpoint',
  10: 'Root Complex Event Collector',
};

/** Port types that are inside the root complex and so have no link. */
const LINKLESS_TYPES: readonly number[] = [9, 10];

const SPEEDS: Readonly<Record<number, string>> = {
  1: '2.5GT/s',
  2: '5GT/s',
  3: '8GT/s',
  4: '16GT/s',
  5: '32GT/s',
  6: '64GT/s',
};

function speed(code: number): string {
  return SPEEDS[code] ?? 'unknown';
}

function decodeLink(config: Uint8Array, offset: number): CapabilityDetails {
  const capabilities = readDword(config, offset + LINK_CAPABILITIES);
  const status = readWord(config, offset + LINK_STATUS);
  const fields = {
    linkSpeedMax: speed(bitField(capabilities, 0, 4)),
    linkWidthMax: bitField(capabilities, 4, 6),
    linkSpeed: speed(bitField(status, 0, 4)),
    linkWidth: bitField(status, 4, 6),
  };
  const { linkSpeed, linkWidth, linkSpeedMax, linkWidthMax } = fields;
  return { summary: `, link ${linkSpeed} x${linkWidth} of ${linkSpeedMax} x${linkWidthMax}`, fields };
}

function decodeExpress(config: Uint8Array, offset: number): CapabilityDetails {
  const flags = readWord(config, offset + FLAGS);
  const deviceCapabilities = readDword(config, offset + DEVICE_CAPABILITIES);
  const deviceControl = readWord(config, offset + DEVICE_CONTROL);
  const typeCode = bitField(flags, 4, 4);
  const portType = PORT_TYPES[typeCode] ?? `Unknown type ${typeCode}`;
  const link = LINKLESS_TYPES.includes(typeCode) ? { summary: '', fields: {} } : decodeLink(config, offset);
  const fields = {
    expressVersion: bitField(flags, 0, 4),
    portType,
    portTypeCode: typeCode,
    interruptMessageNumber: bitField(flags, 9, 5),
    maxPayloadSupportedBytes: 128 << bitField(deviceCapabilities, 0, 3),
    maxPayloadBytes: 128 << bitField(deviceControl, 5, 3),
    functionLevelReset: bit(deviceCapabilities, 28),
    ...link.fields,
  };
  const payload = `MaxPayload ${fields.maxPayloadBytes} of ${fields.maxPayloadSupportedBytes} bytes`;
  const reset = flag('FLReset', fields.functionLevelReset);
  return { summary: `(v${fields.expressVersion}) ${portType}, ${payload}, ${reset}${link.summary}`, fields };
}

export const EXPRESS: DetailsDecoder = { lengthBytes: LINK_STATUS + 2, decode: decodeExpress };
