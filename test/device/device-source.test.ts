import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DeviceSources, openPciFunction, openPciFunctions } from '../../src/device/device-source.ts';
import { UsageError } from '../../src/errors.ts';
import type { PciFunction } from '../../src/pci/function.ts';
import { formatLspciHex } from '../../src/pci/lspci-format.ts';
import { ConfigBuilder } from '../pci/config-builder.ts';

const PROFILE: PciFunction = {
  slot: null,
  configBytes: new Uint8Array(256),
  bars: [],
  rom: null,
  origin: 'profile gh200-120gb',
};
const CONFIG = new ConfigBuilder().dword(0x00, 0x234210de).dword(0x10, 0x0200000c).dword(0x14, 0x6610).bytes;

function text(...slots: readonly string[]): string {
  const fn = { configBytes: CONFIG, bars: [], rom: null, origin: '' };
  return slots.map((slot) => formatLspciHex({ ...fn, slot })).join('');
}

let folder = '';
let sources: DeviceSources;

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'barometer-device-'));
  sources = {
    profiles: (name) => (name === 'gh200-120gb' ? PROFILE : undefined),
    profileNames: ['gh200-120gb', 'generic-type0'],
    sysfsRoot: join(folder, 'sysfs'),
  };
});

afterAll(() => rmSync(folder, { recursive: true }));

function refusal(device: string): string {
  try {
    openPciFunction(device, sources);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ exitCode: 2 });
    return error instanceof Error ? error.message : '';
  }
  throw new Error(`${device} was opened`);
}

it('a profile by its name', () => {
  expect(openPciFunction('gh200-120gb', sources)).toBe(PROFILE);
});

