/** The lines of the main table: which rows stand side by side, and what each line is called. */
import { type Arm, armKey } from '../results/samples.ts';
import { familyOf, rowPlaces } from './labels.ts';
import type { Comparison, Summary, SummaryRow } from './summary.ts';

/** Rows of one workload with equal parameters, runtime and build. */
export interface WorkloadLine {
  /** Family of the workload, with the parameters that all of its lines share. */
  heading: string;
  /** What tells the line from others under its heading; empty where it is the only one. */
  label: string;
  byImplementation: ReadonlyMap<string, SummaryRow>;
  /** wasm over ts, where both were measured. */
  comparison: Comparison | undefined;
  /** Each implementation over native, where both were measured. */
  overNative: ReadonlyMap<string, Comparison>;
}

/** Columns keep this order; implementations that are not listed follow. */
const COLUMN_ORDER = ['wasm', 'ts', 'native'];

/** Lines in the order of their families; each family, and each line in it, where it first appears. */
export function workloadLines(summary: Summary): WorkloadLine[] {
  const comparisons = Map.groupBy(
    summary.comparisons.filter(({ kind }) => kind === 'implementation'),
    ({ candidate }) => lineKey(candidate),
  );
  const origin = originLabeller(summary.workloads);
  const placeOf = rowPlaces(summary.workloads, summary.settings);
  const families = Map.groupBy(summary.workloads, ({ name }) => familyOf(name));
  const lines = [...families.values()].flatMap((rows) => [
    ...Map.groupBy(rows, (row) => lineKey({ ...row, workload: row.name })),
  ]);
  return lines.map(([key, rows]): WorkloadLine => {
    const { heading, label } = placeOf(rows[0]!);
    return {
      heading,
      label: [label, origin(rows[0]!)].filter(Boolean).join(' '),
      byImplementation: new Map(rows.map((row) => [row.implementation, row])),
      comparison: comparisons.get(key)?.find(({ baseline }) => baseline.implementation === 'ts'),
      overNative: new Map(
        comparisons
          .get(key)
          ?.filter(({ baseline }) => baseline.implementation === 'native')
          .map((comparison) => [comparison.candidate.implementation, comparison]),
      ),
    };
  });
}

/** Runtime and build of a row, where the summary has more than one of them. */
function originLabeller(rows: readonly SummaryRow[]): (row: SummaryRow) => string {
  const varying = (['runtime', 'build'] as const).filter(
    (part) => new Set(rows.map((row) => row[part])).size > 1,
  );
  return (row) => (varying.length > 0 ? `(${varying.map((part) => row[part]).join(', ')})` : '');
}

/** Implementations that have a figure somewhere. noop is none of them: it has a column of its own. */
export function answeringImplementations(lines: readonly WorkloadLine[]): string[] {
  const rows = lines.flatMap(({ byImplementation }) => [...byImplementation.values()]);
  const names = new Set(rows.filter((row) => row.available).map((row) => row.implementation));
  names.delete('noop');
  return [...COLUMN_ORDER.filter((name) => names.delete(name)), ...names];
}

/** The key of an arm without its implementation. */
function lineKey(arm: Omit<Arm, 'implementation'>): string {
  return armKey({ ...arm, implementation: '' });
}
