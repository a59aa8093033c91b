/** How processes of our own end, and what they say of a failure. */
import type { ChildProcess } from 'node:child_process';
import type { ForkFailure } from './fork-protocol.ts';

const STDERR_TAIL = 2000;

/** `(SIGKILL) …`: the end of a process that has not answered, and the last that it wrote to its standard error, a pipe. */
export async function endOf(child: ChildProcess): Promise<string> {
  let errors = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-STDERR_TAIL);
  });
  const how = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  return `(${how}) ${errors}`.trim();
}

/** In the process that failed: what its parent has to know. */
export function failureOf(error: unknown): ForkFailure {
  // Another checkout's errors are of a class of its own.
  const exitCode = error instanceof Error && 'exitCode' in error ? error.exitCode : null;
  if (typeof exitCode === 'number') return { message: (error as Error).message, exitCode };
  return { message: error instanceof Error ? (error.stack ?? error.message) : String(error), exitCode: null };
}
