/**
 * The two chains of capabilities: the standard one inside the first 256 bytes (PCI 3.0, 6.7) and the extended one
 * from 100 on (PCIe base specification 7.6.3). Both come from hardware, so each link is checked before it is
 * followed: a malformed chain gives what is sane and names what is not. Nothing here throws.
 */

import type { Capability, CapabilityDetails, DetailsDecoder, ExtendedCapability } from './capability.ts';
import { NO_DETAILS } from './capability.ts';
import { CAPABILITY_DETAILS } from './capability-details.ts';
import { capabilityName, extendedCapabilityName } from './capability-names.ts';
import { bitField, holds, readByte, readDword, readWord } from './config-bytes.ts';
import { EXTENDED_CAPABILITY_DETAILS } from './extended-capability-details.ts';
import { headerLayout } from './header.ts';
import { hex } from './quoted.ts';
import * as regs from './registers.ts';

export interface CapabilityChain<Entry> {
  /** In the order of the chain. */
  readonly entries: readonly Entry[];
  /** What was found, where, and what was expected. */
  readonly faults: readonly string[];
  /** Offset of the next capability, where the bytes at hand end before it; null where all was seen. */
  readonly missingFromOffset: number | null;
}

/** Two low bits of each link are reserved, to be masked by software. */
const LINK_MASK = ~0x3;
const STANDARD_ID_UNREADABLE = 0xff;
const EXTENDED_HEADER_UNREADABLE = 0xffffffff;
/** As Linux bounds its own walk: an extended capability has 8 bytes at least. */
const EXTENDED_BOUND = (regs.PCI_CFG_SPACE_EXP_SIZE - regs.PCI_CFG_SPACE_SIZE) / 8;

const NO_CAPABILITIES: CapabilityChain<never> = { entries: [], faults: [], missingFromOffset: null };

/** Why a link must not be followed; null where it may. */
function linkFault(link: string, offset: number, from: number, visited: ReadonlySet<number>): string | null {
  if (offset === from) return `${link} points to itself; the walk stops there`;
  if (visited.has(offset))
    return `${link} leads back to ${hex(offset, 2)}: the chain loops; the walk stops there`;
  return null;
}

/** Details, or the fault that the capability does not fit between its offset and `endOffset`. */
function detailsOf(
  decoder: DetailsDecoder | undefined,
  config: Uint8Array,
  offset: number,
  endOffset: number,
): { details: CapabilityDetails; fault: string | null } {
  if (decoder === undefined) return { details: NO_DETAILS, fault: null };
  const end = Math.min(endOffset, config.length);
  if (offset + decoder.lengthBytes <= end) return { details: decoder.decode(config, offset), fault: null };
  const fault = `needs ${decoder.lengthBytes} bytes, but ${end === endOffset ? 'its space ends' : 'the bytes end'} at ${hex(end, 2)}`;
  return { details: NO_DETAILS, fault };
}

function standardPointerOffset(config: Uint8Array): number | null {
  const layout = headerLayout(config);
  if (layout === null || !holds(config, layout.capabilityPointerOffset, 1)) return null;
  const hasList = (readWord(config, regs.PCI_STATUS) & regs.PCI_STATUS_CAP_LIST) !== 0;
  return hasList ? layout.capabilityPointerOffset : null;
}

/** Walks from the capability pointer that the header type names (34, or 14 for CardBus). */
export function decodeCapabilities(config: Uint8Array): CapabilityChain<Capability> {
  const pointerOffset = standardPointerOffset(config);
  if (pointerOffset === null) return NO_CAPABILITIES;
  const entries: Capability[] = [];
  const faults: string[] = [];
  // Each of the 48 dwords from 40 to fc is visited once at most, which is the bound that others count.
  const visited = new Set<number>();
  let link = `capability pointer at ${hex(pointerOffset, 2)}`;
  let from = 0;
  let offset = readByte(config, pointerOffset) & LINK_MASK;
  while (offset !== 0) {
    const fault =
      offset < regs.PCI_STD_HEADER_SIZEOF
        ? `${link} is ${hex(offset, 2)}, inside the header; expected 00, or 40 to fc`
        : linkFault(link, offset, from, visited);
    if (fault !== null) {
      faults.push(fault);
      break;
    }
    if (!holds(config, offset, 2)) return { entries, faults, missingFromOffset: offset };
    visited.add(offset);
    const id = readByte(config, offset + regs.PCI_CAP_LIST_ID);
    if (id === STANDARD_ID_UNREADABLE) {
      faults.push(`${link} leads to ${hex(offset, 2)}, where the id reads ff; the walk stops there`);
      break;
    }
    const { details, fault: cut } = detailsOf(
      CAPABILITY_DETAILS[id],
      config,
      offset,
      regs.PCI_CFG_SPACE_SIZE,
    );
    entries.push({ id, name: capabilityName(id), offset, ...details });
    if (cut !== null) faults.push(`capability ${capabilityName(id)} at ${hex(offset, 2)} ${cut}`);
    from = offset;
    link = `next pointer of capability ${capabilityName(id)} at ${hex(offset, 2)}`;
    offset = readByte(config, offset + regs.PCI_CAP_LIST_NEXT) & LINK_MASK;
  }
  return { entries, faults, missingFromOffset: null };
}

