/** Little-endian reads of configuration bytes, in pciutils' words: byte, word, dword ("long" there). */

/** Whether `lengthBytes` from `offset` are all there. The reads below do not check. */
export function holds(config: Uint8Array, offset: number, lengthBytes: number): boolean {
  return offset >= 0 && offset + lengthBytes <= config.length;
}

export function readByte(config: Uint8Array, offset: number): number {
  return config[offset]!;
}

export function readWord(config: Uint8Array, offset: number): number {
  return config[offset]! | (config[offset + 1]! << 8);
}

/** Unsigned: `>>> 0` because a JavaScript shift is signed. */
export function readDword(config: Uint8Array, offset: number): number {
  return (readWord(config, offset) | (readWord(config, offset + 2) << 16)) >>> 0;
}

/** The field `bits` wide that starts at bit `lsb`. */
export function bitField(value: number, lsb: number, bits: number): number {
  return (value >>> lsb) & (2 ** bits - 1);
}

export function bit(value: number, index: number): boolean {
  return bitField(value, index, 1) === 1;
}
