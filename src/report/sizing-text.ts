/** What sizers conclude, in few words. */
import {
  barName,
  type ConcludedBar,
  type Conclusion,
  type SizedPolicy,
  type WrongConclusion,
} from '../results/sizing.ts';
import { formatSize } from '../units.ts';

export function isRun({ applies, notRun }: Conclusion): boolean {
  return applies && notRun === undefined;
}

export function isWrong({ failure, wrong }: Conclusion): boolean {
  return failure !== null || wrong.length > 0;
}

/** `ok`, what is wrong in few characters, or a dash where the consumer does not size such functions. */
export function conclusionText({ applies, notRun, failure, wrong }: Conclusion): string {
  if (notRun !== undefined) return 'not run';
  if (!applies) return '–';
  if (failure !== null) return 'exits';
  return wrong.length === 0 ? 'ok' : wrong.map(wrongText).join(', ');
}

function wrongText({ barIdx, what }: WrongConclusion): string {
  return `${barName(barIdx)} ${what}`;
}

/** A wrong conclusion, and what follows from it for who uses the device. */
export interface Consequence {
  readonly what: string;
  readonly consequence: string;
  /** Who concludes it, and under which policy. */
  readonly places: readonly { readonly policy: string; readonly sizer: string }[];
}

/** Each distinct one, in the order of the table. */
export function consequencesOf(policies: readonly SizedPolicy[]): Consequence[] {
  const all = policies.flatMap(({ policy, sizers }) =>
    sizers.flatMap((one) =>
      conclusionsOf(one).map((wrong) => ({ ...wrong, place: { policy, sizer: one.sizer } })),
    ),
  );
  const distinct = Map.groupBy(all, ({ what, consequence }) => JSON.stringify([what, consequence]));
  return [...distinct.values()].map((alike) => {
    const { what, consequence } = alike[0]!;
    return { what, consequence, places: alike.map(({ place }) => place) };
  });
}

function conclusionsOf({ failure, wrong }: Conclusion) {
  return failure !== null
    ? [{ what: 'exits', consequence: failure }]
    : wrong.map((bar) => ({ what: wrongText(bar), consequence: bar.consequence }));
}

/** Why sizers were not run, each reason once. */
export function notRunTexts(policies: readonly SizedPolicy[]): string[] {
  const reasons = policies.flatMap(({ sizers }) => sizers.flatMap(({ notRun }) => notRun ?? []));
  return [...new Set(reasons)].map((reason) => `not run: ${reason}`);
}

const BEHIND: Readonly<Record<string, string>> = {
  'gpu-memory': ' (GPU memory)',
  'virtio-legacy': ' (virtio)',
};

/** `2 mem64p 128 GiB (GPU memory), ROM 64 KiB`. */
export function barsText(bars: readonly (ConcludedBar & { readonly behind?: string })[]): string {
  return bars.length === 0
    ? 'no BAR'
    : bars.map((bar) => `${barText(bar)}${behindText(bar.behind)}`).join(', ');
}

function behindText(behind = ''): string {
  return Object.hasOwn(BEHIND, behind) ? BEHIND[behind]! : '';
}

function barText({ barIdx, kind, prefetchable, sizeBytes }: ConcludedBar): string {
  const type = kind === 'rom' ? [] : [`${kind}${prefetchable ? 'p' : ''}`];
  return [barName(barIdx), ...type, formatSize(BigInt(sizeBytes))].join(' ');
}
