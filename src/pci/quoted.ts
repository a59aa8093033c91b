/** Foreign text in messages: a dump may hold escape sequences, and a terminal would obey them. */

const SHOWN_CHARS = 60;

/** `text` in quotes, everything but printable ASCII as `\xNN`, cut to a length that fits a message. */
export function quoted(text: string): string {
  const cut = text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text;
  const safe = cut.replace(/[^\x20-\x7e…]/g, (char) => `\\x${hex(char.charCodeAt(0), 2)}`);
  return `"${safe}"`;
}

/** Lower-case hexadecimal without prefix, as lspci writes it, padded to `digits`. */
export function hex(value: number | bigint, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
