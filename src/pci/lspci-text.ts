/**
 * Reads the text of `lspci -x`, `-xxx` or `-xxxx`, alone or under `-v` to `-vvv`: functions of a header line, decoded
 * lines, and hex lines. Ids and addresses are taken from the bytes; only sizes come from the decoded lines, as the
 * bytes hold none.
 */

import { UsageError } from '../errors.ts';
import { decodeBars } from './bars.ts';
import type { PciFunction } from './function.ts';
import { headerFaults, isWholeConfig } from './header.ts';
import { HexLines, parseHexLine } from './hex-lines.ts';
import type { KnownRegion, KnownRegions } from './known-regions.ts';
import { parseRegionLine, parseRomLine, type RegionLine, type RomLine } from './lspci-regions.ts';
import { parseSlot } from './slot.ts';

export interface LspciDump {
  /** In the order of the text. Each has one byte at least; `faults` says what is wrong with it. */
  readonly functions: readonly PciFunction[];
  /** Functions without any hex line, which are left out. */
  readonly dropped: readonly { readonly slot: string; readonly fault: string }[];
}

/** A slot at the start of a line, or behind the `Slot:` of `lspci -vmm`. */
const HEADER_LINE = /^(?:Slot:\s+)?((?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7])(?:\s|$)/i;
const LINE_END = /\r\n|\n|\r/;

/** The lines of one function, as gathered. */
interface Block {
  readonly slot: string;
  readonly lineNumber: number;
  readonly hexLines: HexLines;
  readonly regionLines: RegionLine[];
  romLine: RomLine | null;
  hasHex: boolean;
  /** Below the first capability, `Region` lines are those of SR-IOV virtual functions. */
  isInCapabilities: boolean;
}

function headerSlot(line: string): string | null {
  const slot = HEADER_LINE.exec(line)?.[1] ?? null;
  return slot !== null && parseSlot(slot) !== null ? slot : null;
}

/** Whether any line begins with a slot as lspci writes it. */
export function looksLikeLspci(text: string): boolean {
  return text.split(LINE_END).some((line) => headerSlot(line) !== null);
}

function newBlock(slot: string, lineNumber: number): Block {
  const hexLines = new HexLines();
  return {
    slot,
    lineNumber,
    hexLines,
    regionLines: [],
    romLine: null,
    hasHex: false,
    isInCapabilities: false,
  };
}

function gather(text: string): Block[] {
  const blocks: Block[] = [];
  text.split(LINE_END).forEach((line, lineIdx) => {
    const slot = headerSlot(line);
    const lineNumber = lineIdx + 1;
    if (slot !== null) {
      blocks.push(newBlock(slot, lineNumber));
      return;
    }
    const block = blocks.at(-1);
    if (block !== undefined) addLine(block, line, lineNumber);
  });
  return blocks;
}

function addLine(block: Block, line: string, lineNumber: number): void {
  const hexLine = parseHexLine(line);
  if (hexLine !== null) {
    block.hexLines.add(hexLine, lineNumber);
    block.hasHex = true;
    return;
  }
  const words = line.trim();
  block.isInCapabilities ||= words.startsWith('Capabilities:');
  if (block.isInCapabilities) return;
  const region = parseRegionLine(words);
  if (region !== null) block.regionLines.push(region);
  block.romLine ??= parseRomLine(words);
}

/** A line of a single `-v` has no number: it belongs to the BAR that holds its address. */
function indexOf(line: RegionLine, config: Uint8Array): number | null {
  if (line.barIdx !== null) return line.barIdx;
  const { bars } = decodeBars(config, null);
  const bar = bars.find(({ kind, address }) => kind === line.kind && address === line.address);
  return bar?.barIdx ?? null;
}

function knownRegions(block: Block, config: Uint8Array): KnownRegions {
  const bars = new Map<number, KnownRegion>();
  for (const line of block.regionLines) {
    const barIdx = indexOf(line, config);
    if (barIdx !== null && !bars.has(barIdx)) bars.set(barIdx, line);
  }
  return { source: 'decoded-text', bars, rom: block.romLine };
}

function toFunction(block: Block, origin: string): PciFunction {
  const { bytes: configBytes, faults: hexFaults } = block.hexLines.finish();
  const { bars, rom, faults } = decodeBars(configBytes, knownRegions(block, configBytes));
  const cut = `the dump ends after ${configBytes.length} bytes; expected 64, 256 or 4096`;
  return {
    slot: block.slot,
    configBytes,
    bars,
    rom,
    origin,
    faults: [
      ...hexFaults,
      ...(isWholeConfig(configBytes) ? [] : [cut]),
      ...headerFaults(configBytes),
      ...faults,
    ],
  };
}

/**
 * Reads all functions of a dump. A malformed function keeps its sane part and names its faults.
 * @param origin where the text is from, for messages and for the functions' own `origin`.
 * @throws UsageError where no function with bytes is in the text at all.
 */
export function parseLspci(text: string, origin: string): LspciDump {
  if (text.trim() === '') throw new UsageError(`${origin} is empty; expected the output of lspci -xxx`);
  const blocks = gather(text);
  if (blocks.length === 0) {
    throw new UsageError(
      `${origin} holds no function; expected the output of lspci -xxx: a line "00:02.0 …", then lines "00: 86 80 …"`,
    );
  }
  const functions: PciFunction[] = [];
  const dropped: { slot: string; fault: string }[] = [];
  for (const block of blocks) {
    const fn = toFunction(block, origin);
    if (fn.configBytes.length > 0) {
      functions.push(fn);
      continue;
    }
    const found = block.hasHex ? (fn.faults?.[0] ?? 'no byte at 00') : 'no hex lines';
    dropped.push({ slot: block.slot, fault: `${block.slot} (line ${block.lineNumber}): ${found}; left out` });
  }
  if (functions.length === 0) {
    const first = dropped[0]?.fault;
    throw new UsageError(`${origin} holds no configuration bytes: ${first}; print them with lspci -xxx`);
  }
  return { functions, dropped };
}
