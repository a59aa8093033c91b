/** What the time of a row is made of, as a bar of its parts. */
import { formatNs } from '../../units.ts';
import { isNone, shareText, stackNotes } from '../cost-lines.ts';
import { armNamer, fullLabel } from '../labels.ts';
import type { Share } from '../shares.ts';
import { STACK_PARTS, type StackRow } from '../stack.ts';
import type { Summary } from '../summary.ts';
import { type Html, html, type Insertion } from './escape.ts';
import { quantity } from './quantity.ts';
import { tenths } from './scale.ts';
import { section, table } from './section.ts';
import { STRIP, strip } from './strip.ts';

const TITLE = 'What the time is made of';

export function stackSection({ stacks, settings }: Summary): Html {
  if (stacks.length === 0) return html``;
  const nameOf = armNamer(stacks);
  const columns = [
    { title: 'workload', kind: 'text' },
    { title: 'arm', kind: 'text' },
    { title: 'time', kind: 'number' },
    { title: 'shares', kind: 'plot' },
    ...STACK_PARTS.map((part, i) => ({ title: html`${swatch(i)}${part}`, kind: 'number' as const })),
  ] as const;
  const rows = stacks.map((row) => [
    fullLabel(row.workload, row.params, settings),
    nameOf(row),
    quantity(row.nsPerOp, formatNs(row.nsPerOp)),
    bar(row),
    ...STACK_PARTS.map((part) => shareCell(row.stack[part])),
  ]);
  const note = [
    'Shares of the time of an operation, of layers measured in the same rounds',
    ...stackNotes(stacks),
  ];
  return section({ title: TITLE, note: `${note.join('; ')}.` }, [table({ caption: TITLE, columns, rows })]);
}

/** Exact as it is; none by rule, and not measured apart, are told from a share of 0. */
function shareCell(share: Share | null): Insertion {
  if (share === null) return html`<span class="missing">–</span>`;
  return isNone(share) ? null : quantity(share.share, shareText(share));
}

/** Parts from the left in their order. A share below 0 says that layers overlap, and has no length. */
function bar({ stack }: StackRow): Html {
  const lengths = STACK_PARTS.map((part) => Math.max(0, stack[part]?.share ?? 0));
  const whole = lengths.reduce((sum, length) => sum + length, 0) || 1;
  let left = 0;
  const parts = lengths.map((length, i) => {
    if (length === 0) return null;
    const x = left;
    const width = (STRIP.right * length) / whole;
    left += width;
    return html`<rect class="series s${i}" x="${tenths(x)}" y="2" width="${tenths(width)}" height="${STRIP.bottom - 4}"/>`;
  });
  return strip('stack', parts);
}

function swatch(i: number): Html {
  return html`<svg class="swatch s${i}" width="10" height="10" viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10"/></svg>`;
}
