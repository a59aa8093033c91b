/** Which verdict how often, for each two arms that are compared: what the headline is the sum of. */
import { armNamer } from '../labels.ts';
import { armOfRow, type Comparison, type Summary } from '../summary.ts';
import { VERDICT_ORDER } from '../verdict-text.ts';
import { type Html, html } from './escape.ts';

/** More of them are no summary. */
const MOST_PAIRS = 9;

/** Nothing where the headline says it all. */
export function tally({ workloads }: Summary, compared: readonly Comparison[]): Html {
  const nameOf = armNamer(workloads.map(armOfRow));
  const pairs = Map.groupBy(
    compared,
    ({ candidate, baseline }) => `${nameOf(candidate)} over ${nameOf(baseline)}`,
  );
  if (pairs.size < 2 || pairs.size > MOST_PAIRS) return html``;
  return html`<ul class="tally">${[...pairs].map(([pair, members]) => html`<li>${pair} ${counts(members)}</li>`)}</ul>
`;
}

function counts(compared: readonly Comparison[]): Html[] {
  return VERDICT_ORDER.flatMap((verdict) => {
    const count = compared.filter((one) => (one.verdict ?? 'inconclusive') === verdict).length;
    return count === 0 ? [] : [html` <span class="verdict ${verdict}">${count} ${verdict}</span>`];
  });
}
