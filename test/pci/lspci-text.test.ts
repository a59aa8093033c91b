import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import type { PciFunction } from '../../src/pci/function.ts';
import { formatLspciHex } from '../../src/pci/lspci-format.ts';
import { looksLikeLspci, parseLspci } from '../../src/pci/lspci-text.ts';
import { ConfigBuilder } from './config-builder.ts';
import { CORPUS_IS_MISSING, CORPUS_SKIP_REASON, corpusTexts } from './lspci-corpus.ts';

const LINE = '00 11 00 00 00 55 00 00 00 99 00 00 00 cc 00 00';

function hexLines(count: number): string[] {
  return Array.from(
    { length: count },
    (_, lineIdx) => `${(16 * lineIdx).toString(16).padStart(2, '0')}: ${LINE}`,
  );
}

function parseOne(text: string): PciFunction {
  const { functions } = parseLspci(text, 'test');
  expect(functions).toHaveLength(1);
  return functions[0]!;
}

describe('what lspci writes', () => {
  it.each([
    ['-x', 4],
    ['-xxx', 16],
    ['-xxxx', 256],
  ])('%s', (_option, lineCount) => {
    const fn = parseOne(['00:02.0 Name', ...hexLines(lineCount), '', ''].join('\n'));
    expect(fn).toMatchObject({ slot: '00:02.0', faults: [] });
    expect(fn.configBytes).toHaveLength(16 * lineCount);
    expect([...fn.configBytes.slice(0, 3)]).toEqual([0x00, 0x11, 0x00]);
  });

  it('-x of a CardBus bridge, which has 128 bytes', () => {
    const { bytes } = new ConfigBuilder(128).headerType(2);
    expect(parseOne(formatLspciHex(bare(bytes)))).toMatchObject({ configBytes: bytes, faults: [] });
  });

  it.each([
    ['carriage returns', (text: string) => text.replaceAll('\n', '\r\n')],
    ['trailing blanks and tabs', (text: string) => text.replaceAll('\n', ' \t\n')],
    ['no last newline', (text: string) => text.trimEnd()],
    ['upper case', (text: string) => text.toUpperCase()],
    ['text around it', (text: string) => `$ sudo lspci -xxx\n${text}\n$ exit\n`],
    ['blank lines inside', (text: string) => text.replaceAll('\n', '\n\n')],
  ])('with %s', (_name, change) => {
    const text = ['0001:e1:1f.7 Name', ...hexLines(16), ''].join('\n');
    expect(parseOne(change(text))).toMatchObject({ configBytes: parseOne(text).configBytes, faults: [] });
  });

  it.each(['00:02.0', '0000:00:02.0', '10000:e1:00.0', '00:02.0 "VGA" "Intel"'])('slot %s', (header) => {
    expect(parseOne([header, ...hexLines(4)].join('\n')).slot).toBe(header.split(' ')[0]);
  });

  it('the slot of lspci -vmm', () => {
    expect(parseOne(['Slot:\t00:02.0', 'Class:\tVGA', ...hexLines(4)].join('\n')).slot).toBe('00:02.0');
  });

  it('many functions; those without hex lines are named', () => {
    const text = [
      '00:00.0 A',
      ...hexLines(4),
      '00:01.0 B',
      '\tControl: I/O-',
      '00:02.0 C',
      ...hexLines(4),
    ].join('\n');
    const { functions, dropped } = parseLspci(text, 'test');
    expect(functions.map(({ slot }) => slot)).toEqual(['00:00.0', '00:02.0']);
    expect(dropped).toEqual([{ slot: '00:01.0', fault: '00:01.0 (line 6): no hex lines; left out' }]);
  });
});

