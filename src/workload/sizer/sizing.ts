/** What a consumer of PCI devices concludes about the BARs of a function, and how it is asked. */

import type { BarKind } from '../../pci/function.ts';
import type { ConfigPort } from './config-port.ts';

/** Index by which the expansion ROM goes among the BARs, as VFIO numbers it. */
export const ROM_BAR_IDX = 6;

/** One BAR as a consumer takes it to be. */
export interface SizedBar {
  /** 0 to 5; 6 is the expansion ROM. */
  readonly barIdx: number;
  readonly kind: BarKind | 'rom';
  readonly prefetchable: boolean;
  /** As computed: an odd register gives odd sizes. */
  readonly sizeBytes: bigint;
}

/** A register that answered, but that the consumer makes no BAR of. */
export interface UnsizedBar {
  readonly barIdx: number;
  readonly why: string;
}

export interface Sizing {
  /** In the order in which the consumer finds them. */
  readonly bars: readonly SizedBar[];
  readonly unsized: readonly UnsizedBar[];
  /** Why the consumer gives the device up; null where it goes on. */
  readonly failure: string | null;
}

/** What a consumer knows of a function before it sizes it. */
export interface SizedFunction {
  /** 0, 1 or 2: bits 6:0 of PCI_HEADER_TYPE. */
  readonly headerType: number;
  /** Sizes of VFIO regions 0 to 5, as VFIO_DEVICE_GET_REGION_INFO tells them; 0 for none. */
  readonly regionBytes: readonly bigint[];
}

/** A consumer's own way to size BARs. */
export interface Sizer {
  readonly name: string;
  readonly summary: string;
  /** Layouts that it sizes. */
  readonly headerTypes: readonly number[];
  /** Accesses the registers exactly as the consumer does. */
  size(port: ConfigPort, fn: SizedFunction): Sizing;
}

/** Collects the conclusions of one sizing. */
export class SizingBuilder implements Sizing {
  readonly bars: SizedBar[] = [];
  readonly unsized: UnsizedBar[] = [];
  failure: string | null = null;

  /** A size of 0 is no BAR: `whyNone` says why, or null where the register is simply not implemented. */
  add(bar: SizedBar, whyNone: string | null = null): void {
    if (bar.sizeBytes !== 0n) this.bars.push(bar);
    else if (whyNone !== null) this.unsized.push({ barIdx: bar.barIdx, why: whyNone });
  }
}
