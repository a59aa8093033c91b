/** Counted work of builds against the first one, free of noise. */
import type { Summary } from '../summary.ts';
import { workLines } from '../work.ts';
import { type Html, html } from './escape.ts';
import { leftOutNote, MOST_ROWS } from './limits.ts';
import { section } from './section.ts';

const TEXT = { title: 'Work', note: 'Counted, not timed: a difference is one.' };

export function workSection({ work, settings }: Summary): Html {
  const lines = workLines(work, settings);
  const shown = lines.slice(0, MOST_ROWS);
  const list = html`${leftOutNote(shown.length, lines.length, 'lines')}<ul>${shown.map((line) => html`<li>${line}</li>`)}</ul>
`;
  return section(TEXT, lines.length === 0 ? [] : [list]);
}