describe('a file of lspci text', () => {
  it('of one function', () => {
    const path = file('one.txt', text('0009:01:00.0'));
    expect(openPciFunction(path, sources)).toMatchObject({ slot: '0009:01:00.0', origin: `file "${path}"` });
  });

  it('of one function, that begins with a byte order mark or holds foreign letters', () => {
    const path = file('bom.txt', `\ufeff${text('01:00.0').replace('Device', 'Société')}`);
    expect(openPciFunction(path, sources).slot).toBe('01:00.0');
  });

  it('of several: one by its slot, however spelled', () => {
    const path = file('several.txt', text('01:00.0', '0002:01:00.0'));
    expect(openPciFunctions(path, sources).functions).toHaveLength(2);
    expect(openPciFunction(`${path}#0000:01:00.0`, sources).slot).toBe('01:00.0');
    expect(openPciFunction(`${path}#0002:01:00.0`, sources).slot).toBe('0002:01:00.0');
    expect(refusal(path)).toMatch(/holds 2 functions; pick one with FILE#SLOT: 01:00.0, 0002:01:00.0/);
    expect(refusal(`${path}#03:00.0`)).toMatch(/has no function 03:00.0: it has 01:00.0, 0002:01:00.0/);
    expect(refusal(`${path}#nonsense`)).toMatch(/"nonsense" after # is no slot/);
  });

  it('of very many: the list in the message is cut', () => {
    const slots = Array.from({ length: 32 }, (_, device) => `00:${device.toString(16).padStart(2, '0')}.0`);
    expect(refusal(file('many.txt', text(...slots)))).toMatch(/00:0f\.0 and 16 more$/);
  });

  it('of two dumps of one function', () => {
    expect(refusal(file('twice.txt', text('01:00.0', '01:00.0')))).toMatch(/holds 01:00.0 2 times/);
  });

  it('with a function that has no bytes', () => {
    const path = file('dropped.txt', `00:00.0 Bridge\n\n${text('01:00.0')}`);
    expect(openPciFunctions(path, sources).faults).toEqual(['00:00.0 (line 1): no hex lines; left out']);
    expect(openPciFunction(path, sources).slot).toBe('01:00.0');
    expect(refusal(`${path}#00:00.0`)).toMatch(/no hex lines/);
  });

  it('cut short: kept for those who show it, refused as a device', () => {
    const path = file('cut.txt', text('01:00.0').split('\n').slice(0, 8).join('\n'));
    const { functions } = openPciFunctions(path, sources);
    expect(functions[0]?.faults).toEqual([expect.stringMatching(/ends after 112 bytes/)]);
    expect(refusal(path)).toMatch(/01:00.0 of file .* has only 112 bytes/);
  });

  it('of exactly 64 bytes is not taken for a raw file', () => {
    expect(refusal(file('short.txt', 'x'.repeat(64)))).toMatch(/holds no function/);
  });

  it('whose own name holds a #', () => {
    const path = file('a#01:00.0', text('02:00.0'));
    expect(openPciFunction(path, sources).slot).toBe('02:00.0');
  });
});

describe('a raw file', () => {
  it.each([64, 256, 4096])('of %i bytes', (length) => {
    const bytes = new Uint8Array(length);
    bytes.set(CONFIG.subarray(0, Math.min(length, 256)));
    const fn = openPciFunction(file('raw.bin', bytes), sources);
    expect(fn).toMatchObject({ slot: null, configBytes: bytes, faults: [] });
    expect(fn.bars).toMatchObject([{ kind: 'mem64', address: 0x6610_0200_0000n }]);
  });

  it('has no slots to pick from', () => {
    expect(refusal(`${file('raw.bin', CONFIG)}#00:00.0`)).toMatch(/it is a raw config file, without slots/);
  });

  it('of another size', () => {
    expect(refusal(file('odd.bin', new Uint8Array(100)))).toMatch(
      /neither text nor a raw config file: 100 bytes/,
    );
  });

  it('of a function that is gone', () => {
    const path = file('gone.bin', new Uint8Array(256).fill(0xff));
    expect(openPciFunctions(path, sources).functions[0]?.faults).toEqual([
      expect.stringMatching(/did not answer/),
    ]);
  });
});

describe('what is no device', () => {
  it.each([
    [
      'a misspelled profile',
      'gh200-120g',
      /neither a file nor a profile; did you mean gh200-120gb\? A device is a profile/,
    ],
    ['the beginning of a profile', 'gh200', /did you mean gh200-120gb\?/],
    [
      'a name like nothing',
      'qqqqqqqq',
      /neither a file nor a profile\. A device is a profile \(gh200-120gb, generic-type0\), FILE/,
    ],
    ['nothing', '', /^"" is neither/],
    ['a name with an escape sequence', 'a\x1b[2Jb', /"a\\x1b\[2Jb" is neither/],
    ['a name with a NUL', 'a\0b', /"a\\x00b" is neither/],
  ])('%s', (_name, device, message) => {
    expect(refusal(device)).toMatch(message);
  });

  it('a directory, an empty file, a device file', () => {
    expect(refusal(folder)).toMatch(/is a directory; expected FILE/);
    expect(refusal(file('empty', ''))).toMatch(/is empty/);
    expect(refusal('/dev/null')).toMatch(/is no regular file/);
  });
});

describe('a function of this machine', () => {
  function host(slot: string, config: Uint8Array, resource?: string): void {
    const path = join(folder, 'sysfs', slot);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'config'), config);
    if (resource !== undefined) writeFileSync(join(path, 'resource'), resource);
  }

  it('with the sizes that the kernel knows', () => {
    const none = '0x0000000000000000 0x0000000000000000 0x0000000000000000';
    const resource = [
      '0x0000661002000000 0x0000661002ffffff 0x000000000014220c',
      none,
      // Enabled for a virtual function: in no BAR, but there.
      '0x0000662000000000 0x0000663fffffffff 0x000000000014220c',
      none,
      none,
      '0x000000000000e000 0x000000000000e01f 0x0000000000040101',
      '0x00000000feb80000 0x00000000febbffff 0x0000000000046200',
      '0x00000000feb80000 0x00000000febbffff 0x0000000000046200',
    ].join('\n');
    host('0009:01:00.0', CONFIG, `${resource}\n`);
    expect(openPciFunction('host:0009:01:00.0', sources)).toMatchObject({
      slot: '0009:01:00.0',
      origin: 'host 0009:01:00.0',
      bars: [
        { barIdx: 0, kind: 'mem64', prefetchable: true, sizeBytes: 1n << 24n, sizeSource: 'sysfs' },
        { barIdx: 2, kind: 'mem64', prefetchable: true, address: 0n, sizeBytes: 1n << 37n },
        { barIdx: 5, kind: 'io', sizeBytes: 32n },
      ],
      rom: { sizeBytes: 1n << 18n, sizeSource: 'sysfs' },
    });
  });

  it('by its short slot, without a resource file, with the 64 bytes that anybody may read', () => {
    host('0000:00:02.0', CONFIG.slice(0, 64));
    expect(openPciFunction('host:00:02.0', sources).bars).toMatchObject([{ sizeSource: 'assumed' }]);
  });

  it('that is not there, is no slot, or gives no whole config', () => {
    host('0000:00:03.0', new Uint8Array(17));
    expect(refusal('host:00:1f.7')).toMatch(/no function 0000:00:1f.7 in .*lspci -D/);
    expect(refusal('host:../../etc')).toMatch(/after host: is no slot/);
    expect(refusal('host:00:03.0')).toMatch(/gave 17 bytes/);
  });
});
