/** `barometer inspect <device>`: a configuration space as readers of `lspci -vv` expect it. */

import { styleText } from 'node:util';
import { type DeviceSources, openPciFunctions } from '../device/device-source.ts';
import { EXIT } from '../errors.ts';
import { type BridgeWindow, bridgeWindows } from '../pci/bridge-windows.ts';
import { type CapabilityChain, decodeCapabilities, decodeExtendedCapabilities } from '../pci/capabilities.ts';
import type { Capability, ExtendedCapability } from '../pci/capability.ts';
import { className, progIfName } from '../pci/class-names.ts';
import { describeCommand, describeStatus } from '../pci/command-status.ts';
import type { Bar, PciFunction, Rom, SizeSource } from '../pci/function.ts';
import { decodeHeader, type Header } from '../pci/header.ts';
import { formatLspciHex } from '../pci/lspci-format.ts';
import { formatRegion, formatRom, formatSize } from '../pci/lspci-regions.ts';
import { hex } from '../pci/quoted.ts';
import { PCI_COMMAND_IO, PCI_COMMAND_MEMORY, PCI_HEADER_TYPE_BRIDGE } from '../pci/registers.ts';
import { jsonText } from '../report/json-text.ts';
import { plainText } from '../report/plain-text.ts';

/** `ansi` colours the text; `plain` is for files, pipes and NO_COLOR. */
export type TextStyle = 'plain' | 'ansi';

export interface InspectOptions {
  /** One JSON document instead of text. */
  readonly json?: boolean;
  /** Text that `lspci -F` reads instead of the decoded form. */
  readonly hex?: boolean;
}

export interface InspectIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly textStyle: TextStyle;
  readonly sources: DeviceSources;
}

/**
 * Prints the functions that `device` names; each fault goes to standard error too.
 * @returns the exit code: 2 where anything was malformed, although all that is sane was printed.
 * @throws UsageError where nothing can be read at all.
 */
export function inspect(device: string, options: InspectOptions, io: InspectIo): number {
  const { functions, faults } = openPciFunctions(device, io.sources);
  io.stdout.write(inspectText(functions, options, io.textStyle));

  const own = functions.flatMap((fn) =>
    decode(fn).faults.map((fault) => `${fn.slot ?? fn.origin}: ${fault}`),
  );
  for (const fault of [...faults, ...own]) io.stderr.write(`${plainText(fault)}\n`);
  return faults.length + own.length === 0 ? EXIT.ok : EXIT.usage;
}

function inspectText(functions: readonly PciFunction[], options: InspectOptions, style: TextStyle): string {
  if (options.hex) return functions.map(formatLspciHex).join('');
  if (options.json) return jsonText(inspectJson(functions));
  return renderInspect(functions, style);
}

/** Everything that the bytes of one function say. */
interface Decoded {
  readonly header: Header;
  readonly capabilities: CapabilityChain<Capability>;
  readonly extendedCapabilities: CapabilityChain<ExtendedCapability>;
  readonly faults: readonly string[];
}

function decode({ configBytes, faults = [] }: PciFunction): Decoded {
  const header = decodeHeader(configBytes);
  const capabilities = decodeCapabilities(configBytes);
  const extendedCapabilities = decodeExtendedCapabilities(configBytes);
  const all = [...faults, ...capabilities.faults, ...extendedCapabilities.faults];
  return { header, capabilities, extendedCapabilities, faults: all };
}

/**
 * The document of `--json`: for one function its fields by pci_regs.h name beside `bars`, `rom`, `capabilities`,
 * `extendedCapabilities` and `faults`; for several, `{ "functions": [ … ] }` of such. Sizes are decimal strings and
 * addresses hexadecimal ones, since both pass 2^53; registers, ids and offsets are numbers.
 */
export function inspectJson(functions: readonly PciFunction[]): unknown {
  const documents = functions.map(functionJson);
  return documents.length === 1 ? documents[0] : { functions: documents };
}

