/** Real `lspci -vv -xxx` outputs, kept beside the checkout: each function with the lines that lspci printed itself. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { PciFunction } from '../../src/pci/function.ts';
import { parseLspci } from '../../src/pci/lspci-text.ts';

const FOLDER = new URL('../../../shared/data/lspci/', import.meta.url);

/** For `describe.skipIf`: a checkout without the dumps next to it cannot compare. */
export const CORPUS_IS_MISSING = !existsSync(FOLDER);
export const CORPUS_SKIP_REASON =
  'the dumps of real machines are not beside this checkout (../shared/data/lspci)';

export interface CorpusFunction {
  /** `cap-rebar.txt#09:00.0`, for messages. */
  readonly place: string;
  readonly function: PciFunction;
  /** What lspci printed above the hex lines: its first line, and those below without their indent. */
  readonly title: string;
  readonly lines: readonly string[];
}

const TITLE = /^(?:[0-9a-f]{4,}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7] /;
const HEX_LINE = /^[0-9a-f]{2,3}: /;

/** Splits text by its own means, so that a mistake of the parser cannot hide in both. */
function textBlocks(text: string): { title: string; lines: string[]; hasHex: boolean }[] {
  const blocks: { title: string; lines: string[]; hasHex: boolean }[] = [];
  for (const line of text.split('\n')) {
    if (TITLE.test(line)) blocks.push({ title: line.trim(), lines: [], hasHex: false });
    else if (HEX_LINE.test(line)) blocks.at(-1)!.hasHex = true;
    else if (line.trim() !== '') blocks.at(-1)?.lines.push(line.trim());
  }
  return blocks.filter(({ hasHex }) => hasHex);
}

export function corpusTexts(): { file: string; text: string }[] {
  if (CORPUS_IS_MISSING) return [];
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.txt'));
  return files.map((file) => ({ file, text: readFileSync(new URL(file, FOLDER), 'utf8') }));
}

export function readCorpus(): CorpusFunction[] {
  return corpusTexts().flatMap(({ file, text }) => {
    const { functions } = parseLspci(text, file);
    const blocks = textBlocks(text);
    if (blocks.length !== functions.length)
      throw new Error(`${file}: ${blocks.length} blocks with hex lines`);
    return functions.map((fn, fnIdx) => {
      const { title, lines } = blocks[fnIdx]!;
      return { place: `${file}#${fn.slot}`, function: fn, title, lines };
    });
  });
}

/** The lines of the function's own header: below the first capability, `Region` names those of virtual functions. */
export function headerLinesOf(fn: CorpusFunction): readonly string[] {
  const end = fn.lines.findIndex((line) => line.startsWith('Capabilities:'));
  return end === -1 ? fn.lines : fn.lines.slice(0, end);
}
