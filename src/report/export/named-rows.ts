/** Rows of all machines under names for programs. */
import { differingFacts } from '../../results/conditions.ts';
import type { ConditionsReport } from '../by-conditions.ts';
import { machineText } from '../machine-text.ts';
import { plainText } from '../plain-text.ts';
import type { SummaryRow } from '../summary.ts';

/** A row under a name that no other has. */
export interface NamedRow<Row extends SummaryRow> {
  readonly name: string;
  readonly row: Row;
  readonly report: ConditionsReport;
}

/** What the readers of names take (Bencher: 1,024), with room for a number. */
const MOST_BYTES = 1000;

/** A row that was measured. */
export type MeasuredRow = SummaryRow & { readonly nsPerOp: NonNullable<SummaryRow['nsPerOp']> };

export function measuredRows(rows: readonly SummaryRow[]): MeasuredRow[] {
  return rows.filter((row): row is MeasuredRow => row.nsPerOp !== null);
}

/**
 * `config-read/batch widthBytes=4 mix=header wasm`; with runtime, build, machine and device where there are several.
 * Names of strangers that are alike all the same get a number. Controls and escape sequences are left out.
 */
export function namedRows<Row extends SummaryRow>(
  reports: readonly ConditionsReport[],
  choose: (rows: readonly SummaryRow[]) => readonly Row[],
): NamedRow<Row>[] {
  const chosen = reports.map((report) => ({ report, rows: choose(report.summary.workloads) }));
  const all = chosen.flatMap(({ rows }) => rows);
  const telling = (['runtime', 'build'] as const).filter(
    (part) => new Set(all.map((row) => row[part])).size > 1,
  );
  const taken = new Set<string>();
  return chosen.flatMap(({ report, rows }) =>
    rows.map((row) => {
      const origin = [
        ...telling.map((part) => row[part]),
        ...(reports.length > 1 ? placeOf(report, reports) : []),
      ];
      const words = plainText([row.name, paramsText(row.params), row.implementation, ...origin].join(' '));
      return { name: unique(shortened(words), taken), row, report };
    }),
  );
}

function shortened(name: string): string {
  const bytes = Buffer.from(name);
  if (bytes.length <= MOST_BYTES) return name;
  // A character that is cut in two decodes to one that nobody wrote.
  return `${bytes
    .subarray(0, MOST_BYTES)
    .toString()
    .replace(/\uFFFD$/, '')}…`;
}

function unique(name: string, taken: Set<string>): string {
  let own = name;
  for (let n = 2; taken.has(own); n++) own = `${name} #${n}`;
  taken.add(own);
  return own;
}

/** `widthBytes=4 mix=header`. */
export function paramsText(params: SummaryRow['params']): string {
  return Object.entries(params)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

/** Facts that `placeOf` names in any case. */
const ALWAYS_NAMED = ['cpuModel', 'coreCount', 'device', 'policy'];

/** What tells a report from the others of `reports`: machine, device, policy, and whatever else they do not share. */
export function placeOf(
  { conditions, summary }: ConditionsReport,
  reports: readonly ConditionsReport[],
): string[] {
  const { device, policy } = summary.settings;
  const differing = new Set(reports.flatMap((other) => differingFacts(conditions, other.conditions)));
  const others = [...differing]
    .filter((name) => !ALWAYS_NAMED.includes(name) && (conditions[name] ?? null) !== null)
    .map((name) => `${name} ${conditions[name]}`);
  const parts = [machineText(summary.fingerprint), device, policy, ...others];
  return parts.filter((part) => part !== null && part !== '').map((part) => plainText(part!));
}
