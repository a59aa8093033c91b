/** Lines of a log that may be larger than memory. */

/** No line of a log is longer: the most that `serve --record` writes in one, as hexadecimal digits, and what is around it. */
const MOST_LINE_BYTES = 2 * 2 ** 20 + 4096;
const NEWLINE = 10;
const RETURN = 13;

/** A line where it lies, for who does not need it as text. */
export interface LineBytes {
  /** From 1. */
  readonly number: number;
  readonly bytes: Buffer;
  /** Its first byte, and the one behind its last: without its end. */
  readonly from: number;
  readonly to: number;
  /** Bytes of the log up to its end. */
  readonly endBytes: number;
}

export interface LogLine {
  /** From 1. */
  readonly number: number;
  /** Without its end. */
  readonly text: string;
  /** Bytes of the log up to its end. */
  readonly endBytes: number;
}

export function textOf({ bytes, from, to }: LineBytes): string {
  return bytes.toString('latin1', from, to);
}

export async function* logLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly LogLine[]> {
  for await (const lines of lineBytes(chunks)) {
    yield lines.map((line) => ({ number: line.number, text: textOf(line), endBytes: line.endBytes }));
  }
}

/** Too long a line is cut: what is left of it has the form of none. */
export async function* lineBytes(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly LineBytes[]> {
  let held = Buffer.alloc(0);
  let heldBytes = 0;
  let [number, endBytes] = [0, 0];
  const lineOf = (bytes: Buffer, from: number, end: number, sizeBytes: number): LineBytes => {
    endBytes += sizeBytes;
    number++;
    const to = Math.min(end, from + MOST_LINE_BYTES);
    return { number, bytes, from, to: to > from && bytes[to - 1] === RETURN ? to - 1 : to, endBytes };
  };
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    const lines: LineBytes[] = [];
    let at = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, at)) {
      if (heldBytes === 0) lines.push(lineOf(bytes, at, end, end - at + 1));
      else {
        const whole = Buffer.concat([held, bytes.subarray(at, end)]);
        lines.push(lineOf(whole, 0, whole.length, heldBytes + end - at + 1));
        [held, heldBytes] = [Buffer.alloc(0), 0];
      }
      at = end + 1;
    }
    const rest = bytes.subarray(at);
    heldBytes += rest.length;
    if (held.length < MOST_LINE_BYTES) held = Buffer.concat([held, rest]);
    if (lines.length > 0) yield lines;
  }
  if (heldBytes > 0) yield [lineOf(held, 0, held.length, heldBytes)];
}
