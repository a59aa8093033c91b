import { decodeExtendedCapabilities } from '../pci/capabilities.ts';
import { holds, readWord } from '../pci/config-bytes.ts';
import { PCI_EXT_CAP_ID_DVSEC } from '../pci/registers.ts';

const PCI_VENDOR_ID_NVIDIA = 0x10de;
/** NVIDIA's designated vendor-specific capability that tells whether MIG works on cached memory. */
const DVSEC_ID = 3;
const DVSEC_VENDOR = 0x04;
const DVSEC_HEADER2 = 0x08;
const DVSEC_FEATURES = 0x0a;
const MIG_SUPPORTED_WITH_CACHED_RESMEM = 1;

/**
 * Whether nvgrace-gpu takes the part for one with the MIG hardware bug, and so carves an uncached region out of its
 * memory (specification 1.5): unless the capability is there and its bit 0 is set.
 */
export function hasMigHardwareBug(config: Uint8Array): boolean {
  const capability = decodeExtendedCapabilities(config).entries.find(
    ({ id, offset }) =>
      id === PCI_EXT_CAP_ID_DVSEC &&
      holds(config, offset, DVSEC_FEATURES + 2) &&
      readWord(config, offset + DVSEC_VENDOR) === PCI_VENDOR_ID_NVIDIA &&
      readWord(config, offset + DVSEC_HEADER2) === DVSEC_ID,
  );
  if (!capability) return true;
  return (readWord(config, capability.offset + DVSEC_FEATURES) & MIG_SUPPORTED_WITH_CACHED_RESMEM) === 0;
}