/** Behind some bridges each 256 bytes of extended space repeat the first; Linux tests the same. */
function isAliased(config: Uint8Array): boolean {
  const id = readDword(config, regs.PCI_VENDOR_ID);
  for (let offset = regs.PCI_CFG_SPACE_SIZE; holds(config, offset, 4); offset += regs.PCI_CFG_SPACE_SIZE) {
    if (readDword(config, offset) !== id) return false;
  }
  return true;
}

/** Walks from 100. A header of zeros or ones there means that there is none; so does a dump of 256 bytes. */
export function decodeExtendedCapabilities(config: Uint8Array): CapabilityChain<ExtendedCapability> {
  let offset = regs.PCI_CFG_SPACE_SIZE;
  if (headerLayout(config) === null || !holds(config, offset, 4)) return NO_CAPABILITIES;
  const first = readDword(config, offset);
  if (first === 0 || first === EXTENDED_HEADER_UNREADABLE) return NO_CAPABILITIES;
  if (isAliased(config)) {
    return {
      ...NO_CAPABILITIES,
      faults: ['bytes from 100 repeat the first 256: extended space is not there'],
    };
  }

  const entries: ExtendedCapability[] = [];
  const faults: string[] = [];
  const visited = new Set<number>();
  while (visited.size < EXTENDED_BOUND) {
    visited.add(offset);
    const header = readDword(config, offset);
    if (header === EXTENDED_HEADER_UNREADABLE) {
      faults.push(`extended capability at ${hex(offset, 3)} reads ffffffff; the walk stops there`);
      return { entries, faults, missingFromOffset: null };
    }
    // A null capability that ends the chain is how some hardware blanks out its last entry.
    if (header === 0) return { entries, faults, missingFromOffset: null };
    const entry = decodeExtended(config, offset, header, faults);
    entries.push(entry);
    const next = followExtended(entry, header, visited, faults);
    if (next === null) return { entries, faults, missingFromOffset: null };
    if (!holds(config, next, 4)) return { entries, faults, missingFromOffset: next };
    offset = next;
  }
  faults.push(`more than ${EXTENDED_BOUND} extended capabilities; the walk stops at ${hex(offset, 3)}`);
  return { entries, faults, missingFromOffset: null };
}

function decodeExtended(
  config: Uint8Array,
  offset: number,
  header: number,
  faults: string[],
): ExtendedCapability {
  const id = bitField(header, 0, 16);
  const name = extendedCapabilityName(id);
  const decoder = EXTENDED_CAPABILITY_DETAILS[id];
  const { details, fault } = detailsOf(decoder, config, offset, regs.PCI_CFG_SPACE_EXP_SIZE);
  if (fault !== null) faults.push(`extended capability ${name} at ${hex(offset, 3)} ${fault}`);
  return { id, name, offset, version: bitField(header, 16, 4), ...details };
}

/** Offset of the next extended capability; null at the end of the chain, or where it must not be followed. */
function followExtended(
  entry: ExtendedCapability,
  header: number,
  visited: ReadonlySet<number>,
  faults: string[],
): number | null {
  const written = bitField(header, 20, 12);
  if (written === 0) return null;
  const link = `next pointer of extended capability ${entry.name} at ${hex(entry.offset, 3)}`;
  const next = written & LINK_MASK;
  if (next !== written)
    faults.push(`${link} is ${hex(written, 3)}, no multiple of 4; read as ${hex(next, 3)}`);
  const fault =
    next < regs.PCI_CFG_SPACE_SIZE
      ? `${link} is ${hex(written, 3)}, outside extended space; expected 000, or 100 to ffc`
      : linkFault(link, next, entry.offset, visited);
  if (fault === null) return next;
  faults.push(fault);
  return null;
}
