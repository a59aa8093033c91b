import { describe, expect, it } from 'vitest';
import { bridgeWindows } from '../../src/pci/bridge-windows.ts';
import { decodeHeader, headerFaults, isWholeConfig } from '../../src/pci/header.ts';
import { ConfigBuilder } from './config-builder.ts';

describe('decodeHeader', () => {
  it('type 0, at every width', () => {
    const { bytes } = new ConfigBuilder(64)
      .dword(0x00, 0x234210de)
      .byte(0x08, 0xa1)
      .headerType(0x80)
      .dword(0x10, 0xfffffff0)
      .dword(0x2c, 0x16eb10de);
    const header = decodeHeader(bytes);
    expect(header).toMatchObject({ type: 0, isMultifunction: true });
    expect(header.fields).toMatchObject({
      PCI_VENDOR_ID: 0x10de,
      PCI_DEVICE_ID: 0x2342,
      PCI_REVISION_ID: 0xa1,
      PCI_BASE_ADDRESS_0: 0xfffffff0,
      PCI_SUBSYSTEM_VENDOR_ID: 0x10de,
      PCI_SUBSYSTEM_ID: 0x16eb,
    });
  });

  it('type 1 has two BARs and buses, type 2 one BAR and a pointer at 14', () => {
    const bridge = decodeHeader(new ConfigBuilder().headerType(1).byte(0x18, 1, 2, 3).bytes).fields;
    expect(bridge).toMatchObject({ PCI_PRIMARY_BUS: 1, PCI_SECONDARY_BUS: 2, PCI_SUBORDINATE_BUS: 3 });
    expect(bridge).not.toHaveProperty('PCI_BASE_ADDRESS_2');
    const cardbus = decodeHeader(new ConfigBuilder().headerType(2).byte(0x14, 0xa0).bytes).fields;
    expect(cardbus).toMatchObject({ PCI_CB_CAPABILITY_LIST: 0xa0 });
    expect(cardbus).not.toHaveProperty('PCI_BASE_ADDRESS_1');
  });

  it('leaves out what the bytes end before', () => {
    const { fields } = decodeHeader(new Uint8Array(3));
    expect(fields).toEqual({ PCI_VENDOR_ID: 0 });
  });

  it('a reserved type keeps the common fields and is named', () => {
    const { bytes } = new ConfigBuilder().headerType(0x05);
    expect(decodeHeader(bytes).fields).not.toHaveProperty('PCI_BASE_ADDRESS_0');
    expect(headerFaults(bytes)).toEqual([expect.stringContaining('header type at 0e is 05')]);
    expect(headerFaults(new Uint8Array(64).fill(0xff))).toEqual([expect.stringContaining('did not answer')]);
  });
});

it('knows the lengths that a configuration space is read in', () => {
  expect([64, 256, 4096].map((length) => isWholeConfig(new Uint8Array(length)))).toEqual([true, true, true]);
  expect([0, 63, 100, 128, 4095].some((length) => isWholeConfig(new Uint8Array(length)))).toBe(false);
  expect(isWholeConfig(new ConfigBuilder(128).headerType(2).bytes)).toBe(true);
});

it('decodes bridge windows, with and without their upper halves', () => {
  const builder = new ConfigBuilder().headerType(1);
  builder.byte(0x1c, 0x31, 0x41).word(0x30, 0x0001).word(0x32, 0x0001);
  builder.word(0x20, 0xf110).word(0x22, 0xf110);
  builder.word(0x24, 0x0001).word(0x26, 0xfff1).dword(0x28, 0x38).dword(0x2c, 0x38);
  expect(bridgeWindows(decodeHeader(builder.bytes).fields)).toEqual({
    io: { base: 0x13000n, limit: 0x14fffn },
    memory: { base: 0xf1100000n, limit: 0xf11fffffn },
    prefetchable: { base: 0x3800000000n, limit: 0x38ffffffffn },
  });
  expect(bridgeWindows({})).toBeNull();
});
