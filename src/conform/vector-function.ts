import { UsageError } from '../errors.ts';
import type { Bar, BarKind, PciFunction } from '../pci/function.ts';
import { BAR_TEXT, type BarList, barType, type Fields } from './device-fields.ts';

const BAR_KINDS: Readonly<Record<string, { kind: BarKind; prefetchable: boolean }>> = {
  io: { kind: 'io', prefetchable: false },
  mem32: { kind: 'mem32', prefetchable: false },
  mem32p: { kind: 'mem32', prefetchable: true },
  mem64: { kind: 'mem64', prefetchable: false },
  mem64p: { kind: 'mem64', prefetchable: true },
};

const word = (text: string) => Number.parseInt(text, 16);
const UNIT_BYTES: Readonly<Record<string, number>> = { ' KiB': 2 ** 10, ' MiB': 2 ** 20, ' GiB': 2 ** 30 };

const PCI_STATUS_CAP_LIST = 0x10;
const FIRST_EXTENDED = 0x100;
const HEADER_BYTES = 4;

/**
 * The PCI function that the fields describe.
 * @throws UsageError where they contradict each other
 */
export function pciFunction(fields: Fields): PciFunction {
  const bars = barsOf({ ...fields.phys_bars, ...fields.bars, ...barsInWords(fields) });
  return {
    slot: null,
    configBytes: configBytes(fields),
    bars,
    rom: fields.rom ? { address: 0n, sizeBytes: fields.rom, enabled: false, sizeSource: 'profile' } : null,
    origin: 'the vector',
  };
}

function barsInWords(fields: Fields): BarList {
  const bars: BarList = {};
  for (const [barIdx, text] of [
    fields.bar0,
    fields.bar1,
    fields.bar2,
    fields.bar3,
    fields.bar4,
    fields.bar5,
  ].entries()) {
    const [, type, size, unit = ''] = BAR_TEXT.exec(text ?? '') ?? [];
    const physical = barType.safeParse(type);
    if (!physical.success) continue;
    bars[barIdx] = { type: physical.data, size: BigInt(Number(size) * (UNIT_BYTES[unit] ?? 1)) };
  }
  return bars;
}

/** Given BARs are implemented, although their address may be 0. */
function barsOf(list: BarList): Bar[] {
  const bars = Object.entries(list).map(([barIdx, { type, size, addr = 0n }]): Bar => {
    return {
      barIdx: Number(barIdx),
      ...BAR_KINDS[type]!,
      address: addr,
      sizeBytes: size,
      sizeSource: 'profile',
    };
  });
  for (const bar of bars) {
    const name = `BAR ${bar.barIdx}`;
    if (bar.kind === 'mem64' && bar.barIdx === 5)
      throw new UsageError(`${name} is 64-bit; expected index 0 to 4`);
    if (bar.kind === 'mem64' && bars.some((other) => other.barIdx === bar.barIdx + 1)) {
      throw new UsageError(`${name} is 64-bit and another BAR is in its upper dword; expected one of them`);
    }
    if (bar.kind !== 'io' && bar.sizeBytes < 16n) {
      throw new UsageError(`${name} is a memory BAR of ${bar.sizeBytes} bytes; expected 16 or more`);
    }
  }
  return bars;
}

function configBytes(fields: Fields): Uint8Array {
  const bytes = new Uint8Array(Number(fields.cfg_size ?? 256n));
  const view = new DataView(bytes.buffer);
  const [subsystemVendor = 0, subsystem = 0] = fields.subsystem?.split(':').map(word) ?? [];
  view.setUint16(0x00, fields.vendor ?? 0, true);
  view.setUint16(0x02, fields.device ?? 0, true);
  view.setUint16(0x04, fields.command ?? 0, true);
  view.setUint16(0x06, fields.status ?? 0, true);
  view.setUint32(0x08, ((fields.class_code ?? 0) << 8) | (fields.revision ?? 0), true);
  view.setUint16(0x2c, subsystemVendor, true);
  view.setUint16(0x2e, subsystem, true);
  view.setUint8(0x3d, fields.interrupt_pin ?? 0);
  writeCapabilities(view, fields.capabilities ?? []);
  return bytes;
}

/** Links the capabilities in the order given, standard ones from 0x34 on, extended ones from 0x100 on. */
function writeCapabilities(view: DataView, capabilities: NonNullable<Fields['capabilities']>): void {
  let pointer = 0x34;
  let previousExtended = 0;
  for (const capability of capabilities) {
    const offset = Number(capability.offset);
    const length = Number(capability.length);
    const end = offset + Math.max(length, HEADER_BYTES);
    if (offset < 0x40 || offset % 4 !== 0 || end > view.byteLength) {
      throw new UsageError(
        `a capability at 0x${offset.toString(16)} was given; expected a dword from 0x40 on, inside configuration space`,
      );
    }
    if (offset >= FIRST_EXTENDED) {
      view.setUint32(offset, (1 << 16) | capability.id, true);
      if (previousExtended !== 0) view.setUint16(previousExtended + 2, (offset << 4) | 1, true);
      previousExtended = offset;
      writeExtendedLength(view, capability.id, offset, length);
      continue;
    }
    view.setUint8(0x06, view.getUint8(0x06) | PCI_STATUS_CAP_LIST);
    view.setUint8(pointer, offset);
    view.setUint8(offset, capability.id);
    writeLength(view, capability.id, offset, length);
    pointer = offset + 1;
  }
}

const PCI_CAP_ID_MSI = 0x05;
const PCI_CAP_ID_VNDR = 0x09;
const PCI_CAP_ID_EXP = 0x10;

/**
 * Makes an MSI, vendor-specific or PCI Express capability as long as it is said to be: their length depends on
 * their contents (specification 2.7). Others of that kind (PCI-X, HyperTransport, SATA) have the length that zeros mean.
 */
function writeLength(view: DataView, id: number, offset: number, length: number): void {
  if (id === PCI_CAP_ID_VNDR) view.setUint8(offset + 2, length);
  if (id === PCI_CAP_ID_EXP) view.setUint16(offset + 2, length <= 0x14 ? 1 : 2, true);
  if (id === PCI_CAP_ID_MSI) {
    const wide = length === 14 || length === 24 ? 0x80 : 0;
    view.setUint16(offset + 2, wide | (length >= 20 ? 0x100 : 0), true);
  }
}

const PCI_EXT_CAP_ID_VNDR = 0x0b;
const PCI_EXT_CAP_ID_REBAR = 0x15;
const PCI_EXT_CAP_ID_DVSEC = 0x23;

/**
 * The same for extended capabilities: vendor-specific ones (0x0b, 0x23) hold their length, Resizable BAR its number
 * of BARs, 8 bytes each. One that is too short for the field stays without it.
 */
function writeExtendedLength(view: DataView, id: number, offset: number, length: number): void {
  const holdsLength = id === PCI_EXT_CAP_ID_VNDR || id === PCI_EXT_CAP_ID_DVSEC;
  if (holdsLength && length >= 8) view.setUint32(offset + 4, length << 20, true);
  if (id === PCI_EXT_CAP_ID_REBAR && length >= 12) {
    view.setUint32(offset + 8, Math.floor((length - HEADER_BYTES) / 8) << 5, true);
  }
}
