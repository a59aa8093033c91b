/** Our decode of real dumps against what the real lspci printed beside the same bytes. */

import { describe, expect, it } from 'vitest';
import { bridgeWindows } from '../../src/pci/bridge-windows.ts';
import { decodeCapabilities, decodeExtendedCapabilities } from '../../src/pci/capabilities.ts';
import { className, progIfName } from '../../src/pci/class-names.ts';
import type { Bar, PciFunction } from '../../src/pci/function.ts';
import { decodeHeader } from '../../src/pci/header.ts';
import {
  CORPUS_IS_MISSING,
  CORPUS_SKIP_REASON,
  type CorpusFunction,
  headerLinesOf,
  readCorpus,
} from './lspci-corpus.ts';

/** The corpus is fixed; each kind of line is there at least so often, so no comparison can fall silent. */
const COMPARED_AT_LEAST = {
  class: 74,
  region: 39,
  regionSize: 36,
  rom: 8,
  window: 40,
  capability: 212,
  summary: 117,
};

/** Where lspci shows the kernel's idea instead of the bytes. Each is compared in what both know. */
const KERNEL_INSTEAD_OF_BYTES: Readonly<Record<string, string>> = {
  'cap-vc-and-rcl.txt#00:1f.2 Region 0': 'IDE in compatibility mode: ports 1f0 are fixed, the BAR holds 0',
  'cap-vc-and-rcl.txt#00:1f.2 Region 1': 'IDE in compatibility mode: one port at 3f4+2; a BAR has 4 at least',
  'cap-vc-and-rcl.txt#00:1f.2 Region 2': 'IDE in compatibility mode: ports 170 are fixed, the BAR holds 0',
  'cap-vc-and-rcl.txt#00:1f.2 Region 3': 'IDE in compatibility mode: one port at 374+2; a BAR has 4 at least',
};

/** The register keeps what a size probe left in it, while it is disabled; lspci shows where the kernel would put it. */
const KERNEL_ROM_ADDRESS = ['cap-vc-and-rcl.txt#01:00.0'];

/** The bytes at 300 were written into these dumps by hand, below text that does not have them. */
const CAPABILITIES_WITHOUT_TEXT: Readonly<Record<string, number>> = {
  'cap-dev3.txt#01:00.0': 0x300,
  'cap-flitmode.txt#01:00.0': 0x300,
};

/** Versions that printed the serial number from its other end. */
const SERIAL_NUMBER_REVERSED = ['cap-address-xlation.txt#02:00.0', 'cap-pcie-2.txt#01:00.0'];

/** pci.ids has renamed what an old lspci printed. */
const RENAMED_PROG_IFS: Readonly<Record<string, string>> = {
  Master: 'ISA Compatibility mode-only controller, supports bus mastering',
};

function hexNumber(text: string): number {
  return Number.parseInt(text, 16);
}

function sizeBytes(text: string): bigint {
  const [, count = '', unit = ''] = /^(\d+)([KMGT]?)$/.exec(text) ?? [];
  return BigInt(count) << (10n * BigInt(['', 'K', 'M', 'G', 'T'].indexOf(unit)));
}

