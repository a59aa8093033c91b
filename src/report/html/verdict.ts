/** Verdicts: a sign, a word and a colour, so that none of them has to be told from its colour alone. */
import type { Verdict } from '../../stats/verdict.ts';
import type { Comparison } from '../summary.ts';
import { formatRatio, verdictSign } from '../verdict-text.ts';
import { type Html, html } from './escape.ts';
import { estimated } from './quantity.ts';

export function verdictBadge(verdict: Verdict | null): Html {
  if (verdict === null) return html`<span class="verdict none">no verdict</span>`;
  return html`<span class="verdict ${verdict}">${verdictSign(verdict)} ${verdict}</span>`;
}

/** A verdict and the ratio that it is of. */
export function verdictCell({ ratio, verdict }: Comparison): Html {
  return html`${verdictBadge(verdict)} ${estimated(ratio, formatRatio)}`;
}
