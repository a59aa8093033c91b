/** Starts and stacks as a person reads them: lines of text. */

import { armKey } from '../results/samples.ts';
import { mostOf } from '../stats/extent.ts';
import { formatDigits, formatNs } from '../units.ts';
import { labelCell } from './fit.ts';
import type { Cell, GridLine } from './grid.ts';
import { armNamer, fullLabel, type LabelContext } from './labels.ts';
import type { PhaseSummary } from './phases.ts';
import type { Share } from './shares.ts';
import { STACK_PARTS, type StackPart, type StackRow } from './stack.ts';
import { EMPTY, MISSING } from './times.ts';

/** Stacks that a report has room for. */
const MOST_STACKS = 12;

/** `wasm    compile 3.1 ms · instantiate 0.4 ms · first pass 5.2× steady`, one line for each that was started. */
export function phaseLines(phases: readonly PhaseSummary[]): string[] {
  const arms = phases.map((phase) => ({ ...phase, workload: '', params: {} }));
  const names = arms.map(armNamer(arms));
  const width = mostOf(
    names.map((name) => name.length),
    0,
  );
  return phases.map(({ compileNs, instantiateNs, firstOverSteady }, i) => {
    const parts = [
      compileNs && `compile ${formatNs(compileNs.estimate)}`,
      instantiateNs && `instantiate ${formatNs(instantiateNs.estimate)}`,
      firstOverSteady && `first pass ${formatDigits(firstOverSteady.estimate)}× steady`,
    ];
    return `${names[i]!.padEnd(width)}  ${parts.filter((part) => part !== null).join(' · ')}`;
  });
}

/**
 * All rows where they are few. Of many, those of the first parameters of each workload, for as long as there is room;
 * at least one workload.
 */
export function chosenStacks(rows: readonly StackRow[]): StackRow[] {
  if (rows.length <= MOST_STACKS) return [...rows];
  const shown: StackRow[] = [];
  for (const members of Map.groupBy(rows, ({ workload }) => workload).values()) {
    const first = paramsKey(members[0]!);
    const group = members.filter((row) => paramsKey(row) === first);
    if (shown.length === 0 || shown.length + group.length <= MOST_STACKS) shown.push(...group);
  }
  return shown;
}

function paramsKey(row: StackRow): string {
  return armKey({ ...row, implementation: '', runtime: '', build: '' });
}

/**
 * One line a row: `config-read batch 4 B, header  wasm  0.62 ns: harness 45% · decode 40% · bounds ≈0`, the largest
 * part first. What is none by rule is left out; what was not measured apart is named with what it is in.
 */
export function stackLines(rows: readonly StackRow[], settings: LabelContext): string[] {
  const nameOf = armNamer(rows);
  const heads = rows.map((row) => [
    fullLabel(row.workload, row.params, settings),
    nameOf(row),
    formatNs(row.nsPerOp),
  ]);
  const widths = [0, 1, 2].map((i) =>
    mostOf(
      heads.map((head) => head[i]!.length),
      0,
    ),
  );
  return rows.map((row, r) => {
    const [label, name, time] = heads[r]!.map((text, i) =>
      i === 2 ? text.padStart(widths[i]!) : text.padEnd(widths[i]!),
    );
    return `${label}  ${name}  ${time}: ${stackText(row)}`;
  });
}

/** The same as a table, a column for each part. What is none by rule is blank. */
export function stackGrid(rows: readonly StackRow[], settings: LabelContext): GridLine[] {
  const nameOf = armNamer(rows);
  const titles = ['', '', 'time', ...STACK_PARTS].map((text): Cell => ({ text, style: 'dim' }));
  let above = '';
  const lines = rows.map((row): GridLine => {
    const label = fullLabel(row.workload, row.params, settings);
    const first = label === above ? { text: '' } : labelCell(label);
    above = label;
    const shares = STACK_PARTS.map((part) => shareCell(row.stack[part]));
    return {
      cells: [first, { text: nameOf(row), align: 'left' }, { text: formatNs(row.nsPerOp) }, ...shares],
    };
  });
  return [{ cells: titles }, ...lines];
}

function shareCell(share: Share | null): Cell {
  if (share === null) return MISSING;
  return isNone(share) ? EMPTY : { text: shareText(share) };
}

/** What the table of stacks does not say of itself. */
export function stackNotes(rows: readonly StackRow[]): string[] {
  const shares = rows.flatMap(({ stack }) => STACK_PARTS.map((part) => stack[part]));
  return [
    ...(shares.includes(null) ? [`${MISSING.text} was not measured apart: it is in decode`] : []),
    ...(shares.some((share) => share && share.high < 0)
      ? ['below 0: the parts take less together than each alone']
      : []),
  ];
}

/** Nothing of the kind is there to be measured. */
export function isNone({ share, low, high }: Share): boolean {
  return share === 0 && low === 0 && high === 0;
}

function stackText({ stack }: StackRow): string {
  const parts = STACK_PARTS.flatMap((part): { part: StackPart; share: Share }[] => {
    const share = stack[part];
    return share && !isNone(share) ? [{ part, share }] : [];
  });
  parts.sort((a, b) => b.share.share - a.share.share);
  const apart = STACK_PARTS.filter((part) => stack[part] === null);
  return parts
    .map(({ part, share }) => {
      const name = part === 'decode' && apart.length > 0 ? `decode with ${apart.join(' and ')}` : part;
      return `${name} ${shareText(share)}`;
    })
    .join(' · ');
}

/** `≈0` where the interval cannot tell a share from none; negative as it is, since it then says that layers overlap. */
export function shareText({ share, low, high }: Share): string {
  if (low <= 0 && high >= 0) return '≈0';
  const percent = 100 * share;
  return `${Math.abs(percent) < 1 ? percent.toFixed(1) : percent.toFixed(0)}%`;
}