describe.skipIf(CORPUS_IS_MISSING)(`real dumps (skipped where ${CORPUS_SKIP_REASON})`, () => {
  const corpus = readCorpus();

  it('none of them is malformed', () => {
    for (const { place, function: fn } of corpus) {
      expect(fn.faults, place).toEqual([]);
      expect(decodeCapabilities(fn.configBytes).faults, place).toEqual([]);
      expect(decodeExtendedCapabilities(fn.configBytes).faults, place).toEqual([]);
    }
  });

  it('class, revision and programming interface', () => {
    for (const { place, function: fn, title } of corpus) compareTitle(place, fn, title);
    expect(corpus.length).toBeGreaterThanOrEqual(COMPARED_AT_LEAST.class);
  });

  it('each Region line: kind, address, prefetchability, size', () => {
    const compared = corpus.flatMap((fn) => headerLinesOf(fn).map((line) => compareRegion(fn, line)));
    expect(compared.filter((what) => what !== null).length).toBeGreaterThanOrEqual(COMPARED_AT_LEAST.region);
    expect(compared.filter((what) => what === 'sized').length).toBeGreaterThanOrEqual(
      COMPARED_AT_LEAST.regionSize,
    );
  });

  it('no BAR that lspci did not print, where it printed any line', () => {
    for (const fn of corpus.filter(({ lines }) => lines.some((line) => line.startsWith('Region')))) {
      const printed = headerLinesOf(fn).flatMap((line) => /^Region (\d)/.exec(line)?.[1] ?? []);
      expect(
        fn.function.bars.map(({ barIdx }) => `${barIdx}`),
        fn.place,
      ).toEqual(printed);
    }
  });

  it('each Expansion ROM line', () => {
    const compared = corpus.flatMap((fn) => headerLinesOf(fn).filter((line) => compareRom(fn, line)));
    expect(compared.length).toBeGreaterThanOrEqual(COMPARED_AT_LEAST.rom);
  });

  it('each window of a bridge', () => {
    const compared = corpus.flatMap((fn) => headerLinesOf(fn).filter((line) => compareWindow(fn, line)));
    expect(compared.length).toBeGreaterThanOrEqual(COMPARED_AT_LEAST.window);
  });

  it('each Capabilities line: the same chain, in the same order', () => {
    let compared = 0;
    for (const fn of corpus.filter(({ lines }) => lines.length > 0)) compared += compareCapabilities(fn);
    expect(compared).toBeGreaterThanOrEqual(COMPARED_AT_LEAST.capability);
  });

  it('what lspci says of a capability in its own line', () => {
    let compared = 0;
    for (const fn of corpus) compared += compareSummaries(fn);
    expect(compared).toBeGreaterThanOrEqual(COMPARED_AT_LEAST.summary);
  });
});

function compareTitle(place: string, fn: PciFunction, title: string): void {
  const { fields } = decodeHeader(fn.configBytes);
  const classCode = fields.PCI_CLASS_DEVICE!;
  // "Name: …", "Name [0604]: …" with -nn or for an unknown sub-class, "Class 0604: …" with -n.
  const [, printedName = '', printedCode] = /^\S+ (.*?)(?: \[([0-9a-f]{4})\])?: /.exec(title) ?? [];
  const numeric = /^Class ([0-9a-f]{4})$/.exec(printedName)?.[1] ?? printedCode;
  if (numeric !== undefined) expect(classCode, place).toBe(hexNumber(numeric));
  // 0807 got its name after the dump was taken, which shows its base class.
  if (!printedName.startsWith('Class ') && classCode !== 0x0807) {
    // "USB Controller" has lost its capital.
    expect(className(classCode).toLowerCase(), place).toBe(printedName.toLowerCase());
  }

  // Zero is not printed, nor is a zero interface without a name.
  const revision = /\(rev ([0-9a-f]{2})\)/.exec(title)?.[1] ?? '00';
  expect(fields.PCI_REVISION_ID, place).toBe(hexNumber(revision));
  const [, progIf, progIfText] = /\(prog-if ([0-9a-f]{2})(?: \[(.*)\])?\)/.exec(title) ?? [];
  if (progIf !== undefined) expect(fields.PCI_CLASS_PROG, place).toBe(hexNumber(progIf));
  if (progIfText !== undefined) {
    const today = RENAMED_PROG_IFS[progIfText] ?? progIfText;
    expect(progIfName(classCode, fields.PCI_CLASS_PROG!), place).toBe(today);
  }
}

const REGION = /^Region (\d): (I\/O ports|Memory) at (\S+)(?: \((\d\d)-bit, (non-)?prefetchable\))?/;

function compareRegion({ place, function: fn }: CorpusFunction, line: string): 'sized' | 'unsized' | null {
  const match = REGION.exec(line);
  if (match === null) return null;
  const [, index = '', space, address = '', width, non] = match;
  const at = `${place} Region ${index}`;
  const bar = fn.bars.find(({ barIdx }) => barIdx === Number(index));
  expect(bar, at).toBeDefined();
  const { kind, prefetchable } = bar as Bar;
  expect(kind, at).toBe(space === 'Memory' ? `mem${width}` : 'io');
  expect(prefetchable, at).toBe(space === 'Memory' && non === undefined);
  const isKernels = at in KERNEL_INSTEAD_OF_BYTES;
  expect(bar?.address, at).toBe(isKernels ? 0n : BigInt(`0x${address}`));
  const size = /\[size=(\w+)\]/.exec(line)?.[1];
  if (size === undefined) return 'unsized';
  expect(bar?.sizeBytes, at).toBe(isKernels && size === '1' ? 4n : sizeBytes(size));
  expect(bar?.sizeSource, at).toBe('decoded-text');
  return 'sized';
}