describe('sizes beside the bytes', () => {
  const config = new ConfigBuilder()
    .dword(0x10, 0x0000c061)
    .dword(0x14, 0x0000000c)
    .dword(0x18, 0x6620)
    .dword(0x30, 0xfeb80000).bytes;
  const hex = formatLspciHex(bare(config)).split('\n').slice(1);

  function sizes(...lines: readonly string[]): unknown[] {
    const { bars, rom } = parseOne(['00:02.0 Name', ...lines.map((line) => `\t${line}`), ...hex].join('\n'));
    return [...bars, ...(rom === null ? [] : [rom])].map(({ sizeBytes, sizeSource }) =>
      sizeSource === 'assumed' ? 'assumed' : sizeBytes,
    );
  }

  it('-vv numbers its regions', () => {
    expect(
      sizes(
        'Region 0: I/O ports at c060 [disabled] [size=32]',
        'Region 1: Memory at 662000000000 (64-bit, prefetchable) [size=128G]',
        'Expansion ROM at feb80000 [disabled] [size=256K]',
      ),
    ).toEqual([32n, 1n << 37n, 1n << 18n]);
  });

  it('-v does not: the address tells', () => {
    expect(
      sizes('Memory at 662000000000 (64-bit, prefetchable) [size=64G]', 'I/O ports at c060 [size=8]'),
    ).toEqual([8n, 1n << 36n, 'assumed']);
  });

  it('lines without a size, and lines of virtual functions, say nothing', () => {
    expect(
      sizes(
        'Region 0: I/O ports at c060',
        'Capabilities: [160] Single Root I/O Virtualization (SR-IOV)',
        '\tRegion 1: Memory at 00000000c8000000 (64-bit, prefetchable) [size=16K]',
      ),
    ).toEqual(['assumed', 'assumed', 'assumed']);
  });

  it('a virtual region is known from the text alone', () => {
    const zeros = formatLspciHex(bare(new Uint8Array(64)))
      .split('\n')
      .slice(1);
    const lines = [
      '\tRegion 0: Memory at f0000000 (64-bit, prefetchable) [virtual] [size=16K]',
      '\tRegion 2: [virtual] Memory at f1000000 (32-bit, non-prefetchable) [disabled] [size=4K]',
      '\tExpansion ROM at 000c0000 [virtual] [disabled] [size=128K]',
    ];
    const { bars, rom } = parseOne(['00:02.0 Name', ...lines, ...zeros].join('\n'));
    expect(bars).toMatchObject([
      { barIdx: 0, kind: 'mem64', prefetchable: true, address: 0n, sizeBytes: 1n << 14n },
      { barIdx: 2, kind: 'mem32', prefetchable: false, address: 0n, sizeBytes: 1n << 12n },
    ]);
    expect(rom).toMatchObject({ address: 0n, sizeBytes: 1n << 17n, enabled: false });
  });
});

describe('malformed text', () => {
  const good = hexLines(16);
  const swapped = [...good.slice(0, 2), good[3]!, good[2]!, ...good.slice(4)];

  it.each([
    [
      'a repeated line',
      [...good.slice(0, 3), good[2]!, ...good.slice(3)],
      256,
      /line 5: offset 20 is a repetition; expected 30/,
    ],
    ['lines in another order', swapped, 256, /line 4: offset 30 follows 20; expected 20/],
    ['a missing line', [...good.slice(0, 2), ...good.slice(3)], 32, /bytes from 20 on are missing/],
    ['a missing end', good.slice(0, 6), 96, /ends after 96 bytes; expected 64, 256 or 4096/],
    ['a half line', [...good.slice(0, 6), '60: 00 11 22 33'], 100, /ends after 100 bytes/],
    ['a half byte', [...good.slice(0, 6), '60: 00 1'], 97, /line 8: "1" at 61 is not two hex digits/],
    [
      'another alphabet',
      [...good.slice(0, 5), '50: zz \x1b[31m', ...good.slice(6)],
      80,
      /line 7: "zz" at 50/,
    ],
    ['an empty line of bytes', [...good.slice(0, 4), '40:'], 64, /line 6: no bytes after 40:/],
    ['a contradiction', [...good, '00: ff'], 256, /byte 00 is ff, but was 00 before; the first is taken/],
    ['too much', [...good, '1000: 00'], 256, /offset 1000 is past the end/],
  ])('%s: keeps what is sane, and names it with its line', (_name, lines, length, fault) => {
    const fn = parseOne(['00:02.0 Name', ...lines].join('\n'));
    expect(fn.configBytes).toHaveLength(length);
    expect(fn.faults).toEqual(expect.arrayContaining([expect.stringMatching(fault)]));
  });

  it('a lost header line does not flood the reader', () => {
    const fn = parseOne(
      ['00:02.0 Name', ...good, ...good.map((line) => line.replaceAll('11', '12'))].join('\n'),
    );
    expect(fn.configBytes).toHaveLength(256);
    expect(fn.faults?.length).toBeLessThan(12);
  });

  it.each([
    ['nothing', '', /is empty/],
    ['blanks', ' \n\t\n', /is empty/],
    ['prose', 'To whom it may concern', /holds no function; expected the output of lspci -xxx/],
    ['hex without a function', hexLines(4).join('\n'), /holds no function/],
    ['a function without hex', '00:02.0 VGA', /no hex lines; left out; print them with lspci -xxx/],
    ['a function with garbage alone', '00:02.0 VGA\n00: xx', /"xx" at 00 is not two hex digits/],
  ])('%s cannot be read at all', (_name, text, message) => {
    expect(() => parseLspci(text, 'test')).toThrow(UsageError);
    expect(() => parseLspci(text, 'test')).toThrow(message);
  });

  it('tells lspci text from other text', () => {
    expect(looksLikeLspci('x\n0000:00:02.0 VGA')).toBe(true);
    expect(looksLikeLspci('00: 86 80\n00:02.9 VGA\n 00:02.0 VGA')).toBe(false);
  });
});

