/** A line for each series: what it takes now, what changed last, and its runs as a line as high as a text. */
import type { HistorySeries } from '../../results/history-document.ts';
import { formatCount, formatNs } from '../../units.ts';
import { changeText, changeVerdict } from '../history-text.ts';
import { type Html, html, type Insertion } from './escape.ts';
import { buildText, leftOutText, MOST_RUNS, seriesName, shownRuns } from './history-runs.ts';
import { quantity } from './quantity.ts';
import { scaleOf, tenths } from './scale.ts';
import { table } from './section.ts';
import { STRIP, strip } from './strip.ts';

/** @param machine whose history it is, for the caption */
export function historyTable(machine: string, series: readonly HistorySeries[]): Html {
  return table({
    caption: `History on ${machine}`,
    columns: [
      { title: 'workload', kind: 'text' },
      { title: 'arm', kind: 'text' },
      { title: 'last change', kind: 'text' },
      { title: 'now', kind: 'number' },
      { title: 'since', kind: 'text' },
      { title: 'runs', kind: 'number' },
      { title: runsTitle(series), kind: 'plot' },
    ],
    rows: series.map((one) => [
      seriesName(one),
      [one.implementation, one.runtime].join(', '),
      changeCell(one),
      quantity(one.window.nsPerOp, formatNs(one.window.nsPerOp)),
      one.window.since.slice(0, 10),
      quantity(one.points.length, formatCount(one.points.length)),
      runsStrip(one),
    ]),
  });
}

function runsTitle(series: readonly HistorySeries[]): string {
  return series.some(leftOutText) ? `last ${MOST_RUNS} runs` : 'first to last run';
}

function changeCell({ changes, points }: HistorySeries): Insertion {
  const change = changes.at(-1);
  if (change === undefined) return null;
  const verdict = changeVerdict(change);
  const sign = verdict === 'slower' ? '▲' : '▼';
  return html`<span class="verdict ${verdict}">${sign} ${quantity(change.ratio, changeText(change))}</span> <small>${buildText(points[change.index]!)}</small>`;
}

/** On a scale of its own, with a line where it changed. */
function runsStrip(series: HistorySeries): Insertion {
  const { first, points } = shownRuns(series);
  const times = points.map(({ nsPerOp }) => nsPerOp.estimate);
  const scale = scaleOf(times, STRIP.bottom - 2, 2);
  if (scale === null || points.length < 2) return null;
  const across = (i: number) => tenths(2 + ((STRIP.right - 4) * i) / (points.length - 1));
  const path = times.map((ns, i) => `${across(i)},${scale.at(ns)}`).join(' ');
  const changes = series.changes
    .filter(({ index }) => index >= first)
    .map(({ index }) => across(index - first))
    .map((x) => html`<line x1="${x}" x2="${x}" y1="0" y2="${STRIP.bottom}"/>`);
  return strip('runs', [...changes, html`<polyline points="${path}"/>`]);
}
