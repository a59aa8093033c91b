/**
 * Workflow commands of GitHub Actions: an error for each workload that got slower, a warning for all that could not be
 * measured, and one for all that could not be decided. GitHub shows ten of a kind for a step.
 */
import type { ConditionsReport } from '../by-conditions.ts';
import { armNamer, fullLabel } from '../labels.ts';
import { plainText } from '../plain-text.ts';
import { armOfRow, type Comparison, type Summary } from '../summary.ts';
import { formatRatio, formatRatioInterval } from '../verdict-text.ts';
import { crashedArms, versionComparisons } from '../versions.ts';

const MOST_ERRORS = 9;

/** Ends with a line break; empty where there is nothing to say. */
export function toAnnotations(reports: readonly ConditionsReport[]): string {
  const found = reports.flatMap(({ summary }) =>
    versionComparisons(summary).map((comparison) => ({
      comparison,
      text: comparisonText(comparison, summary),
    })),
  );
  const slower = found
    .filter(({ comparison }) => comparison.verdict === 'slower')
    .toSorted((a, b) => b.comparison.ratio.estimate - a.comparison.ratio.estimate);
  const open = found.filter(({ comparison: { verdict } }) => verdict === 'inconclusive' || verdict === null);
  const crashed = reports.flatMap(({ summary }) =>
    crashedArms(summary).map(({ workload, params, reason }) => {
      return `${fullLabel(workload, params, summary.settings)}: ${reason}`;
    }),
  );
  const more = slower.length - MOST_ERRORS;
  const lines = [
    ...slower.slice(0, MOST_ERRORS).map(({ text }) => command('error', 'slower', text)),
    ...(more > 0 ? [command('error', 'slower', `and ${more} more`)] : []),
    ...(crashed.length > 0 ? [command('warning', 'not measured', [...new Set(crashed)].join('; '))] : []),
    ...(open.length > 0 ? [command('warning', 'not decided', open.map(({ text }) => text).join('; '))] : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function comparisonText({ candidate, ratio }: Comparison, summary: Summary): string {
  const nameOf = armNamer(summary.workloads.map(armOfRow));
  const label = fullLabel(candidate.workload, candidate.params, summary.settings);
  return `${label} ${nameOf(candidate)}: ${formatRatio(ratio.estimate)} (${formatRatioInterval(ratio)})`;
}

/** As actions/toolkit escapes them (packages/core/src/command.ts). */
function command(kind: 'error' | 'warning', title: string, message: string): string {
  const escaped = plainText(message).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  return `::${kind} title=barometer%3A ${title}::${escaped}`;
}
