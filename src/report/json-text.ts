/** JSON documents for standard output and for files of other tools. */

/**
 * `data` as an indented JSON document. Characters that a terminal or the log of a CI job would obey are written as
 * escapes, so that readers of JSON get every text as it is.
 */
export function jsonText(data: unknown): string {
  return `${harmlessJson(JSON.stringify(data, null, 2))}\n`;
}

/** The same document, of which only the spelling differs. */
export function harmlessJson(json: string): string {
  return json.replace(/(?!\n)[\p{Cc}\p{Cf}]|(?<=#)#(?=\w*\[)/gu, escaped);
}

/** A character outside the basic plane is two escapes (RFC 8259, section 7). */
function escaped(character: string): string {
  const units = character.split('');
  return units.map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
}
