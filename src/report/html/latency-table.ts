/** Latencies of single operations: from the median to the slowest, on one logarithmic axis. */
import { formatCount, formatNs, formatTickNs } from '../../units.ts';
import { armNamer, fullLabel } from '../labels.ts';
import type { LatencyNs } from '../latency.ts';
import { type Figure, LATENCY_TITLES, timedRows } from '../latency-lines.ts';
import { armOfRow, type Summary } from '../summary.ts';
import { type Html, html } from './escape.ts';
import { quantity } from './quantity.ts';
import type { Scale } from './scale.ts';
import { section, table } from './section.ts';
import { STRIP, strip, stripAxis, stripScale } from './strip.ts';

const FIGURES = Object.keys(LATENCY_TITLES) as Figure[];

const TEXT = {
  title: 'Latency',
  note: 'Single operations, timed one by one; of agents, means of 64 or more in a row. The dot is the median, the thick line ends at 99%, the thin one at the slowest; a percentile that so few operations cannot tell is the slowest.',
};

/** Those beside a load have charts of their own. */
export function latencySection({ workloads, settings }: Summary): Html {
  const timed = timedRows(workloads);
  const scale = stripScale(timed.flatMap(({ latencyNs }) => FIGURES.map((figure) => latencyNs[figure])));
  if (scale === null) return html``;
  const nameOf = armNamer(timed.map(armOfRow));
  const columns = [
    { title: 'workload', kind: 'text' },
    { title: 'arm', kind: 'text' },
    { title: stripAxis(scale, ({ ns, stepNs }) => formatTickNs(ns, stepNs)), kind: 'plot' },
    ...FIGURES.map((figure) => ({ title: LATENCY_TITLES[figure], kind: 'number' as const })),
    { title: 'operations', kind: 'number' },
  ] as const;
  const rows = timed.map((row) => [
    fullLabel(row.name, row.params, settings),
    nameOf(armOfRow(row)),
    plot(row.latencyNs, scale),
    ...FIGURES.map((figure) => quantity(row.latencyNs[figure], formatNs(row.latencyNs[figure]))),
    quantity(row.latencyNs.count, formatCount(row.latencyNs.count)),
  ]);
  return section(TEXT, [table({ caption: TEXT.title, columns, rows })]);
}

function plot({ p50, p99, max }: LatencyNs, { at }: Scale): Html {
  const y = STRIP.middle;
  return strip(
    'latency',
    html`<line x1="${at(p50)}" x2="${at(max)}" y1="${y}" y2="${y}"/><line class="usual" x1="${at(p50)}" x2="${at(p99)}" y1="${y}" y2="${y}"/><circle cx="${at(p50)}" cy="${y}" r="4"/>`,
  );
}
