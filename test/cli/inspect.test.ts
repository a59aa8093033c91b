import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InspectOptions, inspect, inspectJson, renderInspect } from '../../src/cli/inspect.ts';
import { decodeBars } from '../../src/pci/bars.ts';
import type { PciFunction } from '../../src/pci/function.ts';
import { parseLspci } from '../../src/pci/lspci-text.ts';
import { ConfigBuilder } from '../pci/config-builder.ts';
import { CORPUS_IS_MISSING, CORPUS_SKIP_REASON, headerLinesOf, readCorpus } from '../pci/lspci-corpus.ts';

/** A made-up device: a 64-bit BAR, ports, a ROM, both chains. */
function device(): ConfigBuilder {
  const builder = new ConfigBuilder(4096).dword(0x00, 0x234210de).dword(0x08, 0x030200a1).word(0x04, 0x0406);
  builder.dword(0x10, 0x0200000c).dword(0x14, 0x6610).dword(0x18, 0xe061).dword(0x30, 0xfeb80000);
  builder
    .dword(0x2c, 0x16eb10de)
    .chain(0x34, [0x40, 0x01, 0x50], [0x50, 0x11, 0x00])
    .byte(0x42, 3)
    .byte(0x3d, 1);
  builder.byte(0x52, 0x02, 0x80, 0x02, 0, 0, 0, 0x02, 0x08);
  return builder.extended(0x100, 0x0003, 1, 0).dword(0x104, 0x44332211).dword(0x108, 0x88776655);
}

function functionOf({ bytes }: ConfigBuilder): PciFunction {
  const { bars, rom, faults } = decodeBars(bytes, null);
  return { slot: '0009:01:00.0', configBytes: bytes, bars, rom, origin: 'test', faults };
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'barometer-inspect-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(content: string | Uint8Array, options: InspectOptions = {}) {
  const path = join(folder, 'dump');
  writeFileSync(path, content);
  const output = { stdout: '', stderr: '', exitCode: 0 };
  output.exitCode = inspect(path, options, {
    stdout: { write: (text) => (output.stdout += text) },
    stderr: { write: (text) => (output.stderr += text) },
    textStyle: 'plain',
    sources: { profiles: () => undefined, profileNames: [] },
  });
  return output;
}

describe('text', () => {
  it('names a file without what the log of a CI job would obey', () => {
    const named = { ...functionOf(device()), slot: null, origin: 'file "::error::##[group].bin"' };
    expect(renderInspect([named], 'plain')).toMatch(/^file "::error::# #\[group\]\.bin" 3D controller/);
  });

  it('reads like lspci -vv, and says where sizes are from', () => {
    expect(renderInspect([functionOf(device())], 'plain')).toBe(
      [
        '0009:01:00.0 3D controller [0302]: [10de:2342] (rev a1) (prog-if 00)',
        '\tHeader: type 00 (device)',
        '\tSubsystem: 10de:16eb',
        '\tControl: I/O- Mem+ BusMaster+ SpecCycle- MemWINV- VGASnoop- ParErr- Stepping- SERR- FastB2B- DisINTx+',
        '\tStatus: Cap+ 66MHz- UDF- FastB2B- ParErr- DEVSEL=fast >TAbort- <TAbort- <MAbort- >SERR- <PERR- INTx-',
        '\tInterrupt: pin A line 0',
        '\tRegion 0: Memory at 661002000000 (64-bit, prefetchable) [size=32M] (size: assumed, nothing but the address bounds it)',
        '\tRegion 2: I/O ports at e060 [disabled] [size=32] (size: assumed, nothing but the address bounds it)',
        '\tExpansion ROM at feb80000 [disabled] [size=512K] (size: assumed, nothing but the address bounds it)',
        '\tCapabilities: [40] Power Management: version 3, D0 NoSoftRst- PME-Enable-',
        '\tCapabilities: [50] MSI-X: Enable+ Count=3 Masked-, table BAR=2 offset=00000000, PBA BAR=2 offset=00000800',
        '\tCapabilities: [100 v1] Device Serial Number: 88-77-66-55-44-33-22-11',
        '',
      ].join('\n'),
    );
  });

  it('colours only where asked, and changes nothing else', () => {
    const functions = [functionOf(device())];
    const coloured = renderInspect(functions, 'ansi');
    expect(coloured).toContain('\x1b[1m');
    expect(stripVTControlCharacters(coloured)).toBe(renderInspect(functions, 'plain'));
  });

  it('shows the windows of a bridge', () => {
    const bridge = new ConfigBuilder().headerType(1).byte(0x18, 0, 1, 3).byte(0x1c, 0x30, 0x40);
    bridge.word(0x20, 0xf110).word(0x22, 0xf110).word(0x24, 0xfff1).word(0x26, 0x0001);
    const text = renderInspect([functionOf(bridge)], 'plain');
    expect(text).toContain('\tBus: primary=00, secondary=01, subordinate=03, sec-latency=0\n');
    expect(text).toContain('\tI/O behind bridge: 00003000-00004fff\n');
    expect(text).toContain('\tMemory behind bridge: f1100000-f11fffff\n');
    expect(text).toContain('\tPrefetchable memory behind bridge: none\n');
  });

  it('says where 64 bytes end before the capabilities, which is no fault', () => {
    const { stdout, exitCode } = run(device().bytes.slice(0, 64));
    expect(stdout).toContain('the next is at 40, past the 64 bytes at hand');
    expect(exitCode).toBe(0);
  });

  it('never sends a control character of the dump to the terminal', () => {
    const evil = [
      '00:02.0 \x1b]0;title\x07 \x1b[31m',
      '\t\x1b[2JRegion 0: Memory',
      '00: 86 80 \x1b[5m',
      '',
    ].join('\n');
    const { stdout, stderr, exitCode } = run(evil);
    expect(stdout + stderr).toMatch(/^[\x20-\x7e\n\t…]*$/);
    expect(stderr).toContain('\\x1b[5m');
    expect(exitCode).toBe(2);
  });
});

