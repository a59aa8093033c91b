/**
 * JUnit XML, as CI systems read it (the schema of Jenkins' xUnit plugin, junit-10.xsd): a comparison of versions is a
 * test case, which fails where the candidate is slower, and what crashed is an error. Where there is none, each row is one.
 */
import type { ConditionsReport } from '../by-conditions.ts';
import { armNamer, fullLabel } from '../labels.ts';
import { plainText } from '../plain-text.ts';
import { armOfRow, type Comparison, type SummaryRow } from '../summary.ts';
import { formatRatio, formatRatioInterval } from '../verdict-text.ts';
import { crashedArms, versionComparisons } from '../versions.ts';
import { placeOf } from './named-rows.ts';

interface TestCase {
  readonly className: string;
  readonly name: string;
  readonly result: { readonly element: 'failure' | 'error' | 'skipped'; readonly message: string } | null;
}

export function toJunit(reports: readonly ConditionsReport[]): string {
  const suites = reports.map((report) => ({
    name: placeOf(report, reports).join(', '),
    cases: casesOf(report),
  }));
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="barometer" ${countsOf(all)}>`,
    ...suites.flatMap(({ name, cases }) => [
      `  <testsuite name="${escapeXml(name)}" ${countsOf(cases)}>`,
      ...cases.map(caseText),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n');
}

function casesOf({ summary }: ConditionsReport): TestCase[] {
  const { settings, workloads } = summary;
  const comparisons = versionComparisons(summary);
  const nameOf = armNamer([...workloads.map(armOfRow), ...crashedArms(summary)]);
  const missing = workloads.filter(({ available }) => !available);
  const rows = comparisons.length > 0 ? missing : workloads;
  return [
    ...comparisons.map(({ candidate, ...comparison }) => ({
      className: candidate.workload,
      name: `${fullLabel(candidate.workload, candidate.params, settings)} ${nameOf(candidate)}`,
      result: resultOf(comparison),
    })),
    ...crashedArms(summary).map((arm) => ({
      className: arm.workload,
      name: `${fullLabel(arm.workload, arm.params, settings)} ${nameOf(arm)}`,
      result: { element: 'error' as const, message: arm.reason },
    })),
    ...rows.map((row) => ({
      className: row.name,
      name: `${fullLabel(row.name, row.params, settings)} ${nameOf(armOfRow(row))}`,
      result: rowResult(row),
    })),
  ];
}

function resultOf({
  verdict,
  ratio,
  reason,
}: Pick<Comparison, 'verdict' | 'ratio' | 'reason'>): TestCase['result'] {
  const text = `${verdict ?? 'no verdict'}: ${formatRatio(ratio.estimate)} (${formatRatioInterval(ratio)})`;
  const message = reason === null ? text : `${text}, ${reason}`;
  if (verdict === 'slower') return { element: 'failure', message };
  return verdict === 'inconclusive' || verdict === null ? { element: 'skipped', message } : null;
}

function rowResult({ available, reason }: SummaryRow): TestCase['result'] {
  return available ? null : { element: 'skipped', message: reason ?? 'not available' };
}

function countsOf(cases: readonly TestCase[]): string {
  const count = (element: string) => cases.filter(({ result }) => result?.element === element).length;
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
}

function caseText({ className, name, result }: TestCase): string {
  const head = `    <testcase classname="${escapeXml(className)}" name="${escapeXml(name)}"`;
  if (result === null) return `${head}/>`;
  const type = result.element === 'failure' ? ' type="regression"' : '';
  return `${head}><${result.element}${type} message="${escapeXml(result.message)}"/></testcase>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** For attributes. What XML 1.0 has no character for is left out (section 2.2). */
export function escapeXml(text: string): string {
  return plainText(text)
    .replace(/[\uFFFE\uFFFF]/g, '')
    .replace(/[&<>"']/g, (char) => ENTITIES[char]!);
}
