/** A flame graph as one SVG file: no script, so that it may be shown anywhere; what a frame is comes as its title. */
import { escapeXml } from '../report/export/junit.ts';
import { truncate } from '../report/plain-text.ts';
import { formatDigits } from '../units.ts';
import { SHARE_NOTES, SHARES, type Share } from './shares.ts';
import type { Frame, Stacks } from './stacks.ts';

const WIDTH = 1200;
const ROW = 18;
const TOP = 48;
const CHARACTER = 6.6;
/** Narrower than this, a box is not drawn: it would not be seen, and a profile has thousands. */
const LEAST_WIDTH = 0.2;

const COLORS: Readonly<Record<Share, string>> = {
  boundary: '#e4572e',
  decode: '#f3a712',
  copy: '#76b041',
  native: '#17a398',
  harness: '#a8b4c4',
  gc: '#c45ab3',
  other: '#d9d9d9',
};

/** Equal stacks together, as a tree. */
interface Box {
  readonly frame: Frame;
  us: number;
  readonly children: Map<number, Box>;
}

/** @param title of what was profiled */
export function flameGraph(stacks: Stacks, title: string): string {
  const top = treeOf(stacks);
  const totalUs = [...top.values()].reduce((sum, { us }) => sum + us, 0);
  const boxes: string[] = [];
  let depth = 0;
  const draw = (children: ReadonlyMap<number, Box>, level: number, fromUs: number) => {
    let atUs = fromUs;
    for (const box of [...children.values()].sort((a, b) => b.us - a.us)) {
      const width = (box.us / totalUs) * WIDTH;
      if (width >= LEAST_WIDTH) {
        depth = Math.max(depth, level + 1);
        boxes.push(
          boxText(box, { x: (atUs / totalUs) * WIDTH, y: TOP + level * ROW, width, share: box.us / totalUs }),
        );
        draw(box.children, level + 1, atUs);
      }
      atUs += box.us;
    }
  };
  draw(top, 0, 0);
  return document(title, TOP + depth * ROW + 6, boxes);
}

function treeOf({ frames, samples, weightsUs }: Stacks): ReadonlyMap<number, Box> {
  const top = new Map<number, Box>();
  for (const [i, stack] of samples.entries()) {
    let children = top;
    for (const idx of stack) {
      const box = children.get(idx) ?? { frame: frames[idx]!, us: 0, children: new Map() };
      children.set(idx, box);
      box.us += weightsUs[i]!;
      children = box.children;
    }
  }
  return top;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Of all time. */
  readonly share: number;
}

function boxText({ frame, us }: Box, { x, y, width, share }: Place): string {
  const { name, file } = frame;
  const where = file === '' ? '' : `, ${file}`;
  const title = `${name}${where}: ${formatDigits(us / 1000)} ms, ${formatDigits(share * 100)} %, ${frame.share}`;
  const fits = Math.floor((width - 6) / CHARACTER);
  const label =
    fits < 3 ? '' : `<text x="${digits(x + 3)}" y="${y + 13}">${escapeXml(truncate(name, fits))}</text>`;
  const rect = `<rect x="${digits(x)}" y="${y}" width="${digits(width)}" height="${ROW - 1}" fill="${COLORS[frame.share]}"/>`;
  return `<g><title>${escapeXml(title)}</title>${rect}${label}</g>`;
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
  return SHARES.map((share, i) => {
    const x = 3 + i * 100;
    const rect = `<rect x="${x}" y="24" width="12" height="12" fill="${COLORS[share]}"/>`;
    return `<g><title>${escapeXml(SHARE_NOTES[share])}</title>${rect}<text x="${x + 16}" y="34">${share}</text></g>`;
  });
}

function digits(value: number): string {
  return String(Math.round(value * 100) / 100);
}
