/**
 * ZigZag LEB128-64b9B, the integers of HdrHistogram V2: seven bits a byte, lowest first, the top bit set where another
 * byte follows. The ninth byte holds eight bits and is the last, so 64 bits take 9 bytes (plain LEB128 takes 10).
 * ZigZag puts the sign into bit 0: 0, -1, 1, -2 become 0, 1, 2, 3.
 */

const LAST_BYTE_IDX = 8;

/** Appends `value`, a whole number of magnitude below 2^53. */
export function writeZigZag(bytes: number[], value: number): void {
  let rest = value >= 0 ? BigInt(value) * 2n : BigInt(value) * -2n - 1n;
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
}

/** The number that begins at `at`, and where the next one does; null where the bytes end before it does. */
export function readZigZag(bytes: Uint8Array, at: number): { value: bigint; next: number } | null {
  let raw = 0n;
  for (let idx = 0; at + idx < bytes.length; idx++) {
    const byte = bytes[at + idx]!;
    const isLast = idx === LAST_BYTE_IDX || byte < 0x80;
    raw |= BigInt(isLast ? byte : byte & 0x7f) << BigInt(7 * idx);
    if (isLast) return { value: (raw >> 1n) ^ -(raw & 1n), next: at + idx + 1 };
  }
  return null;
}