function functionJson(fn: PciFunction): unknown {
  const { header, capabilities, extendedCapabilities, faults } = decode(fn);
  return {
    slot: fn.slot,
    origin: fn.origin,
    configSizeBytes: fn.configBytes.length,
    className: classText(header),
    headerType: header.type,
    isMultifunction: header.isMultifunction,
    ...header.fields,
    bars: fn.bars.map(barJson),
    rom: fn.rom === null ? null : romJson(fn.rom),
    capabilities: capabilities.entries.map(capabilityJson),
    extendedCapabilities: extendedCapabilities.entries.map(capabilityJson),
    faults,
  };
}

function addressText(value: bigint): string {
  return `0x${value.toString(16)}`;
}

function barJson(bar: Bar): unknown {
  return { ...bar, address: addressText(bar.address), sizeBytes: bar.sizeBytes.toString() };
}

function romJson(rom: Rom): unknown {
  return { ...rom, address: addressText(rom.address), sizeBytes: rom.sizeBytes.toString() };
}

function capabilityJson({ fields, ...entry }: Capability): unknown {
  return { ...entry, ...fields };
}

function classText({ fields }: Header): string | null {
  return fields.PCI_CLASS_DEVICE === undefined ? null : className(fields.PCI_CLASS_DEVICE);
}

/** Text of all functions, a blank line between them. Holds nothing of a dump but decoded values. */
export function renderInspect(functions: readonly PciFunction[], style: TextStyle): string {
  return functions.map((fn) => renderFunction(fn, style)).join('\n');
}

type Paint = (format: 'bold' | 'dim' | 'red', text: string) => string;

function painter(style: TextStyle): Paint {
  // The stream is not asked: whoever passes the style has done so.
  return (format, text) => (style === 'ansi' ? styleText(format, text, { validateStream: false }) : text);
}

function renderFunction(fn: PciFunction, style: TextStyle): string {
  const paint = painter(style);
  const { header, capabilities, extendedCapabilities, faults } = decode(fn);
  const body = [
    ...headerLines(header),
    ...fn.bars.map((bar) => `${formatRegion(bar)}${disabledBar(bar, header)} ${sizeText(bar, paint)}`),
    ...(fn.rom === null ? [] : [`${formatRom(fn.rom)} ${sizeText(fn.rom, paint)}`]),
    ...bridgeLines(header),
    ...capabilities.entries.map((entry) => capabilityLine(hex(entry.offset, 2), entry)),
    ...missingLines(capabilities, fn, paint),
    ...extendedCapabilities.entries.map((entry) =>
      capabilityLine(`${hex(entry.offset, 3)} v${entry.version}`, entry),
    ),
    ...missingLines(extendedCapabilities, fn, paint),
    ...(faults.length === 0 ? [] : ['Faults:', ...faults.map((fault) => `\t${paint('red', fault)}`)]),
  ];
  return [paint('bold', titleLine(fn, header)), ...body.map((line) => `\t${line}`), ''].join('\n');
}

function titleLine({ slot, origin }: PciFunction, header: Header): string {
  const { PCI_VENDOR_ID: vendor, PCI_DEVICE_ID: device, PCI_CLASS_DEVICE: classCode } = header.fields;
  const { PCI_REVISION_ID: revision, PCI_CLASS_PROG: progIf } = header.fields;
  const digits = (value: number | undefined, count: number) =>
    value === undefined ? '?'.repeat(count) : hex(value, count);
  const name = `${slot ?? plainText(origin)} ${classText(header) ?? 'Class ????'} [${digits(classCode, 4)}]`;
  const interfaceName =
    classCode === undefined || progIf === undefined ? null : progIfName(classCode, progIf);
  const interfaceText = interfaceName === null ? '' : ` [${interfaceName}]`;
  const ids = `[${digits(vendor, 4)}:${digits(device, 4)}]`;
  return `${name}: ${ids} (rev ${digits(revision, 2)}) (prog-if ${digits(progIf, 2)}${interfaceText})`;
}

const HEADER_TYPE_NAMES: readonly string[] = ['device', 'PCI bridge', 'CardBus bridge'];

