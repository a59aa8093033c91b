/** What happens once in each process. */

import type { Estimate } from '../../stats/bootstrap.ts';
import { formatDigits, formatNs } from '../../units.ts';
import { armNamer } from '../labels.ts';
import type { Summary } from '../summary.ts';
import { type Html, html, type Insertion } from './escape.ts';
import { estimated, quantity } from './quantity.ts';
import { section, table } from './section.ts';

const TEXT = {
  title: 'Start of a process',
  note: 'Times with their intervals over processes; the first pass of a workload over its steady time in the same process.',
};

export function startSection({ phases }: Summary): Html {
  if (phases.length === 0) return html``;
  const arms = phases.map((phase) => ({ ...phase, workload: '', params: {} }));
  const nameOf = armNamer(arms);
  const columns = [
    { title: 'arm', kind: 'text' },
    { title: 'compile', kind: 'number' },
    { title: 'instantiate', kind: 'number' },
    { title: 'first pass', kind: 'number' },
    { title: 'processes', kind: 'number' },
  ] as const;
  const rows = arms.map((arm) => [
    nameOf(arm),
    known(arm.compileNs, formatNs),
    known(arm.instantiateNs, formatNs),
    known(arm.firstOverSteady, (ratio) => `${formatDigits(ratio)}×`),
    quantity(arm.forks, String(arm.forks)),
  ]);
  return section(TEXT, [table({ caption: TEXT.title, columns, rows })]);
}

function known(figure: Estimate | null, format: (value: number) => string): Insertion {
  return figure === null ? null : estimated(figure, format);
}
