/** How far the agents of a row ran together: what its figures say of sharing rests on that. */

import type { SampleSeries } from '../results/samples.ts';
import { extentOf, mostOf } from '../stats/extent.ts';
import { median } from '../stats/median.ts';
import { formatNs } from '../units.ts';

export interface Sharing {
  /** Share of a window in which all agents ran: the median of forks, each the median of its windows. */
  overlap: number;
  /** From the first start to the last one, in nanoseconds: likewise. */
  startSkewNs: number;
  /** Jain's index of the agents' rates, from 1/n to 1, where all are equal: likewise. */
  fairness: number;
  /** The slowest rate over the fastest: likewise. */
  leastShare: number;
  /** Windows that were left out, because agents did not run together. */
  windowsApart: number;
  /** Where the agents ran, or why not on processors of their own. */
  pinning: string[];
  /** What others read meanwhile; absent where nobody did. */
  load?: Load;
}

export interface Load {
  /** Bytes per second that the schedule of all loads together asks for; null where it asks for as much as can be had. */
  offeredBytesPerSec: number | null;
  /** What they have read: the median of forks, each the median of its windows. */
  bytesPerSec: number;
}

/** Nothing where the series are not of agents, or do not say all of it. */
export function sharingOf(list: readonly SampleSeries[]): { sharing?: Sharing } {
  const figures = (name: 'overlap' | 'startSkewNs' | 'windowsApart' | 'fairness' | 'leastShare') =>
    list.map((series) => series[name]).filter((value) => value !== undefined);
  const isWhole = (['overlap', 'startSkewNs', 'fairness', 'leastShare'] as const).every(
    (name) => figures(name).length > 0,
  );
  if (!isWhole) return {};
  return {
    sharing: {
      overlap: median(figures('overlap')),
      startSkewNs: median(figures('startSkewNs')),
      fairness: median(figures('fairness')),
      leastShare: median(figures('leastShare')),
      windowsApart: figures('windowsApart').reduce((sum, count) => sum + count, 0),
      pinning: [...new Set(list.flatMap(({ pinning }) => pinning ?? []))],
      ...loadOf(list),
    },
  };
}

function loadOf(list: readonly SampleSeries[]): { load?: Load } {
  const read = list.flatMap(({ loadBytesPerSec }) => loadBytesPerSec ?? []);
  if (read.length === 0) return {};
  const offeredBytesPerSec = list[0]!.loadOfferedBytesPerSec ?? null;
  return { load: { offeredBytesPerSec, bytesPerSec: median(read) } };
}

/** `overlap 98% to 100%, starts within 1.2 µs, one processor each`; empty where no row is of agents. */
export function sharingText(rows: readonly { readonly sharing?: Sharing }[]): string {
  const all = rows.flatMap(({ sharing }) => sharing ?? []);
  if (all.length === 0) return '';
  const overlaps = all.map(({ overlap }) => Math.floor(overlap * 100));
  const [least, most] = extentOf(overlaps);
  const skew = formatNs(mostOf(all.map(({ startSkewNs }) => startSkewNs)));
  const apart = all.reduce((sum, { windowsApart }) => sum + windowsApart, 0);
  return [
    `together for ${least === most ? least : `${least}% to ${most}`}% of the time`,
    `starts within ${skew}`,
    `fairness ${rangeText(all.map(({ fairness }) => fairness))} (Jain), the slowest ` +
      `${rangeText(all.map(({ leastShare }) => leastShare))} of the fastest`,
    ...new Set(all.flatMap(({ pinning }) => pinning)),
    ...(apart > 0 ? [`${apart} windows left out in which they were not together for long enough`] : []),
  ].join(', ');
}

/** Whether an operation of the row goes from one agent to another and back: tools differ by that factor of two. */
export function isRoundTrip({ name }: { readonly name: string }): boolean {
  return name.startsWith('agents/ping-pong-');
}

/** `0.81 to 1.00`. */
function rangeText(values: readonly number[]): string {
  const [least, most] = extentOf(values).map((value) => value.toFixed(2));
  return least === most ? least : `${least} to ${most}`;
}
