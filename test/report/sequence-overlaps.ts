/** Texts of a sequence diagram that are in each other's way, in that of a frame that is not theirs, or of the edge. */
import { type Box, boxOf } from '../../src/report/sequence-labels.ts';
import type { Layout } from '../../src/report/sequence-layout.ts';

function meet(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function contains(outer: Box, inner: Box): boolean {
  const { left, right, top, bottom } = inner;
  return outer.left <= left && right <= outer.right && outer.top <= top && bottom <= outer.bottom;
}

export function overlapsOf({ labels, rects, width, height }: Layout): string[] {
  const texts = labels.map((label) => ({ what: label.text, box: boxOf(label) }));
  const frames = rects.map((rect) => {
    const box = { left: rect.x, right: rect.x + rect.width, top: rect.y, bottom: rect.y + rect.height };
    return { what: rect.kind, box };
  });
  const page = { left: 0, right: width, top: 0, bottom: height };
  return texts.flatMap(({ what, box }, i) => [
    ...(contains(page, box) ? [] : [`${what} leaves the page`]),
    ...texts.slice(i + 1).flatMap((other) => (meet(box, other.box) ? [`${what} on ${other.what}`] : [])),
    ...frames
      .filter((frame) => meet(box, frame.box) && !contains(frame.box, box))
      .map((frame) => `${what} over the edge of a ${frame.what}`),
  ]);
}
