import { stripVTControlCharacters } from 'node:util';
import { EXIT } from '../errors.ts';

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

/** Prints a message for people on standard error. What it quotes may come from a file: no terminal obeys it. */
export function printError(message: string): void {
  process.stderr.write(`barometer: ${stripVTControlCharacters(message)}\n`);
}