function headerLines({ type, isMultifunction, fields }: Header): string[] {
  const { PCI_COMMAND: command, PCI_STATUS: status, PCI_INTERRUPT_PIN: pin = 0 } = fields;
  const vendor = fields.PCI_SUBSYSTEM_VENDOR_ID ?? fields.PCI_CB_SUBSYSTEM_VENDOR_ID ?? 0;
  const subsystem = fields.PCI_SUBSYSTEM_ID ?? fields.PCI_CB_SUBSYSTEM_ID ?? 0;
  const lines: string[] = [];
  if (type !== null) {
    const name = HEADER_TYPE_NAMES[type] ?? 'reserved';
    lines.push(`Header: type ${hex(type, 2)} (${name})${isMultifunction ? ', multifunction' : ''}`);
  }
  if (vendor !== 0) lines.push(`Subsystem: ${hex(vendor, 4)}:${hex(subsystem, 4)}`);
  if (command !== undefined) lines.push(`Control: ${describeCommand(command)}`);
  if (status !== undefined) lines.push(`Status: ${describeStatus(status)}`);
  if (pin !== 0) lines.push(`Interrupt: pin ${pinName(pin)} line ${fields.PCI_INTERRUPT_LINE}`);
  return lines;
}

/** 1 to 4 stand for A to D; the rest is reserved. */
function pinName(pin: number): string {
  return 'ABCD'[pin - 1] ?? '?';
}

/** A device answers on a BAR only while its space is enabled in PCI_COMMAND. */
function disabledBar({ kind }: Bar, { fields }: Header): string {
  const enabledBy = kind === 'io' ? PCI_COMMAND_IO : PCI_COMMAND_MEMORY;
  return ((fields.PCI_COMMAND ?? 0) & enabledBy) === 0 ? ' [disabled]' : '';
}

const SOURCE_TEXTS: Readonly<Record<SizeSource, string>> = {
  profile: 'size: of the profile',
  sysfs: 'size: from sysfs',
  vfio: 'size: from region info',
  'decoded-text': 'size: from the decoded text',
  'resizable-bar': 'size: set in the Resizable BAR capability',
  assumed: 'size: assumed, nothing but the address bounds it',
};

function sizeText({ sizeBytes, sizeSource, address }: Bar | Rom, paint: Paint): string {
  const isUnbounded = sizeSource === 'assumed' && address === 0n;
  const source = isUnbounded ? 'size: assumed, nothing bounds it' : SOURCE_TEXTS[sizeSource];
  return `${formatSize(sizeBytes)} ${paint('dim', `(${source})`)}`;
}

function windowText({ base, limit }: BridgeWindow, digits: number): string {
  return limit < base ? 'none' : `${hex(base, digits)}-${hex(limit, digits)}`;
}

function bridgeLines({ type, fields }: Header): string[] {
  const windows = type === PCI_HEADER_TYPE_BRIDGE ? bridgeWindows(fields) : null;
  if (windows === null) return [];
  const bus = (value: number | undefined) => hex(value ?? 0, 2);
  const buses = [
    `primary=${bus(fields.PCI_PRIMARY_BUS)}`,
    `secondary=${bus(fields.PCI_SECONDARY_BUS)}`,
    `subordinate=${bus(fields.PCI_SUBORDINATE_BUS)}`,
    `sec-latency=${fields.PCI_SEC_LATENCY_TIMER ?? 0}`,
  ];
  return [
    `Bus: ${buses.join(', ')}`,
    `I/O behind bridge: ${windowText(windows.io, 8)}`,
    `Memory behind bridge: ${windowText(windows.memory, 8)}`,
    `Prefetchable memory behind bridge: ${windowText(windows.prefetchable, 16)}`,
  ];
}

function capabilityLine(place: string, { name, summary }: Capability): string {
  return `Capabilities: [${place}] ${name}${summary === '' ? '' : `: ${summary}`}`;
}

function missingLines(
  { missingFromOffset }: CapabilityChain<Capability>,
  fn: PciFunction,
  paint: Paint,
): string[] {
  if (missingFromOffset === null) return [];
  const next = `the next is at ${hex(missingFromOffset, 2)}, past the ${fn.configBytes.length} bytes at hand`;
  return [`Capabilities: ${paint('dim', `${next} (lspci -xxx as root shows it)`)}`];
}
