/** JSON documents for standard output and for files of other tools. */

/**
 * `data` as an indented JSON document. Characters that a terminal or the log of a CI job would obey are written as
 * escapes, so that readers of JSON get every text as it is.
 */
export function jsonText(data: unknown): string {
  const json = JSON.stringify(data, null, 2).replace(/(?!\n)[\p{Cc}\p{Cf}]|(?<=##)\[/gu, escaped);
  return `${json}\n`;
}

/** A character outside the basic plane is two escapes (RFC 8259, section 7). */
function escaped(character: string): string {
  const units = character.split('');
  return units.map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
}
