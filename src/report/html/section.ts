/** What every section of the page is made of. */
import { Html, html, type Insertion } from './escape.ts';
import { fittingBlocks, leftOutNote, MOST_ROWS } from './limits.ts';

export interface SectionText {
  readonly title: string;
  /** How to read what stands below, in a sentence or two. */
  readonly note: string;
}

/** What stands under a heading of its own: results of one machine and device, documents of one kind. */
export interface Article {
  /** What a reader is to take away: `3 slower, 40 same`. */
  readonly heading: string;
  readonly place: string;
  readonly body: readonly Html[];
}

/** Nothing where there is nothing to show. */
export function section({ title, note }: SectionText, blocks: readonly Html[]): Html {
  if (blocks.length === 0) return html``;
  const shown = fittingBlocks(blocks);
  return html`<section>
<h3>${title}</h3>
${note === '' ? null : html`<p class="note">${note}</p>`}
${shown}${leftOutNote(shown.length, blocks.length, 'drawings and tables')}
</section>
`;
}

export interface Column {
  /** Of a plot, its axis. */
  readonly title: string | Html;
  /** Numbers stand on the right; prose goes on in the next line. */
  readonly kind: 'text' | 'prose' | 'number' | 'plot';
}

export interface TableText {
  /** What the table is of, for who cannot see where it stands. */
  readonly caption: string;
  readonly columns: readonly Column[];
  /** Cells of each row; the first names it. */
  readonly rows: readonly (readonly Insertion[])[];
  /** How many rows there are, where `rows` are only those that there is room for. */
  readonly total?: number;
}

/** What only some readers want to see. It opens without a script, and its rows are filtered like all others. */
export function details(title: string, content: Html): Html {
  return html`<details><summary>${title}</summary>
${content}</details>
`;
}

/** The axis of a plot is to be seen; who has it read out is told what stands below. */
function heading({ title, kind }: Column): Html {
  const spoken = title instanceof Html && kind === 'plot' ? html`<span class="spoken">drawn</span>` : null;
  return html`<th scope="col" class="${kind}">${spoken}${title}</th>`;
}

/** Most cells of a page are numbers: they are what a cell is where it does not say otherwise. */
function cellOf(cell: Insertion, kind: Column['kind']): Html {
  return kind === 'number' ? html`<td>${cell}</td>` : html`<td class="${kind}">${cell}</td>`;
}

/** A table that scrolls in a box of its own, so that a narrow page does not. */
export function table({ caption, columns, rows, total = rows.length }: TableText): Html {
  const shown = rows.slice(0, MOST_ROWS);
  return html`${leftOutNote(shown.length, total, 'rows')}<div class="scroll" role="group" tabindex="0" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map(heading)}</tr></thead>
<tbody>
${shown.map(
  ([name, ...cells]) => html`<tr><th scope="row">${name ?? null}</th>${cells.map((cell, i) =>
    cellOf(cell, columns[i + 1]!.kind),
  )}</tr>
`,
)}</tbody>
</table></div>
`;
}
