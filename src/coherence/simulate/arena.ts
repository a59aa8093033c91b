/** Memory handed out from its beginning, and what is to be written into it when it is there. */
export class Arena {
  private end = 0;
  private readonly writes: ((memory: DataView) => void)[] = [];

  get byteLength(): number {
    return this.end;
  }

  /** Address of so many bytes, which begin at a multiple of 64. */
  take(bytes: number): number {
    const at = this.end;
    this.end = at + Math.ceil(bytes / 64) * 64;
    return at;
  }

  word(at: number, value: number): void {
    this.writes.push((memory) => memory.setUint32(at, value, true));
  }

  float(at: number, value: number): void {
    this.writes.push((memory) => memory.setFloat64(at, value, true));
  }

  fill(write: (memory: DataView) => void): void {
    this.writes.push(write);
  }

  words(values: readonly number[]): number {
    const at = this.take(4 * values.length);
    for (const [i, value] of values.entries()) this.word(at + 4 * i, value);
    return at;
  }

  /** @param memory all zeros */
  writeTo(memory: DataView): void {
    for (const write of this.writes) write(memory);
  }
}
