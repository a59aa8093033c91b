/** Text for a terminal. */
import { stripVTControlCharacters } from 'node:util';

/** Pairs of colons with which a line could begin: GitHub Actions takes them for a command (actions/runner, ActionCommand.cs). */
const LEADING_COLONS = /(?<=^|[ :]):(?=:)/g;
/** `##[error]` of GitHub Actions and Azure Pipelines, `##vso[…]` of the latter, `##teamcity[…]`: anywhere in a line. */
const HASH_COMMAND = /(?<=#)#(?=\w*\[)/g;

/**
 * `text` on one line and without characters that a terminal would obey: escape sequences, controls, and the
 * invisible formats that reorder a line. What the log of a CI job would obey gets a blank inside. Names and reasons come
 * from files and machines of others.
 */
export function plainText(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\s+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '')
    .trim()
    .replace(LEADING_COLONS, ': ')
    .replace(HASH_COMMAND, ' #');
}

/** The same line by line, which keep their indentation: for messages that have several. */
export function plainLines(text: string): string {
  const lines = stripVTControlCharacters(text).split(/\r?\n/);
  return lines.map((line) => `${/^ */.exec(line)![0]}${plainText(line)}`).join('\n');
}

/** `text` with the characters that `plainText` drops or parts spelled out, as `\u{1b}`: where every character counts. */
export function visibleText(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}]|(?<=#)#(?=\w*\[)/gu,
    (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`,
  );
}

/** A copy of plain data with `plainText` applied to every text in it, names of fields included. */
export function plainTexts<T>(data: T): T;
export function plainTexts(data: unknown): unknown {
  if (typeof data === 'string') return plainText(data);
  if (Array.isArray(data)) return data.map((item) => plainTexts(item));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [plainText(name), plainTexts(value)]),
  );
}

/** Columns that `text` takes, one for each code point. */
export function textWidth(text: string): number {
  return [...text].length;
}

/** `text` cut to `width` columns, with an ellipsis where something was cut. */
export function truncate(text: string, width: number): string {
  const points = [...text];
  return points.length <= width ? text : `${points.slice(0, Math.max(width - 1, 0)).join('')}…`;
}

/** `text` broken between words into lines of at most `width` columns; all but the first are indented. */
export function wrap(text: string, width: number, indent = '  '): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && textWidth(line) + 1 + textWidth(word) > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
