import { formatBytes } from '../../units.ts';

/** Sizes up to 2^64, exact: those beyond 2^53 in PiB or as hexadecimal bytes. */
export function formatSize(sizeBytes: bigint): string {
  if (sizeBytes <= BigInt(Number.MAX_SAFE_INTEGER)) return formatBytes(Number(sizeBytes));
  const pib = sizeBytes >> 50n;
  return pib << 50n === sizeBytes ? `${pib} PiB` : `0x${sizeBytes.toString(16)} B`;
}
