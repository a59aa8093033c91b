/** Counted work of builds against the first one, free of noise. */
import type { Summary } from '../summary.ts';
import { workLines } from '../work.ts';
import { type Html, html } from './escape.ts';
import { section } from './section.ts';

const TEXT = { title: 'Work', note: 'Counted, not timed: a difference is one.' };

export function workSection({ work, settings }: Summary): Html {
  const lines = workLines(work, settings);
  const list = html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>
`;
  return section(TEXT, lines.length === 0 ? [] : [list]);
}
