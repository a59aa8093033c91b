/**
 * A page as a browser reads it, for tests: stricter than HTML, since each element has to be closed in its order, each
 * attribute to be in quotes and each ampersand to begin one of the references that the page uses.
 */

export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: (Element | string)[];
}

const VOID = new Set(['meta', 'input', 'br']);
const RAW = new Set(['style', 'script']);
const REFERENCES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};
const TOKEN = /<\/([a-z][\w-]*)>|<([a-z][\w-]*)((?:\s+[\w:-]+="[^"<>]*")*)\s*(\/?)>|([^<>]+)/gy;

/** @throws Error for anything that is not as above */
export function readPage(page: string): Element {
  const start = '<!doctype html>\n';
  if (!page.startsWith(start)) throw new Error('no doctype');
  const root: Element = { name: '#document', attributes: new Map(), children: [] };
  const open = [root];
  TOKEN.lastIndex = start.length;
  while (TOKEN.lastIndex < page.length) {
    const from = TOKEN.lastIndex;
    const token = TOKEN.exec(page);
    if (token === null) throw new Error(`no markup: ${page.slice(from, from + 80)}`);
    const [, closed, opened, attributes, isClosed, text] = token;
    if (text !== undefined) open.at(-1)!.children.push(decoded(text));
    if (closed !== undefined && open.pop()!.name !== closed) throw new Error(`</${closed}> closes another`);
    if (opened === undefined) continue;
    const element: Element = { name: opened, attributes: attributesOf(attributes!), children: [] };
    open.at(-1)!.children.push(element);
    if (RAW.has(opened)) {
      const end = page.indexOf(`</${opened}>`, TOKEN.lastIndex);
      element.children.push(page.slice(TOKEN.lastIndex, end));
      TOKEN.lastIndex = end + `</${opened}>`.length;
    } else if (!VOID.has(opened) && isClosed === '') open.push(element);
  }
  if (open.length > 1) throw new Error(`<${open.at(-1)!.name}> is never closed`);
  return root;
}

function attributesOf(text: string): Map<string, string> {
  const found = [...text.matchAll(/([\w:-]+)="([^"]*)"/g)].map(
    ([, name, value]) => [name!, decoded(value!)] as const,
  );
  if (new Set(found.map(([name]) => name)).size < found.length) throw new Error(`twice the same:${text}`);
  return new Map(found);
}

function decoded(text: string): string {
  return text.replace(/&[^;]*;?/g, (reference) => {
    const char = REFERENCES[reference];
    if (char === undefined) throw new Error(`unknown reference ${reference}`);
    return char;
  });
}

/** All elements below `root`, in the order of the page. */
export function elements(root: Element, name?: string): Element[] {
  const below = root.children.flatMap((child) =>
    typeof child === 'string' ? [] : [child, ...elements(child)],
  );
  return name === undefined ? below : below.filter((one) => one.name === name);
}

export function textOf(node: Element | string): string {
  return typeof node === 'string' ? node : node.children.map(textOf).join('');
}

/** The exact numbers in an element. */
export function numbersIn(element: Element): number[] {
  return elements(element, 'data').map(({ attributes }) => Number(attributes.get('value')));
}

/** Rows of the tables with this caption: the name of each row, and its cells by the title of their column. */
export function tableRows(root: Element, caption: string): { name: string; cells: Map<string, Element> }[] {
  const tables = elements(root, 'table').filter((one) => textOf(elements(one, 'caption')[0]!) === caption);
  return tables.flatMap((table) => {
    const titles = elements(elements(table, 'thead')[0]!, 'th').map(textOf);
    return elements(elements(table, 'tbody')[0]!, 'tr').map((row) => {
      const cells = row.children.filter((child) => typeof child !== 'string');
      return {
        name: textOf(cells[0]!),
        cells: new Map(cells.slice(1).map((cell, i) => [titles[i + 1]!, cell])),
      };
    });
  });
}
