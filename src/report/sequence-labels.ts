/** Texts of a sequence diagram: how large they are, and where they stand. */
import { textWidth } from './plain-text.ts';

export type Role = 'title' | 'subtitle' | 'name' | 'small' | 'state';

export interface Label {
  readonly text: string;
  readonly role: Role;
  /** Of its begin, middle or end, as `anchor` says, and of the line that it stands on. */
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
}

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export const FONT_UNITS: Readonly<Record<Role, number>> = {
  title: 20,
  subtitle: 13,
  name: 12.5,
  small: 10.5,
  state: 11,
};

/** Widest character of a common monospaced font, of its size; of other fonts a word is not wider. */
const CHARACTER = 0.62;
const ASCENT = 0.8;
const DESCENT = 0.25;

/** Width that a text takes at most. */
export function textUnits(text: string, role: Role): number {
  return textWidth(text) * CHARACTER * FONT_UNITS[role];
}

export function boxOf({ text, role, x, y, anchor }: Label): Box {
  const width = textUnits(text, role);
  const left = anchor === 'start' ? x : anchor === 'middle' ? x - width / 2 : x - width;
  const size = FONT_UNITS[role];
  return { left, right: left + width, top: y - ASCENT * size, bottom: y + DESCENT * size };
}
