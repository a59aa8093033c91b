/**
 * One PCI function as it is known from outside: its configuration bytes and what is known of its BAR sizes.
 * A configuration space dump holds no BAR size, so every size says where it comes from.
 */

/** How a BAR's size is known, most trustworthy first. `resizable-bar` is the size that its capability says is set. */
export type SizeSource = 'profile' | 'sysfs' | 'vfio' | 'decoded-text' | 'resizable-bar' | 'assumed';

/** `mem64` takes two dwords; `mem32` includes the obsolete below-1-MiB type. */
export type BarKind = 'io' | 'mem32' | 'mem64';

export interface Bar {
  /** 0 to 5; a 64-bit BAR has the index of its lower dword. */
  readonly barIdx: number;
  readonly kind: BarKind;
  readonly prefetchable: boolean;
  /** Address in the BAR, flag bits removed; 0 where nothing was assigned. */
  readonly address: bigint;
  readonly sizeBytes: bigint;
  readonly sizeSource: SizeSource;
}

export interface Rom {
  readonly address: bigint;
  readonly sizeBytes: bigint;
  readonly enabled: boolean;
  readonly sizeSource: SizeSource;
}

export interface PciFunction {
  /** `DDDD:BB:DD.F` or `BB:DD.F`, as its source wrote it; null for a raw file or a profile without one. */
  readonly slot: string | null;
  /**
   * Little endian as on the bus: 64, 256 or 4096 bytes, or 128 for a CardBus bridge (`lspci -x` shows its longer
   * header). Fewer only where `faults` says that the source was cut short.
   */
  readonly configBytes: Uint8Array;
  /** Implemented BARs in ascending `barIdx`. */
  readonly bars: readonly Bar[];
  readonly rom: Rom | null;
  /** Where this came from, for messages: `profile gh200-120gb`, `file x.txt`, `host 0000:00:02.0`. */
  readonly origin: string;
  /** What was malformed in the source or in its header and BARs; absent or empty for a sane one. */
  readonly faults?: readonly string[];
}