function compareRom({ place, function: fn }: CorpusFunction, line: string): boolean {
  const [, virtual, address = ''] = /^(\[virtual\] )?Expansion ROM at (\S+)/.exec(line) ?? [];
  if (address === '') return false;
  const { rom } = fn;
  expect(rom, place).not.toBeNull();
  // [virtual]: the kernel has an address, the register is 0. <ignored>: the reverse. <unassigned>: neither.
  if (virtual !== undefined || address === '<unassigned>') expect(rom?.address, place).toBe(0n);
  else if (address === '<ignored>' || KERNEL_ROM_ADDRESS.includes(place))
    expect(rom?.address, place).not.toBe(0n);
  else expect(rom?.address, place).toBe(BigInt(`0x${address}`));
  expect(rom?.enabled, place).toBe(!line.includes('[disabled]'));
  const size = /\[size=(\w+)\]/.exec(line)?.[1];
  if (size !== undefined) expect(rom?.sizeBytes, place).toBe(sizeBytes(size));
  return true;
}

function compareWindow({ place, function: fn }: CorpusFunction, line: string): boolean {
  const [, name, range = ''] = /^(I\/O|Memory|Prefetchable memory) behind bridge: (\S+)/.exec(line) ?? [];
  if (name === undefined) return false;
  const windows = bridgeWindows(decodeHeader(fn.configBytes).fields)!;
  const { base, limit } =
    name === 'I/O' ? windows.io : name === 'Memory' ? windows.memory : windows.prefetchable;
  const at = `${place} ${line}`;
  if (range === 'None') {
    expect(base, at).toBeGreaterThan(limit);
    return true;
  }
  const [first = '', last = ''] = range.split('-');
  expect([base, limit], at).toEqual([BigInt(`0x${first}`), BigInt(`0x${last}`)]);
  return true;
}

/** lspci's wording to ids, by how the text begins; the longest that fits counts. */
const STANDARD_WORDS: Readonly<Record<string, number>> = {
  'Power Management': 0x01,
  'Vital Product Data': 0x03,
  'MSI:': 0x05,
  'HyperTransport:': 0x08,
  'Vendor Specific Information': 0x09,
  // Its own wording for a vendor capability of a virtio device, in one version.
  'VirtIO:': 0x09,
  'Debug port:': 0x0a,
  'Subsystem:': 0x0d,
  Express: 0x10,
  'MSI-X:': 0x11,
  'PCI Advanced Features': 0x13,
};
const EXTENDED_WORDS: Readonly<Record<string, number>> = {
  'Advanced Error Reporting': 0x0001,
  'Virtual Channel': 0x0002,
  'Device Serial Number': 0x0003,
  'Power Budgeting': 0x0004,
  'Root Complex Link': 0x0005,
  'Root Complex Event Collector Endpoint Association': 0x0007,
  'Vendor Specific Information': 0x000b,
  'Access Control Services': 0x000d,
  'Alternative Routing-ID Interpretation (ARI)': 0x000e,
  'Address Translation Service (ATS)': 0x000f,
  'Single Root I/O Virtualization (SR-IOV)': 0x0010,
  Multicast: 0x0012,
  'Page Request Interface (PRI)': 0x0013,
  'Physical Resizable BAR': 0x0015,
  'Transaction Processing Hints': 0x0017,
  'Latency Tolerance Reporting': 0x0018,
  'Secondary PCI Express': 0x0019,
  'Process Address Space ID (PASID)': 0x001b,
  'Downstream Port Containment': 0x001d,
  'L1 PM Substates': 0x001e,
  'Precision Time Measurement': 0x001f,
  'Designated Vendor-Specific': 0x0023,
  'Data Link Feature': 0x0025,
  'Physical Layer 16.0 GT/s': 0x0026,
  'Lane Margining at the Receiver': 0x0027,
  'Physical Layer 32.0 GT/s': 0x002a,
  'Alternate Protocol': 0x002b,
  'Device 3': 0x002f,
  'Physical Layer 64.0 GT/s': 0x0031,
};

interface PrintedCapability {
  readonly offset: number;
  readonly version: number | null;
  readonly words: string;
}

