/** CSV after RFC 4180: one line a row, figures with their units in the header. */
import { DEVICE_FACTS } from '../../results/conditions.ts';
import type { ConditionsReport } from '../by-conditions.ts';
import { machineText } from '../machine-text.ts';
import { plainText } from '../plain-text.ts';
import type { SummaryRow } from '../summary.ts';
import { paramsText } from './named-rows.ts';

type Value = string | number | null;

/** Column by column: its name, and where a row has it. */
const COLUMNS: readonly (readonly [
  name: string,
  of: (row: SummaryRow, report: ConditionsReport) => Value,
])[] = [
  ['machine', (_, { summary }) => machineText(summary.fingerprint)],
  ...DEVICE_FACTS.map(
    (name) => [name, (_: SummaryRow, { conditions }: ConditionsReport) => conditions[name] ?? null] as const,
  ),
  ['workload', ({ name }) => name],
  ['params', ({ params }) => paramsText(params)],
  ['implementation', ({ implementation }) => implementation],
  ['runtime', ({ runtime }) => runtime],
  ['build', ({ build }) => build],
  ['evidence', ({ evidence }) => evidence],
  ['tier', ({ tier }) => tier],
  ['checksum', ({ checksum }) => checksum],
  ['nsPerOp', ({ nsPerOp }) => nsPerOp?.estimate ?? null],
  ['nsPerOpLow', ({ nsPerOp }) => nsPerOp?.low ?? null],
  ['nsPerOpHigh', ({ nsPerOp }) => nsPerOp?.high ?? null],
  ['opsPerSec', ({ opsPerSec }) => opsPerSec],
  ['payloadBytesPerSec', ({ bytesPerSec }) => bytesPerSec?.payload ?? null],
  ['trafficBytesPerSec', ({ bytesPerSec }) => bytesPerSec?.traffic ?? null],
  ['latencyP50Ns', ({ latencyNs }) => latencyNs?.p50 ?? null],
  ['latencyP90Ns', ({ latencyNs }) => latencyNs?.p90 ?? null],
  ['latencyP99Ns', ({ latencyNs }) => latencyNs?.p99 ?? null],
  ['latencyP999Ns', ({ latencyNs }) => latencyNs?.p999 ?? null],
  ['latencyMaxNs', ({ latencyNs }) => latencyNs?.max ?? null],
  ['forkCount', ({ forkCount }) => forkCount],
  ['roundCount', ({ roundCount }) => roundCount],
  ['reason', ({ reason }) => reason],
];

/** Lines end in CRLF, as RFC 4180 has it. Rows without figures have empty fields, and a reason. */
export function toCsv(reports: readonly ConditionsReport[]): string {
  const header = COLUMNS.map(([name]) => name);
  const rows = reports.flatMap((report) =>
    report.summary.workloads.map((row) => COLUMNS.map(([, of]) => field(of(row, report)))),
  );
  return [header, ...rows].map((fields) => `${fields.join(',')}\r\n`).join('');
}

/**
 * Text that a spreadsheet would take for a formula gets an apostrophe in front, also behind a semicolon, which some
 * take for a separator (OWASP, "CSV Injection"). Numbers are our own, and stay as they are.
 */
function field(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const plain = plainText(value);
  const inert = plain.replace(/(^|;\s*)(?=[=+\-@])/g, "$1'");
  return /[",]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
