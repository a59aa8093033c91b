/** How a command ends: where what it saved is, and for samples the one command that opens their report. */
import { statSync } from 'node:fs';
import { plainText } from '../report/plain-text.ts';

/** Words that a shell takes as they are. */
const PLAIN_WORD = /^[\w./+=:,@][\w./+=:,@-]*$/;

/** Where something is that was saved. */
export function savedLine(path: string): string {
  return `saved     ${plainText(path)}\n`;
}

/** @param path of samples that were saved */
export function savedLines(path: string): string {
  const saved = savedLine(path);
  // Of a pipe or a device nothing is left to report on; what a terminal would obey cannot be copied from one.
  if (!statSync(path).isFile() || plainText(path) !== path) return saved;
  const page = `${path.replace(/\.json$/i, '')}.html`;
  return `${saved}report    npx barometer report ${shellWord(path)} --html ${shellWord(page)} --open\n`;
}

function shellWord(word: string): string {
  if (PLAIN_WORD.test(word)) return word;
  const named = word.startsWith('-') ? `./${word}` : word;
  return `'${named.replaceAll("'", "'\\''")}'`;
}
