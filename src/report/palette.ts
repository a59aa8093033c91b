/**
 * Colours of pages and pictures, each in light and in dark. Those of series are from Okabe and Ito ("Color Universal
 * Design", 2008), which people with any common colour vision can tell apart; no meaning is in a colour alone.
 */
export interface Shade {
  readonly light: string;
  readonly dark: string;
}

const shade = (light: string, dark: string): Shade => ({ light, dark });

export const COLORS = {
  page: shade('#fff', '#0f1318'),
  text: shade('#1b1f24', '#e6e9ed'),
  quiet: shade('#59636e', '#9aa5b1'),
  line: shade('#d1d9e0', '#333b45'),
  stripe: shade('#f6f8fa', '#171c23'),
  accent: shade('#0059a8', '#7cc0ff'),
} as const;

export const SERIES = [
  shade('#0072b2', '#56b4e9'),
  shade('#d55e00', '#ff8c3f'),
  shade('#009e73', '#2fd3a3'),
  shade('#b5518c', '#e59cc6'),
  shade('#8a6d00', '#f0e442'),
  shade('#3b8fc4', '#8ecdf2'),
  shade('#b07700', '#e69f00'),
  shade('#444', '#ccc'),
] as const;

/** As CSS has it where a page knows both. */
export function lightDark({ light, dark }: Shade): string {
  return `light-dark(${light}, ${dark})`;
}
