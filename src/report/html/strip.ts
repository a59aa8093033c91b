/** A drawing as high as a line of text, in a cell of a table; the axis of a column of them is its heading. */
import type { Tick } from '../axis.ts';
import { type Html, html, type Insertion } from './escape.ts';
import { type Scale, scaleOf } from './scale.ts';

const WIDTH = 300;
const HEIGHT = 18;
/** Keeps marks at the ends, and labels above them, inside the drawing. */
const EDGE = 22;

/** Its size in pixels, which the style sheet gives it. */
export const STRIP = { right: WIDTH, bottom: HEIGHT, middle: HEIGHT / 2 };

/** Null where no value has a place. */
export function stripScale(values: readonly number[], labelUnits?: number): Scale | null {
  return scaleOf(values, EDGE, WIDTH - EDGE, labelUnits);
}

export function strip(className: string, content: Insertion): Html {
  // The numbers stand beside it.
  return html`<svg class="strip ${className}" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true">${content}</svg>`;
}

export function stripAxis({ at, ticks }: Scale, textOf: (tick: Tick) => string): Html {
  const labels = ticks.map(
    (tick) => html`<text x="${at(tick.ns)}" y="13" text-anchor="middle">${textOf(tick)}</text>`,
  );
  return strip('axis', labels);
}
