/** The text of `barometer size`: a table of what is wrong, what follows from it, and what would be right. */

import { layTexts } from '../report/grid.ts';
import { plainText } from '../report/plain-text.ts';
import { barsText, conclusionText, consequencesOf, notRunTexts } from '../report/sizing-text.ts';
import type { SizingDocument } from '../results/sizing.ts';

/** Rows are policies, columns consumers. Ends with a newline. */
export function sizeText({ device, policies }: SizingDocument): string {
  const consumers = policies[0]!.sizers.map(({ sizer }) => sizer);
  const table = policies.map(({ policy, sizers }) => [policy, ...sizers.map(conclusionText)]);
  const sections = [
    [`${plainText(device)}: what each consumer gets wrong, by policy`],
    layTexts([['', ...consumers], ...table]),
    layTexts(consequencesOf(policies).map(({ what, consequence }) => [what, consequence])),
    notRunTexts(policies),
    [
      'The device presents:',
      ...layTexts(policies.map(({ policy, expected }) => [`  ${policy}`, barsText(expected)])),
    ],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}
