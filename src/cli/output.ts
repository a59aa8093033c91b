import { EXIT } from '../errors.ts';
import { plainLines } from '../report/plain-text.ts';

/**
 * Ends in order where output cannot be written. A reader that has seen enough (`| head`) is no failure; a full disk
 * behind `>` is one. Without this, both would be stack traces.
 */
export function guardOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    printError(`cannot write to standard output: ${error.code ?? error.message}`);
    process.exit(EXIT.usage);
  });
  process.stderr.on('error', () => {}); // nobody is left to be told
}

/** What to know, and nothing to stop for: on standard error where somebody looks at it. */
export function warnOnTerminal(message: string): void {
  if (process.stderr.isTTY && !process.env.CI) printError(message);
}

/** Prints a message for people on standard error. What it quotes may come from a file: no terminal and no CI job obeys it. */
export function printError(message: string): void {
  process.stderr.write(`barometer: ${plainLines(message)}\n`);
}

/** Whether the locale is one of UTF-8, as POSIX finds it: the first of these that is set says it; none is plain C. */
export function isUtf8(env: Readonly<Record<string, string | undefined>>): boolean {
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
}
