/** Footnotes of the main table. */
import type { RowPlace } from './labels.ts';
import type { SummaryRow } from './summary.ts';

/** A row, and where it stands in its table. */
export interface PlacedRow extends RowPlace {
  row: SummaryRow;
}

/** Where the columns are that this terminal has no room for. */
export const ELSEWHERE = 'in a wider terminal, or with --json';

/** Whether a row ran in the tier that its implementation is meant to be measured in. */
export function isTopTier({ implementation, tier }: SummaryRow): boolean {
  // What answers is another process, in whatever language: it has no tier that could be told.
  if (implementation === 'served') return true;
  // Calls through the library do not reach native code: they are TypeScript, whichever implementation was chosen.
  return tier === null || tier === 'turbofan' || (tier === 'native' && implementation === 'native');
}

/** `* not in the top tier: ts ran in maglev (region-copy 4 KiB; region-fill 4 KiB)` */
export function tierNotes(rows: readonly PlacedRow[]): string[] {
  const places = rows
    .filter(({ row }) => !isTopTier(row))
    .map(({ heading, label, row: { implementation, tier } }) => ({
      arm: `${implementation} ran in ${tier}`,
      place: [heading, label].filter(Boolean).join(' '),
    }));
  return [...Map.groupBy(places, ({ arm }) => arm)].map(
    ([arm, group]) =>
      `* not in the top tier: ${arm} (${[...new Set(group.map(({ place }) => place))].join('; ')})`,
  );
}

/**
 * Both byte conventions: payload is in the column, traffic a multiple of it, which need not be the same for all.
 * @param sides what the figures of one cell are of, in their order
 */
export function bytesNotes(rows: readonly PlacedRow[], sides: readonly string[], isShown: boolean): string[] {
  const factors = rows.flatMap(({ heading, label, row: { bytesPerSec } }) =>
    bytesPerSec?.payload && bytesPerSec.traffic
      ? [
          {
            place: [heading, label].filter(Boolean).join(' '),
            factor: Number((bytesPerSec.traffic / bytesPerSec.payload).toFixed(2)),
          },
        ]
      : [],
  );
  if (factors.length === 0) return [];
  if (!isShown) return [`GB/s, payload and traffic: ${ELSEWHERE}`];
  const groups = [...Map.groupBy(factors, ({ factor }) => factor)].sort(
    ([, a], [, b]) => b.length - a.length,
  );
  const [usual, ...others] = groups.map(([factor, group]) => {
    return {
      times: factor === 1 ? 'as much' : `${factor} × as much`,
      places: new Set(group.map(({ place }) => place)),
    };
  });
  const exceptions = others.map(({ times, places }) => `; ${times} for ${[...places].join(', ')}`).join('');
  return [
    `GB/s: payload, ${sides.join(' | ')}; traffic, that is read plus written, is ${usual!.times}${exceptions}`,
  ];
}

/** What the columns stand for that nobody chose between. */
export function referenceNotes(rows: readonly Pick<PlacedRow, 'row'>[], isNoopShown = true): string[] {
  const has = (name: string) => rows.some(({ row }) => row.implementation === name && row.available);
  return [
    ...(has('native') ? ['native: the reference, the same algorithm in C'] : []),
    ...(has('noop') ? [isNoopShown ? NOOP : `noop, what the harness costs: ${ELSEWHERE}`] : []),
  ];
}

const NOOP = 'noop: JavaScript that walks the accesses and does nothing else: what the harness costs';
