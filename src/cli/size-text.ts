/** The text of `barometer size`: a table of what is wrong, what follows from it, and what would be right. */

import { layTexts } from '../report/grid.ts';
import { plainText } from '../report/plain-text.ts';
import { type PresentedBar, presentedText } from '../workload/sizer/presented-bars.ts';
import { ROM_BAR_IDX } from '../workload/sizer/sizing.ts';
import type { WrongBar } from '../workload/sizer/wrong-bars.ts';
import type { PolicyReport, SizeReport, SizerReport } from './size.ts';

/** Rows are policies, columns consumers. Ends with a newline. */
export function sizeText({ device, policies }: SizeReport): string {
  const consumers = policies[0]!.sizers.map(({ sizer }) => sizer);
  const table = policies.map(({ policy, sizers }) => [policy, ...sizers.map(cellText)]);
  const sections = [
    [`${plainText(device)}: what each consumer gets wrong, by policy`],
    layTexts([['', ...consumers], ...table]),
    layTexts(consequences(policies)),
    notRunLines(policies),
    [
      'The device presents:',
      ...layTexts(policies.map(({ policy, expected }) => [`  ${policy}`, barList(expected)])),
    ],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** `ok`, what is wrong in few characters, or a dash where the consumer does not size such functions. */
function cellText({ sizing, notRun, wrong }: SizerReport): string {
  if (notRun !== null) return 'not run';
  if (sizing === null) return '–';
  if (sizing.failure !== null) return 'exits';
  return wrong.length === 0 ? 'ok' : wrong.map(wrongText).join(', ');
}

function wrongText({ barIdx, what }: WrongBar): string {
  return `${barIdx === ROM_BAR_IDX ? 'ROM' : barIdx} ${what}`;
}

/** One line for each distinct wrong conclusion, in the order of the table. */
function consequences(policies: readonly PolicyReport[]): string[][] {
  const lines = new Map<string, string[]>();
  for (const { sizers } of policies) {
    for (const { sizing, wrong } of sizers) {
      const rows =
        sizing !== null && sizing.failure !== null
          ? [['exits', sizing.failure]]
          : wrong.map((bar) => [wrongText(bar), bar.consequence]);
      for (const row of rows) lines.set(row.join(), row);
    }
  }
  return [...lines.values()];
}

function notRunLines(policies: readonly PolicyReport[]): string[] {
  const reasons = policies.flatMap(({ sizers }) => sizers.flatMap(({ notRun }) => notRun ?? []));
  return [...new Set(reasons)].map((reason) => `not run: ${reason}`);
}

function barList(bars: readonly PresentedBar[]): string {
  return bars.length === 0 ? 'no BAR' : bars.map(presentedText).join(', ');
}
