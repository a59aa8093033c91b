/** The table of `barometer agents litmus`. */
import { LITMUS_TESTS, type LitmusTest, programText } from '../agent/litmus/tests.ts';
import { machineText } from '../report/machine-text.ts';
import { upperBound } from '../stats/proportion.ts';
import { formatCount, formatPercent } from '../units.ts';
import type { LitmusReport, LitmusRow } from './litmus.ts';

export function litmusText({ fingerprint, rows }: LitmusReport): string {
  const implementations = [...new Set(rows.map(({ implementation }) => implementation))];
  const tests = LITMUS_TESTS.filter(({ name }) => rows.some(({ test }) => test === name));
  const cells = tests.map((test) => [
    `  ${test.variant}`,
    test.model,
    ...implementations.map((one) => {
      const row = rows.find((candidate) => candidate.test === test.name && candidate.implementation === one);
      return row ? cellOf(row) : '';
    }),
  ]);
  const header = ['', 'model', ...implementations];
  const widths = header.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd();
  const lines = tests.flatMap((test, i) => [
    ...(test.shape === tests[i - 1]?.shape ? [] : [headingOf(test)]),
    line(cells[i]!),
  ]);
  return `${[line(header), ...lines, '', ...footer(fingerprint, rows)].join('\n')}\n`;
}

function headingOf(test: LitmusTest): string {
  return `${test.shape}   ${programText(test)}   looked for: ${test.weak}`;
}

/** How often, and what it means. */
function cellOf({ weak, trials, verdict }: LitmusRow): string {
  if (weak > 0)
    return `${formatCount(weak)} seen (${shareText(weak / trials)})${verdict === 'fault' ? ', A FAULT' : ''}`;
  if (verdict === 'not shown') return 'not shown';
  return `none seen (below ${upperBound(0, trials).toExponential(1)})`;
}

function footer(fingerprint: LitmusReport['fingerprint'], rows: readonly LitmusRow[]): string[] {
  const counts = [...new Set(rows.map(({ agents }) => agents))].sort((a, b) => a - b);
  const controls = counts.flatMap((agents) => {
    const members = rows.filter((row) => row.agents === agents);
    const byImplementation = new Map(members.map((row) => [row.implementation, row]));
    const fired = [...byImplementation].map(([implementation, { control }]) => {
      return `${implementation} ${formatCount(control.weak)} of ${formatCount(control.trials)}`;
    });
    const where = [...new Set(members.map(({ pinning }) => pinning))].join('; ');
    return `control, ${agents} agents (${where}): ${members[0]!.control.test} fired in ${fired.join(', ')}`;
  });
  const notShown = rows.some(({ verdict }) => verdict === 'not shown');
  return [
    ...controls,
    ...(notShown
      ? [
          'not shown: a control did not fire, or there are more agents than processors: they may not have run at the same time',
        ]
      : []),
    'model: what ECMA-262 and the WebAssembly threads specification say of the outcome; one that is allowed is no fault',
    `${machineText(fingerprint)}; measured. Bounds are of 95%, as if trials were independent`,
  ];
}

function shareText(share: number): string {
  return share < 0.001 ? share.toExponential(1) : formatPercent(share);
}
