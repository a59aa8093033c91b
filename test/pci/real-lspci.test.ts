/** What `inspect --hex` prints, read by the real `lspci -F`. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeCapabilities, decodeExtendedCapabilities } from '../../src/pci/capabilities.ts';
import { readDword } from '../../src/pci/config-bytes.ts';
import type { Bar, PciFunction } from '../../src/pci/function.ts';
import { decodeHeader } from '../../src/pci/header.ts';
import { formatLspciHex } from '../../src/pci/lspci-format.ts';
import { parseLspci } from '../../src/pci/lspci-text.ts';
import { hex } from '../../src/pci/quoted.ts';
import { formatSlot, parseSlot } from '../../src/pci/slot.ts';
import { ConfigBuilder } from './config-builder.ts';
import { corpusTexts } from './lspci-corpus.ts';

const LSPCI_IS_MISSING = spawnSync('lspci', ['--version']).status !== 0;

/** What one function is, in both programs' decode. */
interface Facts {
  readonly ids: string;
  readonly regions: readonly string[];
  readonly capabilities: readonly string[];
}

function ourFacts(fn: PciFunction): Facts {
  const { fields } = decodeHeader(fn.configBytes);
  const { PCI_CLASS_DEVICE = 0, PCI_VENDOR_ID = 0, PCI_DEVICE_ID = 0, PCI_REVISION_ID = 0 } = fields;
  const revision = PCI_REVISION_ID === 0 ? '' : ` (rev ${hex(PCI_REVISION_ID, 2)})`;
  return {
    ids: `${hex(PCI_CLASS_DEVICE, 4)}: ${hex(PCI_VENDOR_ID, 4)}:${hex(PCI_DEVICE_ID, 4)}${revision}`,
    regions: fn.bars.filter((bar) => readDword(fn.configBytes, 0x10 + 4 * bar.barIdx) !== 0).map(regionWords),
    capabilities: [
      ...decodeCapabilities(fn.configBytes).entries.map(({ offset }) => hex(offset, 2)),
      ...decodeExtendedCapabilities(fn.configBytes).entries.map(
        (entry) => `${hex(entry.offset, 3)} v${entry.version}`,
      ),
    ],
  };
}

function regionWords({ barIdx, kind, prefetchable, address }: Bar): string {
  const place = address === 0n ? UNASSIGNED : hex(address, kind === 'io' ? 4 : 8);
  if (kind === 'io') return `Region ${barIdx}: I/O ports at ${place}`;
  const width = kind === 'mem64' ? '64-bit' : '32-bit';
  return `Region ${barIdx}: Memory at ${place} (${width}, ${prefetchable ? '' : 'non-'}prefetchable)`;
}

/** How lspci writes ports that are not assigned, while I/O is enabled. */
const UNASSIGNED_PORTS = /(?<=I\/O ports at )0000$/;
const UNASSIGNED = '<unassigned>';

/** lspci 3.9, reading a file, prints the upper half of a 64-bit BAR as a region of its own. */
function isUpperHalf(fn: PciFunction, region: string): boolean {
  return fn.bars.some(({ barIdx, kind }) => kind === 'mem64' && region.startsWith(`Region ${barIdx + 1}:`));
}

function lspciFacts(output: string): Map<string, Facts> {
  const blocks = output.split('\n\n').filter((block) => block.trim() !== '');
  return new Map(
    blocks.map((block) => {
      const [title = '', ...lines] = block.split('\n');
      const [, slot = '', ids = ''] =
        /^(\S+) ([0-9a-f]{4}: [0-9a-f]{4}:[0-9a-f]{4}(?: \(rev ..\))?)/.exec(title) ?? [];
      const words = lines.map((line) =>
        line.trim().replace(' [disabled]', '').replace(UNASSIGNED_PORTS, UNASSIGNED),
      );
      const capabilities = words.flatMap((line) => /^Capabilities: \[([^\]]+)\]/.exec(line)?.[1] ?? []);
      const ownRegions = words.slice(0, words.findIndex((line) => line.startsWith('Capabilities:')) >>> 0);
      const regions = ownRegions.filter((line) => line.startsWith('Region'));
      return [slot, { ids, regions, capabilities }];
    }),
  );
}

describe.skipIf(LSPCI_IS_MISSING)('lspci -F (skipped where pciutils is not installed)', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'barometer-lspci-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function lspci(functions: readonly PciFunction[]): Map<string, Facts> {
    const file = join(folder, 'dump.txt');
    writeFileSync(file, functions.map(formatLspciHex).join(''));
    const { stdout, status } = spawnSync('lspci', ['-F', file, '-D', '-n', '-vv'], { encoding: 'utf8' });
    expect(status).toBe(0);
    return lspciFacts(stdout);
  }

  function compare(functions: readonly PciFunction[]): void {
    const theirs = lspci(functions);
    expect(theirs.size).toBe(functions.length);
    for (const fn of functions) {
      const facts = theirs.get(formatSlot(parseSlot(fn.slot ?? '00:00.0')!));
      const regions = facts?.regions.filter((region) => !isUpperHalf(fn, region));
      expect({ ...facts, regions }, fn.origin).toEqual(ourFacts(fn));
    }
  }

  it('a device with 64-bit BARs, both chains, and a domain of five digits', () => {
    const builder = new ConfigBuilder(4096).dword(0x00, 0x234210de).dword(0x08, 0x030200a1);
    builder
      .dword(0x10, 0x0200000c)
      .dword(0x14, 0x6610)
      .dword(0x18, 0xc)
      .dword(0x1c, 0x6620)
      .dword(0x24, 0xe001);
    builder.chain(0x34, [0x40, 0x01, 0x50], [0x50, 0x10, 0x00]).word(0x52, 0x0002);
    builder.extended(0x100, 0x0001, 2, 0x150).extended(0x150, 0x0018, 1, 0x000);
    const text = formatLspciHex({
      slot: '10009:01:00.0',
      configBytes: builder.bytes,
      bars: [],
      rom: null,
      origin: '',
    });
    const { functions } = parseLspci(text, 'test');
    expect(functions[0]?.bars).toHaveLength(3);
    compare(functions);
  });

  it('64 bytes, without a slot', () => {
    const { bytes } = new ConfigBuilder(64).dword(0x00, 0x10421af4).dword(0x10, 0xc061);
    const [fn] = parseLspci(
      formatLspciHex({ slot: null, configBytes: bytes, bars: [], rom: null, origin: '' }),
      '',
    ).functions;
    compare([fn!]);
  });

  // Elsewhere there is nothing to read; the two above need no dumps.
  it.each(corpusTexts())('$file', ({ file, text }) => compare(parseLspci(text, file).functions));
});
