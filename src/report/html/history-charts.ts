/** What each arm took, run by run, and where it changed: a chart for what changed, a line of a table for every series. */
import type { HistoryDocument, HistorySeries } from '../../results/history-document.ts';
import { median } from '../../stats/median.ts';
import { formatCount, formatNs } from '../../units.ts';
import { changeText, changeVerdict, conditionsText } from '../history-text.ts';
import { chart } from './chart.ts';
import { type Html, html } from './escape.ts';
import { buildText, inOrderOfChange, leftOutText, MOST_RUNS, seriesName, shownRuns } from './history-runs.ts';
import { historyTable } from './history-table.ts';
import { type Article, details, section } from './section.ts';

/** Charts that a page has room for. */
const MOST_CHARTS = 12;

export function historyArticle(documents: readonly HistoryDocument[]): Article {
  const series = documents.flatMap((document) => document.series);
  const changed = series.filter(({ changes }) => changes.length > 0).length;
  return {
    heading: `History: ${formatCount(changed)} of ${formatCount(series.length)} series changed`,
    place: documents.map(({ file }) => file).join(', '),
    body: [...Map.groupBy(series, ({ conditions }) => conditionsText(conditions))].map(([title, ofMachine]) =>
      machineSection(title, ofMachine),
    ),
  };
}

function machineSection(title: string, series: readonly HistorySeries[]): Html {
  const changed = inOrderOfChange(series.filter(({ changes }) => changes.length > 0));
  const others = series.filter(({ changes }) => changes.length === 0);
  const tableOf = (list: readonly HistorySeries[]) => historyTable(title, list);
  return section({ title, note: noteOf(changed.length, series.some(leftOutText)) }, [
    ...(changed.length > 0 ? [tableOf(changed), ...changed.slice(0, MOST_CHARTS).map(seriesChart)] : []),
    ...(others.length === 0
      ? []
      : [changed.length === 0 ? tableOf(others) : without(others.length, tableOf(others))]),
  ]);
}

function without(count: number, table: Html): Html {
  return details(`${formatCount(count)} series without a change`, table);
}

function noteOf(changed: number, isCut: boolean): string {
  return [
    'Time of an operation, run by run, with its interval. Now is the median since the last change.',
    ...(changed > MOST_CHARTS ? [`Charts are of the ${MOST_CHARTS} that changed last.`] : []),
    ...(isCut
      ? [`Of each series, the last ${MOST_RUNS} runs are drawn; figures and changes are of all.`]
      : []),
  ].join(' ');
}

/** Runs at equal distances: after a pause, or many runs of one day, each of them is to be seen. */
function seriesChart(series: HistorySeries): Html {
  const { first, points } = shownRuns(series);
  const days = new Set(points.map(({ createdAt }) => createdAt.slice(0, 10)));
  const whenText = (i: number) => series.points[i]!.createdAt.slice(...(days.size > 1 ? [0, 10] : [11, 16]));
  return chart({
    title: seriesName(series),
    lines: [
      {
        name: [series.implementation, series.runtime].join(', '),
        points: points.map(({ nsPerOp }, i) => ({ x: first + i, timeNs: nsPerOp })),
      },
    ],
    along: 'run',
    axis: 'linear',
    events: series.changes
      .filter(({ index }) => index >= first)
      .map((change) => ({ x: change.index, text: changeText(change), verdict: changeVerdict(change) })),
    format: whenText,
    below: html`${cutNote(series)}${changeList(series)}`,
  });
}

/** Changes before the runs that are drawn stand in the list alone. */
function cutNote(series: HistorySeries): Html | null {
  const text = leftOutText(series);
  if (text === null) return null;
  const { first } = shownRuns(series);
  const earlier = series.changes.filter(({ index }) => index < first).length;
  const listed = earlier === 0 ? '' : `; ${formatCount(earlier)} of the changes below came before them`;
  return html`<p class="note">${text}${listed}.</p>
`;
}

/** `2026-11-11: 1.100× slower, from 2.00 ns to 2.20 ns`, and what was measured from there on. */
function changeList(series: HistorySeries): Html {
  const levels = levelsOf(series);
  const items = series.changes.map((change, i) => {
    const [from, to] = [levels[i]!, levels[i + 1]!].map(formatNs);
    return html`<li>${change.createdAt.slice(0, 10)}: ${changeText(change)}, from ${from!} to ${to!} <small>${buildText(series.points[change.index]!)}</small></li>`;
  });
  return html`<ul class="changes">${items}</ul>
`;
}

/** Medians of what lies between changes. */
function levelsOf({ points, changes }: HistorySeries): number[] {
  const starts = [0, ...changes.map(({ index }) => index)];
  return starts.map((start, i) =>
    median(points.slice(start, starts[i + 1]).map(({ nsPerOp }) => nsPerOp.estimate)),
  );
}