describe('faults', () => {
  it('a malformed chain: all that is sane, the fault on both streams, exit code 2', () => {
    const { stdout, stderr, exitCode } = run(device().byte(0x51, 0x40).bytes);
    expect(stdout).toContain('Capabilities: [50] MSI-X');
    expect(stdout).toContain('Capabilities: [100 v1] Device Serial Number');
    const fault = 'next pointer of capability MSI-X at 50 leads back to 40: the chain loops';
    expect(stdout).toContain(fault);
    expect(stderr).toContain(fault);
    expect(exitCode).toBe(2);
  });

  it('a dump cut short', () => {
    const text = run(device().bytes, { hex: true }).stdout;
    const { stdout, stderr, exitCode } = run(text.slice(0, text.indexOf('\n70:')));
    expect(stdout).toContain('Region 0: Memory at 661002000000');
    expect(stdout).toContain('Capabilities: [50] MSI-X');
    expect(stderr).toContain('the dump ends after 112 bytes; expected 64, 256 or 4096');
    expect(exitCode).toBe(2);
  });

  it('a function without bytes is named, and nothing else is lost', () => {
    const text = `00:00.0 Bridge\n\n${run(device().bytes, { hex: true }).stdout}`;
    const { stdout, stderr, exitCode } = run(text);
    expect(stdout).toContain('3D controller');
    expect(stderr).toContain('00:00.0 (line 1): no hex lines; left out');
    expect(exitCode).toBe(2);
  });

  it('none: exit code 0, and nothing on standard error', () => {
    expect(run(device().bytes)).toMatchObject({ stderr: '', exitCode: 0 });
  });
});

describe('--json', () => {
  it('one function: fields by pci_regs.h name, sizes and addresses as strings', () => {
    expect(inspectJson([functionOf(device())])).toMatchObject({
      slot: '0009:01:00.0',
      className: '3D controller',
      headerType: 0,
      PCI_VENDOR_ID: 0x10de,
      PCI_COMMAND: 0x0406,
      PCI_BASE_ADDRESS_1: 0x6610,
      bars: [
        {
          barIdx: 0,
          kind: 'mem64',
          prefetchable: true,
          address: '0x661002000000',
          sizeBytes: '33554432',
          sizeSource: 'assumed',
        },
        { barIdx: 2, kind: 'io', address: '0xe060', sizeBytes: '32' },
      ],
      rom: { address: '0xfeb80000', enabled: false, sizeBytes: '524288', sizeSource: 'assumed' },
      capabilities: [
        { id: 1, name: 'Power Management', offset: 0x40, pmVersion: 3 },
        { id: 17, name: 'MSI-X', offset: 0x50, vectors: 3, tableBarIdx: 2, pbaOffset: '0x00000800' },
      ],
      extendedCapabilities: [{ id: 3, offset: 0x100, version: 1, serialNumber: '88-77-66-55-44-33-22-11' }],
      faults: [],
    });
  });

  it('several functions, and one document on standard output although there are faults', () => {
    const one = run(device().byte(0x51, 0x50).bytes, { hex: true }).stdout;
    const { stdout, stderr, exitCode } = run(one + one.replace('00:00.0', '00:01.0'), { json: true });
    expect(JSON.parse(stdout)).toMatchObject({
      functions: [
        { slot: '00:00.0', faults: [expect.stringContaining('points to itself')] },
        { slot: '00:01.0', faults: [expect.stringContaining('points to itself')] },
      ],
    });
    expect(stderr.trim().split('\n')).toHaveLength(2);
    expect(exitCode).toBe(2);
  });
});

it('any configuration bytes print, and are JSON', () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 4096, size: 'max' });
  fc.assert(
    fc.property(bytes, fc.constantFrom(0, 1, 2, 3), (config, type) => {
      if (config.length > 0x0e) config[0x0e] = type;
      const { bars, rom, faults } = decodeBars(config, null);
      const fn = { slot: null, configBytes: config, bars, rom, origin: 'test', faults };
      expect(renderInspect([fn], 'plain')).toMatch(/^[\x20-\x7e\n\t]+$/);
      expect(JSON.parse(JSON.stringify(inspectJson([fn])))).toHaveProperty('capabilities');
    }),
    { numRuns: 200 },
  );
});

describe.skipIf(CORPUS_IS_MISSING)(`real dumps (skipped where ${CORPUS_SKIP_REASON})`, () => {
  it('print Control and Status as lspci did', () => {
    let compared = 0;
    for (const fn of readCorpus()) {
      const text = renderInspect([fn.function], 'plain');
      for (const line of headerLinesOf(fn).filter((line) => /^(Control|Status): /.test(line))) {
        expect(text, fn.place).toContain(`\t${line}`);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThanOrEqual(84);
  });

  it('print the same when they are read back from --hex', () => {
    for (const fn of readCorpus()) {
      const { stdout } = run(run(fn.function.configBytes, { hex: true }).stdout);
      const { functions } = parseLspci(run(fn.function.configBytes, { hex: true }).stdout, 'again');
      expect(stdout).toBe(renderInspect(functions, 'plain'));
    }
  });
});
