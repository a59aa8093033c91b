/** What is known of a function's regions beside its configuration bytes, which hold no size. */

import type { BarKind, SizeSource } from './function.ts';

export interface KnownRegion {
  readonly kind: BarKind;
  readonly prefetchable: boolean;
  /** Null where the source names the region without its size. */
  readonly sizeBytes: bigint | null;
}

export interface KnownRegions {
  readonly source: Exclude<SizeSource, 'resizable-bar' | 'assumed'>;
  /** By index of the (lower) BAR. */
  readonly bars: ReadonlyMap<number, KnownRegion>;
  /** Null where the source names no expansion ROM. */
  readonly rom: { readonly sizeBytes: bigint | null } | null;
}
