/**
 * A report as one HTML file that needs nothing else: no network, no other file. Its Content-Security-Policy forbids
 * everything but the style sheet and the script that are in it.
 */
import { createHash } from 'node:crypto';
import type { OtherDocument } from '../../results/documents.ts';
import type { SamplesDocument } from '../../results/samples.ts';
import type { ConditionsReport } from '../by-conditions.ts';
import { placeOf } from '../export/named-rows.ts';
import type { Comparison, Summary } from '../summary.ts';
import { verdictCounts } from '../verdict-text.ts';
import { versionComparisons } from '../versions.ts';
import { alignmentSection } from './alignment-charts.ts';
import { controls } from './controls.ts';
import { stackSection } from './cost-stacks.ts';
import { distributionSection } from './distribution-charts.ts';
import { documentArticles } from './documents.ts';
import { Html, html } from './escape.ts';
import { provenance } from './fingerprint.ts';
import { growthSection } from './growth-charts.ts';
import { inShort } from './in-short.ts';
import { latencySection } from './latency-table.ts';
import { loadSection } from './load-charts.ts';
import { matrixSection } from './matrix-map.ts';
import { ratioSections } from './ratio-plot.ts';
import { rowDetails } from './row-details.ts';
import { SCRIPT } from './script.ts';
import type { Article } from './section.ts';
import { startSection } from './start-table.ts';
import { STYLE } from './style.ts';
import { summaryTable } from './summary-table.ts';
import { sweepSection } from './sweep-charts.ts';
import { workSection } from './work-list.ts';

/** What a run of several versions is about, and stands first. */
const VERSIONS = ['build', 'runtime'] as const;
const OTHERS = ['implementation', 'emulation', 'sparse', 'alignment', 'call'] as const;

/** Each is nothing where the run has nothing of the kind. */
const SECTIONS: readonly ((summary: Summary, samples: SamplesDocument) => Html)[] = [
  sweepSection,
  alignmentSection,
  latencySection,
  distributionSection,
  stackSection,
  startSection,
  workSection,
  growthSection,
  loadSection,
  matrixSection,
];

/**
 * Machines and devices stand one below the other, each with verdicts of its own.
 * @param documents what is to stand below them; a page may have either alone
 */
export function toHtml(
  reports: readonly ConditionsReport[],
  documents: readonly OtherDocument[] = [],
): string {
  const articles = [...reports.map((one) => reportArticle(one, reports)), ...documentArticles(documents)];
  const title = `barometer: ${articles.map(({ heading }) => heading).join('; ')}`;
  return `${html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${Html.trusted(STYLE)}</style>
</head>
<body>
<header>
<h1>barometer</h1>
${controls()}</header>
<main>
${articles.map(articleMarkup)}</main>
<script>${Html.trusted(SCRIPT)}</script>
</body>
</html>
`}`;
}

function articleMarkup({ heading, place, body }: Article): Html {
  return html`<article>
<h2>${heading}</h2>
${place === '' ? null : html`<p class="note">${place}</p>`}
${body}</article>
`;
}

function reportArticle(report: ConditionsReport, reports: readonly ConditionsReport[]): Article {
  const { summary, samples } = report;
  return {
    heading: headline(summary),
    place: placeOf(report, reports).join(', '),
    body: [
      inShort(summary),
      ...ratioSections(summary, VERSIONS),
      summaryTable(summary),
      rowDetails(summary),
      ...ratioSections(summary, OTHERS),
      ...SECTIONS.map((make) => make(summary, samples)),
      provenance(summary, headed(summary)),
    ],
  };
}

/** The comparisons that a reader comes for: of versions where there are several, of implementations otherwise. */
function headed(summary: Summary): Comparison[] {
  const versions = versionComparisons(summary);
  return versions.length > 0 ? versions : summary.comparisons.filter(({ kind }) => kind === 'implementation');
}

/** `3 slower, 40 same`; without comparisons, how much was measured. */
function headline(summary: Summary): string {
  const counts = verdictCounts(headed(summary).map(({ verdict }) => verdict ?? 'inconclusive'));
  if (counts.length > 0) return counts.map(({ text }) => text).join(', ');
  const measured = summary.workloads.filter(({ available }) => available).length;
  return `${measured} ${measured === 1 ? 'row' : 'rows'} measured, nothing to compare`;
}

/** Style and script are allowed by their digests, so that a text that became markup all the same would do nothing. */
function policy(): string {
  return [
    "default-src 'none'",
    `style-src '${digestOf(STYLE)}'`,
    `script-src '${digestOf(SCRIPT)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function digestOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
