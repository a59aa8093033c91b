/** What a type 1 bridge forwards to its secondary bus (PCI-to-PCI bridge specification 3.2.5). */

export interface BridgeWindow {
  readonly base: bigint;
  /** Last address of the window. Below `base` where the window is closed. */
  readonly limit: bigint;
}

export interface BridgeWindows {
  readonly io: BridgeWindow;
  readonly memory: BridgeWindow;
  readonly prefetchable: BridgeWindow;
}

/** Granularity of the windows: 4 KiB of ports, 1 MiB of memory. */
const IO_LOW_BITS = 0xfffn;
const MEMORY_LOW_BITS = 0xfffffn;
/** Low nibble of base and limit: 1 says that the upper half counts. */
const RANGE_TYPE = 0xf;
const WIDE = 1;

function memoryWindow(
  base: number,
  limit: number,
  upper: readonly [base: number, limit: number],
): BridgeWindow {
  const address = (register: number, high: number) =>
    (BigInt(high) << 32n) | (BigInt(register & ~RANGE_TYPE & 0xffff) << 16n);
  return { base: address(base, upper[0]), limit: address(limit, upper[1]) | MEMORY_LOW_BITS };
}

/** Null unless all registers of the windows are among the header's fields. */
export function bridgeWindows(fields: Readonly<Record<string, number>>): BridgeWindows | null {
  const { PCI_IO_BASE: ioBase, PCI_IO_LIMIT: ioLimit, PCI_PREF_MEMORY_BASE: prefBase = 0 } = fields;
  const { PCI_IO_BASE_UPPER16: ioBaseHigh = 0, PCI_IO_LIMIT_UPPER16: ioLimitHigh = 0 } = fields;
  // The last register of the windows: where it is there, all are.
  if (ioBase === undefined || ioLimit === undefined || fields.PCI_IO_LIMIT_UPPER16 === undefined) return null;

  const isWideIo = (ioBase & RANGE_TYPE) === WIDE;
  const port = (register: number, high: number) =>
    (isWideIo ? BigInt(high) << 16n : 0n) | (BigInt(register & ~RANGE_TYPE) << 8n);
  const isWidePref = (prefBase & RANGE_TYPE) === WIDE;
  const { PCI_PREF_BASE_UPPER32: prefBaseHigh = 0, PCI_PREF_LIMIT_UPPER32: prefLimitHigh = 0 } = fields;
  return {
    io: { base: port(ioBase, ioBaseHigh), limit: port(ioLimit, ioLimitHigh) | IO_LOW_BITS },
    memory: memoryWindow(fields.PCI_MEMORY_BASE ?? 0, fields.PCI_MEMORY_LIMIT ?? 0, [0, 0]),
    prefetchable: memoryWindow(
      prefBase,
      fields.PCI_PREF_MEMORY_LIMIT ?? 0,
      isWidePref ? [prefBaseHigh, prefLimitHigh] : [0, 0],
    ),
  };
}
