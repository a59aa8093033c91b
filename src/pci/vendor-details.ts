/** Vendor-specific capabilities, virtio's among them (virtio specification 4.1.4). */

import type { CapabilityDetails, DetailsDecoder } from './capability.ts';
import { holds, readByte, readDword, readWord } from './config-bytes.ts';
import { hex } from './quoted.ts';
import { PCI_VENDOR_ID } from './registers.ts';

const VIRTIO_VENDOR = 0x1af4;
const LENGTH = 2;
const CONFIG_TYPE = 3;
const BAR = 4;
const REGION_ID = 5;
const REGION_OFFSET = 8;
const REGION_LENGTH = 12;
/** Notify: the multiplier. Shared memory: upper halves of offset and length. */
const EXTRA = 16;
const EXTRA_HIGH = 20;
const VIRTIO_MIN_LENGTH = 16;

const NOTIFY = 2;
const SHARED_MEMORY = 8;
const VIRTIO_TYPES: Readonly<Record<number, string>> = {
  1: 'CommonCfg',
  [NOTIFY]: 'Notify',
  3: 'ISR',
  4: 'DeviceCfg',
  5: 'PciCfgAccess',
  [SHARED_MEMORY]: 'SharedMemory',
};

function decodeSharedMemory(config: Uint8Array, offset: number): CapabilityDetails {
  const wide = (low: number, high: number) =>
    (BigInt(readDword(config, offset + high)) << 32n) | BigInt(readDword(config, offset + low));
  const fields = {
    regionId: readByte(config, offset + REGION_ID),
    regionOffset: `0x${wide(REGION_OFFSET, EXTRA).toString(16)}`,
    regionSizeBytes: wide(REGION_LENGTH, EXTRA_HIGH).toString(),
  };
  const { regionId, regionOffset, regionSizeBytes } = fields;
  return { summary: `offset=${regionOffset} size=${regionSizeBytes} id=${regionId}`, fields };
}

function decodeRegion(config: Uint8Array, offset: number): CapabilityDetails {
  const regionOffset = `0x${hex(readDword(config, offset + REGION_OFFSET), 8)}`;
  const regionSizeBytes = readDword(config, offset + REGION_LENGTH).toString();
  return {
    summary: `offset=${regionOffset} size=${regionSizeBytes}`,
    fields: { regionOffset, regionSizeBytes },
  };
}

function decodeVirtio(config: Uint8Array, offset: number, lengthBytes: number): CapabilityDetails {
  const typeCode = readByte(config, offset + CONFIG_TYPE);
  const virtioType = VIRTIO_TYPES[typeCode] ?? `type ${typeCode}`;
  const isWhole = (neededBytes: number) => lengthBytes >= neededBytes && holds(config, offset, neededBytes);
  const isSharedMemory = typeCode === SHARED_MEMORY && isWhole(EXTRA_HIGH + 4);
  const region = isSharedMemory ? decodeSharedMemory(config, offset) : decodeRegion(config, offset);
  const barIdx = readByte(config, offset + BAR);
  const multiplier = typeCode === NOTIFY && isWhole(EXTRA + 4) ? readDword(config, offset + EXTRA) : null;
  const notify = multiplier === null ? '' : ` multiplier=${multiplier}`;
  return {
    summary: `VirtIO: ${virtioType}, BAR=${barIdx} ${region.summary}${notify}`,
    fields: {
      lengthBytes,
      virtioType,
      virtioTypeCode: typeCode,
      barIdx,
      ...region.fields,
      ...(multiplier === null ? {} : { notifyMultiplier: multiplier }),
    },
  };
}

function decodeVendor(config: Uint8Array, offset: number): CapabilityDetails {
  const lengthBytes = readByte(config, offset + LENGTH);
  const isVirtio = readWord(config, PCI_VENDOR_ID) === VIRTIO_VENDOR;
  if (isVirtio && lengthBytes >= VIRTIO_MIN_LENGTH && holds(config, offset, VIRTIO_MIN_LENGTH)) {
    return decodeVirtio(config, offset, lengthBytes);
  }
  return { summary: `Len=${hex(lengthBytes, 2)}`, fields: { lengthBytes } };
}

export const VENDOR: DetailsDecoder = { lengthBytes: LENGTH + 1, decode: decodeVendor };
