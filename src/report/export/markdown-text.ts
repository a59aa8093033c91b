/** Texts of strangers in Markdown: as they read, and nothing else. */
import { plainText } from '../plain-text.ts';

/** A comment: it keeps what would become a mention, a reference or a link in GitHub's eyes in two pieces. */
const SPLIT = '<!-- -->';

/**
 * Escaped for GitHub Flavored Markdown (section 2.4, backslash escapes), for cells of tables too. Mentions, references
 * to issues and bare addresses, which GitHub finds in escaped text as well, are split.
 */
export function markdownText(text: string): string {
  return plainText(text)
    .replace(/[\\`*_{}[\]<>&|~!$]/g, '\\$&')
    .replace(/(?<=[@#])(?=[\w-])/g, SPLIT)
    .replace(/:(?=\/\/)/g, `:${SPLIT}`)
    .replace(/(?<=www)(?=\.)/gi, SPLIT)
    .replace(/(?<=\bGH)(?=-\d)/gi, SPLIT)
    .replace(/^[#+=:-]/, '\\$&')
    .replace(/^(\d+)(?=[.)])/, '$1\\');
}

/** A table with its heading row; cells are escaped already. Columns that `alignRight` names hold numbers. */
export function markdownTable(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  alignRight: readonly number[],
): string[] {
  const rule = heading.map((_, i) => (alignRight.includes(i) ? '---:' : '---'));
  return [heading, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}
