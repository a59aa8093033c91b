/** Numbers on the page: as people read them, and as they are, for programs and for sorting. */
import type { Estimate } from '../../stats/bootstrap.ts';
import { type Html, html } from './escape.ts';

/** `<data value="1.4213">1.42 ns</data>`. */
export function quantity(value: number, text: string): Html {
  return html`<data value="${value}">${text}</data>`;
}

/** The estimate, and its interval in small print. */
export function estimated({ estimate, low, high }: Estimate, format: (value: number) => string): Html {
  return html`${quantity(estimate, format(estimate))} <small>${quantity(low, format(low))} to ${quantity(high, format(high))}</small>`;
}
