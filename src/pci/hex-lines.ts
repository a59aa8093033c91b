/** Gathers the hex lines of one function. Bytes go where their line says; what is wrong is named, not thrown. */

import { hex, quoted } from './quoted.ts';
import { PCI_CFG_SPACE_EXP_SIZE } from './registers.ts';

/** `OO: xx xx …`; lspci writes 2 or 3 digits of offset, and reads up to 8. */
const HEX_LINE = /^([0-9a-f]{2,8}):((?:\s.*)?)$/i;
const BYTE = /^[0-9a-f]{2}$/i;

export interface HexLine {
  readonly offset: number;
  readonly tokens: readonly string[];
}

/** Null for a line of another form. `04:00.0 …` is none, as no blank follows its first colon. */
export function parseHexLine(line: string): HexLine | null {
  const match = HEX_LINE.exec(line);
  if (match === null) return null;
  const [, offset = '', rest = ''] = match;
  return { offset: Number.parseInt(offset, 16), tokens: rest.split(/\s+/).filter((token) => token !== '') };
}

/** A dump that lost a header line repeats every offset; its reader needs to be told once or twice. */
const FAULTS_SHOWN = 8;

export class HexLines {
  readonly #faults: string[] = [];
  readonly #bytes = new Uint8Array(PCI_CFG_SPACE_EXP_SIZE);
  readonly #isKnown = new Uint8Array(PCI_CFG_SPACE_EXP_SIZE);
  #end = 0;

  add(line: HexLine, lineNumber: number): void {
    if (line.offset > this.#end && !this.#hasGap()) {
      this.#faults.push(
        `line ${lineNumber}: offset ${hex(line.offset, 2)} follows ${hex(this.#end, 2)}; expected ${hex(this.#end, 2)}`,
      );
    } else if (line.offset < this.#end) {
      const what = this.#isKnown[line.offset] === 1 ? 'is a repetition' : 'comes late';
      this.#faults.push(
        `line ${lineNumber}: offset ${hex(line.offset, 2)} ${what}; expected ${hex(this.#end, 2)}`,
      );
    }
    if (line.tokens.length === 0) {
      this.#faults.push(
        `line ${lineNumber}: no bytes after ${hex(line.offset, 2)}:, expected two hex digits each`,
      );
    }
    this.#addBytes(line, lineNumber);
  }

  /** The bytes from 0 up to the first that is missing, and what was wrong. */
  finish(): { bytes: Uint8Array; faults: string[] } {
    const prefixLength = this.#prefixLength();
    if (prefixLength < this.#end) {
      this.#faults.unshift(
        `bytes from ${hex(prefixLength, 2)} on are missing; those after the gap, up to ${hex(this.#end - 1, 2)}, are left out`,
      );
    }
    const faults = this.#faults.slice(0, FAULTS_SHOWN);
    const unshown = this.#faults.length - faults.length;
    if (unshown > 0) faults.push(`and ${unshown} more such lines`);
    return { bytes: this.#bytes.slice(0, prefixLength), faults };
  }

  #hasGap(): boolean {
    return this.#prefixLength() < this.#end;
  }

  #prefixLength(): number {
    const firstUnknown = this.#isKnown.indexOf(0);
    return firstUnknown === -1 ? PCI_CFG_SPACE_EXP_SIZE : firstUnknown;
  }

  #addBytes(line: HexLine, lineNumber: number): void {
    let offset = line.offset;
    for (const token of line.tokens) {
      if (!BYTE.test(token)) {
        this.#faults.push(`line ${lineNumber}: ${quoted(token)} at ${hex(offset, 2)} is not two hex digits`);
        return;
      }
      if (offset >= PCI_CFG_SPACE_EXP_SIZE) {
        this.#faults.push(`line ${lineNumber}: offset ${hex(offset, 2)} is past the end of 4096 bytes`);
        return;
      }
      const value = Number.parseInt(token, 16);
      const first = this.#bytes[offset]!;
      if (this.#isKnown[offset] === 0) this.#addByte(offset, value);
      else if (first !== value) {
        const was = `but was ${hex(first, 2)} before; the first is taken`;
        this.#faults.push(`line ${lineNumber}: byte ${hex(offset, 2)} is ${hex(value, 2)}, ${was}`);
        return;
      }
      offset += 1;
    }
  }

  #addByte(offset: number, value: number): void {
    this.#bytes[offset] = value;
    this.#isKnown[offset] = 1;
    this.#end = Math.max(this.#end, offset + 1);
  }
}
