/** The one place of configuration space that says a BAR's size: the Resizable BAR capability. */

import { decodeExtendedCapabilities } from './capabilities.ts';
import { PCI_EXT_CAP_ID_REBAR } from './registers.ts';
import { decodeResizableBars } from './resizable-bar-details.ts';

/** Size that is set, by BAR index; empty without the capability. A size that is not supported is not believed. */
export function resizableBarSizes(config: Uint8Array): ReadonlyMap<number, bigint> {
  const entry = decodeExtendedCapabilities(config).entries.find(({ id }) => id === PCI_EXT_CAP_ID_REBAR);
  if (entry === undefined) return new Map();
  const believed = decodeResizableBars(config, entry.offset).filter(
    ({ currentSizeBytes, supportedSizesBytes }) => supportedSizesBytes.includes(currentSizeBytes),
  );
  return new Map(believed.map(({ barIdx, currentSizeBytes }) => [barIdx, BigInt(currentSizeBytes)]));
}
