/** Copies that choose their strategy by size and alignment, on one view of the whole memory. */
export function copyBytes(u8: Uint8Array, destination: number, source: number, count: number): void {
  u8.copyWithin(destination, source, source + count);
}

export function fillBytes(u8: Uint8Array, destination: number, byte: number, count: number): void {
  u8.fill(byte, destination, destination + count);
}
