/**
 * Accesses to regions, read from the bytes of a line: the form that nearly all lines of a long log have. What has another
 * one, malformed or not, is left to `parseLogLine`, which says the same of this one.
 */

export interface RegionAccess {
  isWrite: boolean;
  regionIndex: number;
  /** Bytes, below 2^52. */
  offset: number;
  widthBytes: number;
}

const bytesOf = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const READ = bytesOf('vfio_region_read  (');
const WRITE = bytesOf('vfio_region_write  (');
const REGION = bytesOf(':region');
const PLUS_0X = bytesOf('+0x');
const COMMA = bytesOf(', ');
const COMMA_0X = bytesOf(', 0x');
const EQUALS_0X = bytesOf(') = 0x');
const [AT, DOT, COLON, CLOSE] = [0x40, 0x2e, 0x3a, 0x29];
const MOST_REGION = 8;
const MOST_WIDTH = 8;
const MOST_OFFSET_DIGITS = 13;

/** One line at a time. Where the next byte is, and what was read last. */
export class RegionLineReader {
  /** What the last line that `read` knew asks for. */
  readonly access: RegionAccess = { isWrite: false, regionIndex: 0, offset: 0, widthBytes: 0 };
  private readonly device: Uint8Array;
  private bytes: Uint8Array = new Uint8Array(0);
  private at = 0;
  private to = 0;
  private value = 0;
  private digits = 0;

  /** @param device whose accesses are looked for, as the log names it, in Latin-1 */
  constructor(device: string) {
    this.device = bytesOf(device);
  }

  /** Whether the line is such an access, of the device. */
  read(bytes: Uint8Array, from: number, to: number): boolean {
    this.bytes = bytes;
    this.at = from;
    this.to = to;
    if (!this.skipTime()) return false;
    const isWrite = this.skip(WRITE);
    if (!isWrite && !this.skip(READ)) return false;
    if (!this.skip(this.device) || !this.skip(REGION) || !this.digit(MOST_REGION)) return false;
    const regionIndex = this.value;
    if (!this.skip(PLUS_0X) || !this.hex() || this.digits > MOST_OFFSET_DIGITS) return false;
    const offset = this.value;
    if (!(isWrite ? this.writeEnds() : this.readEnds())) return false;
    const { access } = this;
    access.isWrite = isWrite;
    access.regionIndex = regionIndex;
    access.offset = offset;
    return true;
  }

  /** `, WIDTH) = 0xVALUE` */
  private readEnds(): boolean {
    if (!this.skip(COMMA) || !this.digit(MOST_WIDTH) || this.value === 0) return false;
    this.access.widthBytes = this.value;
    return this.skip(EQUALS_0X) && this.hex() && this.isOfWidth() && this.at === this.to;
  }

  /** `, 0xVALUE, WIDTH)` */
  private writeEnds(): boolean {
    if (!this.skip(COMMA_0X) || !this.hex() || !this.skip(COMMA)) return false;
    if (!this.digit(MOST_WIDTH) || this.value === 0) return false;
    this.access.widthBytes = this.value;
    return this.isOfWidth() && this.bytes[this.at] === CLOSE && this.at + 1 === this.to;
  }

  /** Whether the last hexadecimal number has no more digits than that many bytes. */
  private isOfWidth(): boolean {
    return this.digits <= 2 * this.access.widthBytes;
  }

  private skip(text: Uint8Array): boolean {
    const { bytes, at } = this;
    for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false;
    this.at = at + text.length;
    return this.at <= this.to;
  }

  /** `PID@SECONDS.MICROSECONDS:` where the line begins with a digit. */
  private skipTime(): boolean {
    if (!this.isDigit()) return true;
    return this.skipNumber(AT) && this.skipNumber(DOT) && this.skipNumber(COLON);
  }

  private skipNumber(end: number): boolean {
    if (!this.isDigit()) return false;
    while (this.isDigit()) this.at++;
    return this.bytes[this.at++] === end;
  }

  private isDigit(): boolean {
    const digit = this.bytes[this.at]! - 48;
    return digit >= 0 && digit <= 9;
  }

  private digit(most: number): boolean {
    this.value = this.bytes[this.at]! - 48;
    this.at++;
    return this.value >= 0 && this.value <= most;
  }

  /** A number of at least one digit, which is exact up to 13 of them. */
  private hex(): boolean {
    const { bytes, to } = this;
    let { at } = this;
    let value = 0;
    for (; at < to; at++) {
      const byte = bytes[at]!;
      if (byte >= 48 && byte <= 57) value = 16 * value + byte - 48;
      else if (byte >= 97 && byte <= 102) value = 16 * value + byte - 87;
      else break;
    }
    this.digits = at - this.at;
    this.at = at;
    this.value = value;
    return this.digits > 0;
  }
}