function printedCapability(line: string): PrintedCapability | null {
  const match = /^Capabilities: \[([0-9a-f]+)(?: v(\d+))?\] (.*)$/.exec(line);
  if (match === null) return null;
  const [, offset = '', version, words = ''] = match;
  return { offset: hexNumber(offset), version: version === undefined ? null : Number(version), words };
}

function printedId({ offset, words }: PrintedCapability, place: string): number {
  const unnamed = /^#([0-9a-f]+)/.exec(words)?.[1];
  if (unnamed !== undefined) return hexNumber(unnamed);
  const names = offset < 0x100 ? STANDARD_WORDS : EXTENDED_WORDS;
  const fitting = Object.keys(names).filter((name) => words.startsWith(name));
  const longest = fitting.sort((a, b) => b.length - a.length)[0];
  if (longest === undefined) throw new Error(`${place}: no id is known for "${words}"`);
  return names[longest]!;
}

function decodedCapabilities(fn: PciFunction) {
  const standard = decodeCapabilities(fn.configBytes).entries.map((entry) => ({ ...entry, version: null }));
  return [...standard, ...decodeExtendedCapabilities(fn.configBytes).entries];
}

function compareCapabilities({ place, function: fn, lines }: CorpusFunction): number {
  const printed = lines.map(printedCapability).filter((capability) => capability !== null);
  // Text may come from -vv as root above the 256 bytes of -xxx.
  const comparable = printed.filter(({ offset }) => offset < fn.configBytes.length);
  const expected = comparable.map((capability) => ({
    offset: capability.offset,
    id: printedId(capability, place),
    ...(capability.version === null ? {} : { version: capability.version }),
  }));
  const decoded = decodedCapabilities(fn).filter(({ offset }) => offset !== CAPABILITIES_WITHOUT_TEXT[place]);
  expect(
    decoded.map(({ offset }) => offset),
    place,
  ).toEqual(expected.map(({ offset }) => offset));
  expect(decoded, place).toMatchObject(expected);
  return expected.length;
}

/** How our summary says what lspci of today says in the line itself; null where its wording has no counterpart. */
function expectedSummary(words: string): string | null {
  const patterns: readonly (readonly [RegExp, (text: string) => string])[] = [
    [/^Power Management (version \d)/, (text) => text],
    [/^MSI: (Enable[+-] Count=\d+\/\d+ Maskable[+-] 64bit[+-])/, (text) => text],
    [/^MSI-X: (Enable[+-] Count=\d+ Masked[+-])/, (text) => text],
    // Newer versions print (Slot±) behind the type, and all print the MSI number, which are left out.
    [/^Express (\(v\d\) [^(,]+?)(?: \(Slot[+-]\))?,/, (text) => text],
    [/^HyperTransport: ([^+-]+?)(?: Enable.*)?$/, (text) => (text === '#1a' ? 'Gen3' : text)],
    [/^(?:Vendor Specific Information: )?(VirtIO: \w+)/, (text) => text],
    [/^Vendor Specific Information: (Len=[0-9a-f]+)/, (text) => text],
    [/^Vendor Specific Information: (ID=[0-9a-f]+ Rev=\d+ Len=[0-9a-f]+)/, (text) => text],
    [/^Designated Vendor-Specific: (Vendor=[0-9a-f]+ ID=[0-9a-f]+ Rev=\d+ Len=\d+)/, (text) => text],
    [/^Device Serial Number (\S+)/, (text) => text],
    [/^Debug port: (\S+ \S+)/, (text) => text],
  ];
  for (const [pattern, toSummary] of patterns) {
    const text = pattern.exec(words)?.[1];
    if (text !== undefined) return toSummary(text);
  }
  return null;
}

function compareSummaries({ place, function: fn, lines }: CorpusFunction): number {
  const decoded = new Map(decodedCapabilities(fn).map((entry) => [entry.offset, entry]));
  let compared = 0;
  for (const line of lines) {
    const printed = printedCapability(line);
    const entry = printed === null ? undefined : decoded.get(printed.offset);
    const expected = printed === null ? null : expectedSummary(printed.words);
    if (entry === undefined || expected === null) continue;
    const isReversed = entry.offset >= 0x100 && entry.id === 0x0003 && SERIAL_NUMBER_REVERSED.includes(place);
    const summary = isReversed ? entry.summary.split('-').reverse().join('-') : entry.summary;
    expect(summary, `${place} ${line}`).toContain(expected);
    compared += 1;
  }
  return compared;
}
