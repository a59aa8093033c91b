/** A report for reviewers, in GitHub Flavored Markdown: what changed, what could not be decided, the rest in one line. */

import { armKey } from '../../results/samples.ts';
import { formatNs } from '../../units.ts';
import type { ConditionsReport } from '../by-conditions.ts';
import { exclusionTexts } from '../exclusions.ts';
import { armNamer, buildName, fullLabel } from '../labels.ts';
import { machineText } from '../machine-text.ts';
import { armOfRow, type Comparison, type Summary } from '../summary.ts';
import { verdictNotes } from '../verdict-lines.ts';
import { formatMargin, formatRatio, formatRatioInterval, verdictCounts } from '../verdict-text.ts';
import { versionComparisons } from '../versions.ts';
import { workLines } from '../work.ts';
import { markdownTable, markdownText } from './markdown-text.ts';
import { placeOf } from './named-rows.ts';

/** Ends with a line break. Machines and devices stand one below the other, each with verdicts of its own. */
export function toMarkdown(reports: readonly ConditionsReport[]): string {
  const sections = reports.flatMap((report) =>
    sectionsOf(
      report.summary,
      reports.length > 1 ? ` on ${markdownText(placeOf(report, reports).join(', '))}` : '',
    ),
  );
  return `${sections.join('\n\n')}\n`;
}

/** @param place what tells the machine from others, where there are several */
function sectionsOf(summary: Summary, place: string): string[] {
  const versions = versionComparisons(summary);
  const compared =
    versions.length > 0 ? versions : summary.comparisons.filter(({ kind }) => kind === 'implementation');
  return [
    `## barometer${place}: ${titleText(compared, summary)}`,
    ...(versions.length > 0 ? [sidesText(versions)] : []),
    ...(versions.length > 0 ? versionSections(versions, summary) : implementationSections(compared, summary)),
    ...restText(compared, summary),
    ...missingText(summary),
    detailsText(summary, compared),
  ];
}

function versionSections(versions: readonly Comparison[], summary: Summary): string[] {
  return [
    ...table('Changed', versions.filter(isChange), summary),
    ...changedWork(summary),
    ...table('Not decided', versions.filter(isOpen), summary),
  ];
}

/** Nothing has changed where there is one version: implementations differ, and how many are open is said in a line. */
function implementationSections(compared: readonly Comparison[], summary: Summary): string[] {
  const open = compared.filter(isOpen).length;
  return [
    ...table('Implementations that differ', compared.filter(isChange), summary),
    ...(open > 0 ? [`${open} of ${compared.length} could not be decided.`] : []),
  ];
}

const isChange = ({ verdict }: Comparison) => verdict === 'slower' || verdict === 'faster';
const isOpen = ({ verdict }: Comparison) => verdict === 'inconclusive' || verdict === null;

/** `1 slower, 40 same`; without comparisons, how much was measured. */
function titleText(compared: readonly Comparison[], { workloads }: Summary): string {
  const counts = verdictCounts(compared.map(({ verdict }) => verdict ?? 'inconclusive'));
  if (counts.length > 0) return counts.map(({ text }) => text).join(', ');
  const measured = workloads.filter(({ available }) => available).length;
  return `${measured} ${measured === 1 ? 'row' : 'rows'} measured, nothing to compare`;
}

/** `**A** barometer 0.1.0 1f2e → **B** barometer 0.1.0 3c4d: below 1 is faster`. */
function sidesText(versions: readonly Comparison[]): string {
  const names = (side: 'baseline' | 'candidate') => {
    const kinds = versions.map((one) => (one.kind === 'build' ? one[side].build : one[side].runtime));
    return [...new Set(kinds)].map((build) => {
      const { letter, name } = buildName(build);
      return letter === null ? markdownText(name) : `**${letter}** ${markdownText(name)}`;
    });
  };
  return `${names('baseline').join(', ')} → ${names('candidate').join(', ')}. Ratios are of times: below 1 is faster.`;
}

function table(title: string, comparisons: readonly Comparison[], summary: Summary): string[] {
  if (comparisons.length === 0) return [];
  const times = new Map(
    summary.workloads.map((row) => [armKey(armOfRow(row)), row.nsPerOp?.estimate ?? null]),
  );
  const timeOf = (arm: Comparison['baseline']) => {
    const time = times.get(armKey(arm)) ?? null;
    return time === null ? '' : formatNs(time);
  };
  const nameOf = armNamer(summary.workloads.map(armOfRow));
  const ordered = comparisons.toSorted((a, b) => b.ratio.estimate - a.ratio.estimate);
  const rows = ordered.map((comparison) => {
    const { kind, baseline, candidate, ratio, verdict } = comparison;
    const arm =
      kind === 'implementation' ? `${nameOf(candidate)} over ${nameOf(baseline)}` : nameOf(candidate);
    return [
      markdownText(fullLabel(candidate.workload, candidate.params, summary.settings)),
      markdownText(arm),
      timeOf(baseline),
      timeOf(candidate),
      verdict === 'slower' ? `**${formatRatio(ratio.estimate)}**` : formatRatio(ratio.estimate),
      formatRatioInterval(ratio),
      verdict ?? 'inconclusive',
    ];
  });
  const heading = ['workload', 'arm', 'baseline', 'candidate', 'ratio', 'interval', 'verdict'];
  return [`### ${title}`, markdownTable(heading, rows, [2, 3, 4, 5]).join('\n')];
}

/** Counted work: each difference is one, without noise. */
function changedWork({ work, settings }: Summary): string[] {
  const changed = work.filter(({ verdict }) => verdict === 'changed');
  if (changed.length === 0) return [];
  return [
    '### Work',
    workLines(work, settings)
      .map((line) => `- ${markdownText(line)}`)
      .join('\n'),
  ];
}

function restText(compared: readonly Comparison[], { settings }: Summary): string[] {
  if (compared.length === 0) return [];
  const same = compared.filter(({ verdict }) => verdict === 'same').length;
  const all = same === compared.length ? 'All' : String(same);
  const within = settings.margin === undefined ? '' : ` within ${formatMargin(settings.margin)}`;
  return [`${all} of ${compared.length} are the same${within}.`];
}

/** What could not be measured, by reason. */
function missingText({ workloads, excluded, settings }: Summary): string[] {
  const missing = workloads.filter(({ available }) => !available);
  const lines = [
    ...[...Map.groupBy(missing, ({ reason }) => reason ?? 'unknown')].map(
      ([reason, rows]) => `${rows.length} not available: ${reason}`,
    ),
    ...exclusionTexts(excluded, settings).map((text) => `left out: ${text}`),
  ];
  return lines.length === 0 ? [] : [lines.map((line) => `- ${markdownText(line)}`).join('\n')];
}

function detailsText(summary: Summary, compared: readonly Comparison[]): string {
  const { createdAt, settings, workloads } = summary;
  const runtimes = [...new Set(workloads.map(({ runtime }) => runtime))];
  const facts: readonly [name: string, value: string][] = [
    ['machine', machineText(summary.fingerprint)],
    ['runtime', runtimes.join(', ')],
    [
      'run',
      [createdAt, settings.device, settings.policy, `seed ${settings.seed}`].filter(Boolean).join(', '),
    ],
    ['verdicts', verdictNotes(compared, summary).join(' ')],
  ];
  const lines = facts
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `- ${name}: ${markdownText(value)}`);
  return `<details><summary>How this was measured</summary>\n\n${lines.join('\n')}\n\n</details>`;
}
