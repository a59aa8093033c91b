/** Lines of a log that may be larger than memory. */

/** No line of a log is longer: the most that `serve --record` writes in one, as hexadecimal digits, and what is around it. */
const MOST_LINE_BYTES = 2 * 2 ** 20 + 4096;
const NEWLINE = 10;

export interface LogLine {
  /** From 1. */
  readonly number: number;
  /** Without its end. */
  readonly text: string;
  /** Bytes of the log up to its end. */
  readonly endBytes: number;
}

/** Too long a line is cut: what is left of it has the form of none. */
export async function* logLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly LogLine[]> {
  let held = Buffer.alloc(0);
  let [number, endBytes] = [0, 0];
  const lineOf = (bytes: Buffer, sizeBytes: number): LogLine => {
    endBytes += sizeBytes;
    number++;
    const text = bytes.toString('latin1', 0, Math.min(bytes.length, MOST_LINE_BYTES));
    return { number, text: text.endsWith('\r') ? text.slice(0, -1) : text, endBytes };
  };
  let heldBytes = 0;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    const lines: LogLine[] = [];
    let at = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, at)) {
      const rest = bytes.subarray(at, end);
      lines.push(lineOf(heldBytes > 0 ? Buffer.concat([held, rest]) : rest, heldBytes + rest.length + 1));
      [held, heldBytes] = [Buffer.alloc(0), 0];
      at = end + 1;
    }
    const rest = bytes.subarray(at);
    heldBytes += rest.length;
    if (held.length < MOST_LINE_BYTES) held = Buffer.concat([held, rest]);
    if (lines.length > 0) yield lines;
  }
  if (heldBytes > 0) yield [lineOf(held, heldBytes)];
}
