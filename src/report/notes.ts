/** Footnotes of the main table. */
import type { SummaryRow } from './summary.ts';
import { answeringImplementations, type WorkloadLine } from './workload-lines.ts';

/** Whether a row ran in the tier that its implementation is meant to be measured in. */
export function isTopTier({ implementation, tier }: SummaryRow): boolean {
  // Calls through the library do not reach native code: they are TypeScript, whichever implementation was chosen.
  return tier === null || tier === 'turbofan' || (tier === 'native' && implementation === 'native');
}

/** `* not in the top tier: ts ran in maglev (region-copy 4 KiB; region-fill 4 KiB)` */
export function tierNotes(lines: readonly WorkloadLine[]): string[] {
  const places = lines.flatMap(({ heading, label, byImplementation }) =>
    [...byImplementation.values()]
      .filter((row) => !isTopTier(row))
      .map(({ implementation, tier }) => ({
        arm: `${implementation} ran in ${tier}`,
        place: `${heading} ${label}`,
      })),
  );
  return [...Map.groupBy(places, ({ arm }) => arm)].map(
    ([arm, group]) => `* not in the top tier: ${arm} (${group.map(({ place }) => place).join('; ')})`,
  );
}

/** Both byte conventions: payload is in the column, traffic a multiple of it, which need not be the same for all. */
export function bytesNotes(lines: readonly WorkloadLine[]): string[] {
  const factors = lines.flatMap(({ heading, byImplementation }) =>
    [...byImplementation.values()].flatMap(({ bytesPerSec }) =>
      bytesPerSec?.payload && bytesPerSec.traffic
        ? [{ heading, factor: Number((bytesPerSec.traffic / bytesPerSec.payload).toFixed(2)) }]
        : [],
    ),
  );
  const groups = [...Map.groupBy(factors, ({ factor }) => factor)];
  const order = answeringImplementations(lines).join(' | ');
  return groups.map(([factor, group]) => {
    const places =
      groups.length > 1 ? ` (${[...new Set(group.map(({ heading }) => heading))].join('; ')})` : '';
    return `GB/s: payload, ${order}; traffic, that is read plus written, is ${factor} × as much${places}`;
  });
}
