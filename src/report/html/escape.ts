/** Markup that is safe by construction: what goes into a template is a text, unless a template made it. */
import { plainText } from '../plain-text.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Markup. Made by `html` and by `trusted` alone. */
export class Html {
  readonly #markup: string;

  private constructor(markup: string) {
    this.#markup = markup;
  }

  /** For texts of this program, such as its own style sheet. Never for anything that was read. */
  static trusted(markup: string): Html {
    return new Html(markup);
  }

  toString(): string {
    return this.#markup;
  }
}

export type Insertion = Html | string | number | null | readonly Insertion[];

/**
 * Markup with texts in it: `` html`<td title="${name}">${name}</td>` ``. Texts lose controls and line breaks, and are
 * escaped for content and for attributes in quotes; nothing else may have a text inserted. Null is nothing.
 */
export function html(strings: TemplateStringsArray, ...insertions: readonly Insertion[]): Html {
  return Html.trusted(String.raw({ raw: strings }, ...insertions.map(markupOf)));
}

function markupOf(insertion: Insertion): string {
  if (insertion === null) return '';
  if (insertion instanceof Html) return insertion.toString();
  if (typeof insertion === 'number') return String(insertion);
  if (typeof insertion === 'string') return escapeText(insertion);
  return insertion.map(markupOf).join('');
}

function escapeText(text: string): string {
  // Code points that are no characters are an error in HTML, wherever they stand.
  return plainText(text)
    .replace(/\p{Noncharacter_Code_Point}/gu, '')
    .replace(/[&<>"']/g, (char) => ENTITIES[char]!);
}
