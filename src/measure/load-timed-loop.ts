import type * as TimedLoop from './timed-loop.ts';

let loaded = 0;

/** A copy of the timed loops with source text, and so type feedback, of its own. */
export async function loadTimedLoop(): Promise<typeof TimedLoop> {
  // Built as .js, tested as .ts: the sibling has the extension of this file.
  const extension = import.meta.url.replace(/\?.*$/, '').endsWith('.ts') ? 'ts' : 'js';
  const url = new URL(`./timed-loop.${extension}?arm=${loaded++}`, import.meta.url);
  return (await import(url.href)) as typeof TimedLoop;
}
