/** Two agents on each pair of processors, as a heat map: the slower, the darker, and each figure in its cell. */
import { extentOf } from '../../stats/extent.ts';
import { formatBytesPerSec, formatDigits, formatNs } from '../../units.ts';
import { type PairMatrix, pairMatrices } from '../matrix.ts';
import { isRoundTrip } from '../sharing.ts';
import type { Summary, SummaryRow } from '../summary.ts';
import { type Html, html } from './escape.ts';
import { quantity } from './quantity.ts';
import { section } from './section.ts';

const TEXT = {
  title: 'Pairs of processors',
  note: 'The first agent in the line, the second in the column; the slower, the stronger the colour. Where an operation goes there and back, both times are shown.',
};

/** Steps of colour beside none. */
const STEPS = 8;
/** Pairs that are nearly alike are to look alike. */
const LEAST_FACTOR = 2;

export function matrixSection(summary: Summary): Html {
  return section(TEXT, pairMatrices(summary).map(matrix));
}

function matrix({ title, rows, processors, byPair }: PairMatrix): Html {
  const stepOf = stepsOver(rows.flatMap(({ nsPerOp }) => nsPerOp?.estimate ?? []));
  return html`<h4>${title}${rows.some(isRoundTrip) ? ', one way | round trip' : null}</h4>
<div class="scroll" role="group" tabindex="0" aria-label="${title}"><table class="matrix">
<caption>${title}</caption>
<thead><tr><td></td>${processors.map((second) => html`<th scope="col">CPU ${second}</th>`)}</tr></thead>
<tbody>
${processors.map(
  (first) => html`<tr><th scope="row">CPU ${first}</th>${processors.map((second) =>
    first === second ? html`<td>·</td>` : cell(byPair.get(`${first}-${second}`), stepOf),
  )}</tr>
`,
)}</tbody>
</table></div>
`;
}

function cell(row: SummaryRow | undefined, stepOf: (ns: number) => number): Html {
  if (!row?.nsPerOp) return html`<td class="missing">–</td>`;
  const { nsPerOp, bytesPerSec } = row;
  const rate = bytesPerSec?.payload;
  const figure = rate ? quantity(rate, formatBytesPerSec(rate)) : timeOf(row, nsPerOp.estimate);
  return html`<td class="h${stepOf(nsPerOp.estimate)}">${figure}</td>`;
}

/** Tools differ by that factor of two. */
function timeOf(row: SummaryRow, ns: number): Html {
  const time = quantity(ns, formatNs(ns));
  return isRoundTrip(row) ? html`${quantity(ns / 2, formatDigits(ns / 2))} | ${time}` : time;
}

/** From 0 for the fastest, by factors, to `STEPS` for the slowest, or for what is `LEAST_FACTOR` times as slow. */
function stepsOver(times: readonly number[]): (ns: number) => number {
  const [least, most] = extentOf(times);
  const whole = Math.log(Math.max(LEAST_FACTOR, most / least));
  return (ns) => Math.round((STEPS * Math.log(ns / least)) / whole);
}
