/** Logs of accesses as commands take them: a file, a FIFO, or standard input. */
import { createReadStream, fstatSync, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { UsageError } from '../errors.ts';
import { formatBytes, formatCount } from '../units.ts';
import type { ProgressLine } from './progress.ts';

const STDIN = '-';
const PROGRESS_BYTES = 2 ** 20;
const CHUNK_BYTES = 2 ** 18;

/** What to call it in messages. */
export function logName(path: string): string {
  return path === STDIN ? 'standard input' : path;
}

/** @throws UsageError for what cannot be opened */
export function openLog(path: string): { stream: Readable; sizeBytes: number | null } {
  if (path === STDIN) return { stream: process.stdin, sizeBytes: null };
  try {
    const fd = openSync(path, 'r');
    const stat = fstatSync(fd);
    if (stat.isDirectory()) throw new UsageError(`${path} is a folder; expected a QEMU trace log`);
    const stream = createReadStream(path, { fd, highWaterMark: CHUNK_BYTES });
    return { stream, sizeBytes: stat.isFile() ? stat.size : null };
  } catch (error) {
    throw readingFailed(path, error);
  }
}

/** Ends where it is interrupted, although more may come. */
export async function* chunksOf(
  stream: Readable,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const end = () => stream.destroy();
  signal.addEventListener('abort', end);
  try {
    yield* stream;
  } catch (error) {
    if (!signal.aborted) throw readingFailed(path, error);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

function readingFailed(path: string, error: unknown): Error {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined || error instanceof UsageError) return error as Error;
  return new UsageError(
    `${path} cannot be read: ${code}; expected a QEMU trace log, or - for standard input`,
  );
}

/** How far a log was read, every now and then. @param command what to call it */
export function progressOf(command: string, line: ProgressLine, sizeBytes: number | null) {
  let shownBytes = 0;
  return (endBytes: number, lines: number) => {
    if (endBytes - shownBytes < PROGRESS_BYTES) return;
    shownBytes = endBytes;
    const share = sizeBytes
      ? `${Math.floor((100 * endBytes) / sizeBytes)} % of ${formatBytes(sizeBytes)}`
      : formatBytes(PROGRESS_BYTES * Math.floor(endBytes / PROGRESS_BYTES));
    line.say(`${command}  ${share}, ${formatCount(lines)} lines`);
  };
}