function bare(configBytes: Uint8Array): PciFunction {
  return { slot: '00:02.0', configBytes, bars: [], rom: null, origin: 'test' };
}

describe('formatLspciHex', () => {
  it('writes the sizes that it knows, and no guess', () => {
    const fn = parseOne(
      [
        '00:02.0 X',
        '\tRegion 0: I/O ports at c060 [size=32]',
        ...formatLspciHex(bare(new ConfigBuilder(64).dword(0x10, 0xc061).dword(0x14, 0xfeb80000).bytes))
          .split('\n')
          .slice(1),
      ].join('\n'),
    );
    expect(formatLspciHex(fn).split('\n').slice(0, 4)).toEqual([
      '00:02.0 Non-VGA unclassified device: Device 0000:0000',
      '\tRegion 0: I/O ports at c060 [size=32]',
      '\tRegion 1: Memory at feb80000 (32-bit, non-prefetchable)',
      '00: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00',
    ]);
  });

  it('is read back as it was: bytes, BARs, sizes', () => {
    const length = fc.constantFrom(64, 256, 4096);
    const config = length.chain((size) => fc.uint8Array({ minLength: size, maxLength: size }));
    fc.assert(
      fc.property(config, fc.constantFrom(0, 1, 2), (bytes, type) => {
        bytes[0x0e] = type;
        const text = formatLspciHex(bare(bytes));
        const fn = parseOne(text);
        expect(fn.configBytes).toEqual(bytes);
        expect(parseOne(formatLspciHex(fn))).toEqual(fn);
      }),
      { numRuns: 60 },
    );
  });

  it.skipIf(CORPUS_IS_MISSING)(
    `of real dumps is read back with every size (skipped where ${CORPUS_SKIP_REASON})`,
    () => {
      for (const { file, text } of corpusTexts()) {
        const { functions } = parseLspci(text, file);
        expect(parseLspci(functions.map(formatLspciHex).join(''), file).functions).toEqual(functions);
      }
    },
  );
});

describe('any text', () => {
  function survives(text: string): void {
    try {
      parseLspci(text, 'test');
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
    }
  }

  it('gives functions or a UsageError', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '00:02.0 X',
        '0000:00:02.0',
        '\tRegion 0: Memory at 0 (64-bit, prefetchable) [size=9999T]',
        '',
      ),
      fc.constantFrom(
        '00: 00',
        '10: 01',
        `00: ${LINE}`,
        'ffff: 00',
        '00: 0',
        '\t[virtual] Expansion ROM at <x> [size=0]',
      ),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => survives(lines.join('\n'))),
      { numRuns: 500 },
    );
  });

  it('gives functions or a UsageError when mutated at any place', () => {
    const text = ['00:02.0 X', '\tRegion 0: I/O ports at c060 [size=32]', ...hexLines(16), ''].join('\n');
    const cut = fc.record({
      at: fc.nat(text.length),
      count: fc.nat(40),
      insert: fc.string({ maxLength: 8 }),
    });
    fc.assert(
      fc.property(cut, ({ at, count, insert }) =>
        survives(text.slice(0, at) + insert + text.slice(at + count)),
      ),
      { numRuns: 500 },
    );
  });
});
