/** A flame graph as one SVG file: no script, so that it may be shown anywhere; what a frame is comes as its title. */

import { type FoldedStacks, PROFILE_SHARES, type ProfileShare, SHARE_NOTES } from '../results/profile.ts';
import { escapeXml } from './export/junit.ts';
import { boxTitle, type FlameBox, flameBoxes, rowsOf } from './flame-layout.ts';
import { truncate } from './plain-text.ts';

const WIDTH = 1200;
const ROW = 18;
const TOP = 48;
const CHARACTER = 6.6;
/** Narrower than this, a box is not drawn: it would not be seen, and a profile has thousands. */
const LEAST_WIDTH = 0.2;

const COLORS: Readonly<Record<ProfileShare, string>> = {
  boundary: '#e4572e',
  decode: '#f3a712',
  copy: '#76b041',
  native: '#17a398',
  harness: '#a8b4c4',
  gc: '#c45ab3',
  other: '#d9d9d9',
};

/** @param title of what was profiled */
export function flameGraph(folded: FoldedStacks, title: string): string {
  const boxes = flameBoxes(folded, LEAST_WIDTH / WIDTH);
  const rows = rowsOf(boxes);
  return document(title, TOP + rows * ROW + 6, boxes.map(boxText));
}

function boxText(box: FlameBox): string {
  const { name, share } = box.frame;
  const [x, y, width] = [box.from * WIDTH, TOP + box.level * ROW, box.share * WIDTH];
  const fits = Math.floor((width - 6) / CHARACTER);
  const label =
    fits < 3 ? '' : `<text x="${digits(x + 3)}" y="${y + 13}">${escapeXml(truncate(name, fits))}</text>`;
  const rect = `<rect x="${digits(x)}" y="${y}" width="${digits(width)}" height="${ROW - 1}" fill="${COLORS[share]}"/>`;
  return `<g><title>${escapeXml(boxTitle(box))}</title>${rect}${label}</g>`;
}

function document(title: string, height: number, boxes: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="monospace" font-size="11">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="3" y="15" font-size="13">${escapeXml(title)}</text>`,
    ...legend(),
    ...boxes,
    '</svg>\n',
  ].join('\n');
}

function legend(): string[] {
  return PROFILE_SHARES.map((share, i) => {
    const x = 3 + i * 100;
    const rect = `<rect x="${x}" y="24" width="12" height="12" fill="${COLORS[share]}"/>`;
    return `<g><title>${escapeXml(SHARE_NOTES[share])}</title>${rect}<text x="${x + 16}" y="34">${share}</text></g>`;
  });
}

function digits(value: number): string {
  return String(Math.round(value * 100) / 100);
}
