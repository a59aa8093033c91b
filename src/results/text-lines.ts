/** Lines of a file of any size, one at a time. */
import { closeSync, openSync, readSync } from 'node:fs';

const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

/** Yields each line without its line feed. A last line that has none is yielded too, unless it is empty. */
export function* textLines(path: string): Generator<string, void, undefined> {
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let begun: Buffer[] = [];
    for (;;) {
      const length = readSync(file, chunk, 0, CHUNK_BYTES, null);
      if (length === 0) break;
      let start = 0;
      for (;;) {
        const end = chunk.subarray(0, length).indexOf(NEWLINE, start);
        if (end < 0) break;
        const rest = chunk.subarray(start, end);
        yield (begun.length > 0 ? Buffer.concat([...begun, rest]) : rest).toString('utf8');
        begun = [];
        start = end + 1;
      }
      // A copy: the chunk is used again.
      if (start < length) begun.push(Buffer.from(chunk.subarray(start, length)));
    }
    if (begun.length > 0) yield Buffer.concat(begun).toString('utf8');
  } finally {
    closeSync(file);
  }
}
