/**
 * From what a user names on the command line to PCI functions: a profile, a file (lspci text or raw bytes), or a
 * function of this machine. Everything is opened for reading only.
 */

import { readFileSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import { UsageError } from '../errors.ts';
import { decodeBars } from '../pci/bars.ts';
import type { BarKind, PciFunction } from '../pci/function.ts';
import { headerFaults, isWholeConfig } from '../pci/header.ts';
import type { KnownRegion, KnownRegions } from '../pci/known-regions.ts';
import { type LspciDump, looksLikeLspci, parseLspci } from '../pci/lspci-text.ts';
import { quoted } from '../pci/quoted.ts';
import { formatSlot, isSameSlot, parseSlot } from '../pci/slot.ts';

/** What names can resolve to beside files. */
export interface DeviceSources {
  readonly profiles: (name: string) => PciFunction | undefined;
  /** For messages: the nearest is offered where nothing has the name that was given. */
  readonly profileNames: readonly string[];
  /** Where the kernel lists its PCI functions; `/sys/bus/pci/devices` unless given. */
  readonly sysfsRoot?: string;
}

export interface OpenedDevice {
  /** At least one. Each says in its `faults` what is wrong with it. */
  readonly functions: readonly PciFunction[];
  /** What was left out of the file altogether, and why. */
  readonly faults: readonly string[];
}

const HOST_PREFIX = 'host:';
const SYSFS_ROOT = '/sys/bus/pci/devices';
/** All the functions of a large machine in `lspci -vvvxxxx` are some 10 MiB. */
const MAX_DUMP_BYTES = 64 * 2 ** 20;
const SLOTS_SHOWN = 16;
const FORMS = [
  'FILE (lspci -xxx text, or a raw config file of 64, 256 or 4096 bytes)',
  'FILE#[DDDD:]BB:DD.F',
  'host:[DDDD:]BB:DD.F',
  'vfio-user:PATH (inspect, size, conform, run)',
].join(', ');

/**
 * All functions that `device` names: one, unless it is a file of several and no `#slot` picks one.
 * Malformed functions are kept with their faults.
 * @throws UsageError where nothing can be read at all.
 */
export function openPciFunctions(device: string, sources: DeviceSources): OpenedDevice {
  const profile = sources.profiles(device);
  if (profile !== undefined) return { functions: [profile], faults: [] };
  if (device.startsWith(HOST_PREFIX)) {
    const slot = device.slice(HOST_PREFIX.length);
    return { functions: [openHost(slot, sources.sysfsRoot ?? SYSFS_ROOT)], faults: [] };
  }
  const { path, slot } = splitSlot(device);
  if (device === '' || stat(path) === null) throw new UsageError(unknownDevice(device, sources));
  const dump = openFile(path);
  if (slot === null) return { functions: dump.functions, faults: dump.dropped.map(({ fault }) => fault) };
  return { functions: pickSlot(dump, path, slot), faults: [] };
}

/**
 * The one function that `device` names, read in full.
 * @throws UsageError where there are several, or where the source was cut short.
 */
export function openPciFunction(device: string, sources: DeviceSources): PciFunction {
  const { functions } = openPciFunctions(device, sources);
  const [only, ...others] = functions;
  if (only === undefined || others.length > 0) {
    const slots = functions.map(({ slot }) => slot ?? '');
    const isAmbiguous = new Set(slots).size === 1;
    throw new UsageError(
      isAmbiguous
        ? `${quoted(device)} holds ${slots[0]} ${functions.length} times; give each dump a file of its own`
        : `${quoted(device)} holds ${functions.length} functions; pick one with FILE#SLOT: ${slotList(slots)}`,
    );
  }
  if (!isWholeConfig(only.configBytes)) {
    const why = only.faults?.[0] ?? 'it is cut short';
    throw new UsageError(
      `${only.slot ?? 'the function'} of ${only.origin} has only ${only.configBytes.length} bytes: ${why}; ` +
        'a device needs 64, 256 or 4096 (inspect shows what there is)',
    );
  }
  return only;
}

function slotList(slots: readonly string[]): string {
  const shown = slots.slice(0, SLOTS_SHOWN).join(', ');
  const unshown = slots.length - SLOTS_SHOWN;
  return unshown > 0 ? `${shown} and ${unshown} more` : shown;
}

/** `FILE#SLOT`, unless a file has that very name. */
function splitSlot(device: string): { path: string; slot: string | null } {
  const hashIdx = device.lastIndexOf('#');
  if (hashIdx === -1 || stat(device) !== null) return { path: device, slot: null };
  const slot = device.slice(hashIdx + 1);
  const path = device.slice(0, hashIdx);
  if (parseSlot(slot) === null && stat(path) !== null) {
    throw new UsageError(`${quoted(slot)} after # is no slot; expected [DDDD:]BB:DD.F, as in 0000:00:02.0`);
  }
  return { path, slot };
}

/** Null where there is no such file; a NUL in a name is no file either. */
function stat(path: string): Stats | null {
  try {
    return statSync(path);
  } catch (error) {
    if (errorCode(error) === 'EACCES') throw unreadable(path, error);
    return null;
  }
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}

function unreadable(path: string, error: unknown): UsageError {
  return new UsageError(`cannot read ${quoted(path)}: ${errorCode(error)}`);
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function openFile(path: string): LspciDump {
  const origin = `file ${quoted(path)}`;
  const stats = stat(path);
  if (stats?.isDirectory()) throw new UsageError(`${origin} is a directory; expected ${FORMS}`);
  // A terminal or /dev/zero would never end.
  if (!stats?.isFile() && !stats?.isFIFO())
    throw new UsageError(`${origin} is no regular file; expected ${FORMS}`);
  if (stats.size > MAX_DUMP_BYTES) {
    throw new UsageError(`${origin} has ${stats.size} bytes; a dump has ${MAX_DUMP_BYTES} at most`);
  }
  const bytes = read(path);
  if (bytes.length === 0) throw new UsageError(`${origin} is empty; expected ${FORMS}`);
  // The decoder drops a byte order mark.
  const text = new TextDecoder().decode(bytes);
  if (isText(bytes) || looksLikeLspci(text)) return parseLspci(text, origin);
  if (isWholeConfig(bytes)) return { functions: [fromRaw(bytes, null, origin, null)], dropped: [] };
  throw new UsageError(
    `${origin} is neither text nor a raw config file: ${bytes.length} bytes, expected 64, 256 or 4096`,
  );
}

/** Whether no control character but blanks is in it. Raw configuration space is full of zero bytes. */
function isText(bytes: Uint8Array): boolean {
  const isBlank = (byte: number) => byte === 0x09 || byte === 0x0a || byte === 0x0c || byte === 0x0d;
  return bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || isBlank(byte));
}

/** A function by its bytes. @param known of its regions, beside them */
export function fromRaw(
  bytes: Uint8Array,
  slot: string | null,
  origin: string,
  known: KnownRegions | null,
): PciFunction {
  const configBytes = Uint8Array.from(bytes);
  const { bars, rom, faults } = decodeBars(configBytes, known);
  return { slot, configBytes, bars, rom, origin, faults: [...headerFaults(configBytes), ...faults] };
}

function pickSlot(dump: LspciDump, path: string, slot: string): PciFunction[] {
  const isWanted = (fn: { slot: string | null }) => fn.slot !== null && isSameSlot(fn.slot, slot);
  const functions = dump.functions.filter(isWanted);
  if (functions.length > 0) return functions;
  const dropped = dump.dropped.find(isWanted);
  if (dropped !== undefined) throw new UsageError(`${quoted(path)}: ${dropped.fault}`);
  const slots = dump.functions.flatMap((fn) => (fn.slot === null ? [] : [fn.slot]));
  const holds = slots.length === 0 ? 'it is a raw config file, without slots' : `it has ${slotList(slots)}`;
  throw new UsageError(`${quoted(path)} has no function ${slot}: ${holds}`);
}

function unknownDevice(device: string, { profileNames }: DeviceSources): string {
  const near = nearName(device, profileNames);
  const offer = near === undefined ? '.' : `; did you mean ${near}?`;
  return `${quoted(device)} is neither a file nor a profile${offer} A device is a profile (${profileNames.join(', ')}), ${FORMS}`;
}

/** The first name that begins so, or the nearest one that this can be a misspelling of. */
function nearName(given: string, names: readonly string[]): string | undefined {
  if (given === '' || names.length === 0) return undefined;
  const longer = names.find((name) => name.startsWith(given));
  if (longer !== undefined) return longer;
  const nearest = closest(given, names);
  // Farther than half its letters, it is no misspelling.
  return distance(given, nearest) <= nearest.length / 2 ? nearest : undefined;
}

function openHost(name: string, sysfsRoot: string): PciFunction {
  const slot = parseSlot(name);
  if (slot === null) {
    throw new UsageError(
      `${quoted(name)} after host: is no slot; expected [DDDD:]BB:DD.F, as lspci -D lists them`,
    );
  }
  const folder = join(sysfsRoot, formatSlot(slot));
  if (stat(folder) === null) {
    throw new UsageError(
      `this machine has no function ${formatSlot(slot)} in ${sysfsRoot}; lspci -D lists those it has`,
    );
  }
  const bytes = read(join(folder, 'config'));
  const origin = `host ${formatSlot(slot)}`;
  if (!isWholeConfig(bytes)) {
    throw new UsageError(`${origin}: its config file gave ${bytes.length} bytes, expected 64, 256 or 4096`);
  }
  return fromRaw(bytes, formatSlot(slot), origin, hostRegions(join(folder, 'resource')));
}

const IORESOURCE_IO = 0x100n;
const IORESOURCE_MEM = 0x200n;
const IORESOURCE_PREFETCH = 0x2000n;
const IORESOURCE_MEM_64 = 0x100000n;
const RESOURCE_LINE = /^0x([0-9a-f]+) 0x([0-9a-f]+) 0x([0-9a-f]+)$/;
const ROM_LINE_IDX = 6;

/** Start, end and flags (`include/linux/ioport.h`) a line: BARs 0 to 5, the ROM, then windows and VFs. */
function hostRegions(path: string): KnownRegions | null {
  if (stat(path) === null) return null;
  const bars = new Map<number, KnownRegion>();
  const lines = read(path)
    .toString('latin1')
    .split('\n')
    .slice(0, ROM_LINE_IDX + 1);
  let rom: KnownRegions['rom'] = null;
  for (const [lineIdx, line] of lines.entries()) {
    const region = resourceLine(line);
    if (region === null) continue;
    if (lineIdx === ROM_LINE_IDX) rom = { sizeBytes: region.sizeBytes };
    else bars.set(lineIdx, region);
  }
  return { source: 'sysfs', bars, rom };
}

function resourceLine(line: string): KnownRegion | null {
  const match = RESOURCE_LINE.exec(line.trim());
  if (match === null) return null;
  const [start = 0n, end = 0n, flags = 0n] = match.slice(1).map((digits) => BigInt(`0x${digits}`));
  const memory: BarKind = (flags & IORESOURCE_MEM_64) !== 0n ? 'mem64' : 'mem32';
  if ((flags & (IORESOURCE_IO | IORESOURCE_MEM)) === 0n || end < start) return null;
  return {
    kind: (flags & IORESOURCE_IO) !== 0n ? 'io' : memory,
    prefetchable: (flags & IORESOURCE_PREFETCH) !== 0n,
    sizeBytes: end - start + 1n,
  };
}
