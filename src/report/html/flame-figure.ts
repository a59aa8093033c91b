/** A flame graph on the page: colours of its theme, and a box at a time for the keyboard. */

import { type FoldedStacks, PROFILE_SHARES, type ProfileShare } from '../../results/profile.ts';
import { boxTitle, type FlameBox, flameBoxes, rowsOf } from '../flame-layout.ts';
import { truncate } from '../plain-text.ts';
import { type Html, html } from './escape.ts';
import { tenths } from './scale.ts';

const WIDTH = 1200;
const ROW = 18;
const CHARACTER = 6.6;
/** Narrower ones would not be seen; the table of functions has what is in them. */
const LEAST_SHARE = 0.002;

/** @param title of what was profiled, for who cannot see it */
export function flameFigure(folded: FoldedStacks, title: string): Html {
  const boxes = flameBoxes(folded, LEAST_SHARE);
  if (boxes.length === 0) return html``;
  const height = rowsOf(boxes) * ROW;
  const shown = PROFILE_SHARES.filter((share) => boxes.some(({ frame }) => frame.share === share));
  return html`<ul class="legend">${shown.map((share) => html`<li>${swatch(share)}${share}</li>`)}</ul>
<div class="scroll" role="group" tabindex="0" aria-label="${title}: flame graph"><svg class="flame" viewBox="0 0 ${WIDTH} ${height}" role="group" aria-label="${title}: callers above, time from left to right">
${boxes.map(boxMarkup)}</svg></div>
`;
}

export function swatch(share: ProfileShare): Html {
  return html`<svg class="flame-swatch ${classOf(share)}" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><rect width="12" height="12"/></svg>`;
}

/** Colours of series that lie far apart; what is nothing of the device is grey. */
const SERIES: Readonly<Record<ProfileShare, number>> = {
  boundary: 0,
  decode: 1,
  copy: 2,
  native: 3,
  gc: 4,
  other: 5,
  harness: 7,
};

function classOf(share: ProfileShare): string {
  return `s${SERIES[share]}`;
}

function boxMarkup(box: FlameBox): Html {
  const [x, y, width] = [box.from * WIDTH, box.level * ROW, box.share * WIDTH];
  const fits = Math.floor((width - 6) / CHARACTER);
  const label = html`<text x="${tenths(x + 3)}" y="${y + 13}">${truncate(box.frame.name, Math.max(0, fits))}</text>`;
  const title = boxTitle(box);
  return html`<g class="${classOf(box.frame.share)}" tabindex="0" role="img" aria-label="${title}"><title>${title}</title><rect x="${tenths(x)}" y="${y}" width="${tenths(width)}" height="${ROW - 1}"/>${fits < 3 ? null : label}</g>
`;
}
