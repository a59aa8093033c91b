/** What the terminal and the page both say of a profile. */
import {
  MAX_SPAN,
  type PartVerdict,
  type ProfileDocument,
  type ProfiledFunction,
  type ProfiledPart,
  partVerdict,
} from '../results/profile.ts';
import { formatCount, formatNs } from '../units.ts';
import { machineText } from './machine-text.ts';
import { plainText, wrap } from './plain-text.ts';

const NOTE_WIDTH = 116;

const OWN_CODE =
  "Tier and code are of a function's own code; where V8 has put it into its caller, it runs in that one's.";
/** Which functions the tiers and shares are of. */
export function inliningNote({ seesInlined, fingerprint: { nodeVersion } }: ProfileDocument): string {
  if (seesInlined) return OWN_CODE;
  return (
    `Node ${nodeVersion ?? 'of this profile'} does not say which functions V8 has put into others: their time and their share are those of ` +
    'their caller. Node 26 tells them apart.'
  );
}

/** `1,200 × not int32`. */
export function leftText({ reason, count }: ProfiledFunction['deoptimisations'][number]): string {
  return `${formatCount(count)} × ${reason}`;
}

/** Of no verdict: its row has nothing to hold it against. */
const VERDICT_COUNTS: Readonly<Record<PartVerdict | 'none', (count: number) => string>> = {
  agrees: (count) => (count === 1 ? 'agrees' : 'agree'),
  differs: (count) => (count === 1 ? 'differs' : 'differ'),
  'cannot tell': () => 'cannot be told apart by a sampling profiler',
  none: () => 'not measured apart',
};

/** `2 parts agree, 1 differs, 3 cannot be told apart by a sampling profiler`; empty of no parts. */
export function verdictCounts(parts: readonly ProfiledPart[]): string {
  const found = Map.groupBy(parts, (part) => partVerdict(part) ?? 'none');
  const counted = (['agrees', 'differs', 'cannot tell', 'none'] as const).flatMap((verdict) => {
    const count = found.get(verdict)?.length ?? 0;
    return count === 0 ? [] : [{ count, text: VERDICT_COUNTS[verdict](count) }];
  });
  return counted
    .map(({ count, text }, i) =>
      i === 0 ? `${count} ${count === 1 ? 'part' : 'parts'} ${text}` : `${count} ${text}`,
    )
    .join(', ');
}

/** Of one stretch each, between which a machine drifts: what profiling costs takes many (`selftest -- profile`). */
export function speedText({ nsPerOp: { unprofiled, profiled } }: ProfileDocument): string {
  return (
    `an operation took ${formatNs(unprofiled)} before and ${formatNs(profiled)} during the profile, one stretch each: ` +
    'not what profiling costs'
  );
}

/** `Example CPU, 2 cores, Linux 6.12.0, gh200-120gb, core`: machine, device and policy, as of any result. */
export function profilePlace({ fingerprint, settings: { device, policy } }: ProfileDocument): string {
  const told = [device, policy].filter((one): one is string => typeof one === 'string'); // old documents name no policy
  return plainText([machineText(fingerprint), ...told].filter((part) => part !== '').join(', '));
}

/** `seed 1, a sample every 2.00 ms for 4.00 s, wasm 1f2e, Node 26.10.0`: what it takes to make it again. */
export function profileSetup({ settings, build, fingerprint: { nodeVersion } }: ProfileDocument): string {
  const every = formatNs(settings.intervalUs * 1e3);
  const node = typeof nodeVersion === 'string' ? `, Node ${nodeVersion}` : '';
  return plainText(
    `seed ${settings.seed}, a sample every ${every} for ${formatNs(settings.durationMs * 1e6)}, ${build}${node}`,
  );
}

/** A note as lines of the terminal. */
export function noteLines(note: string): string[] {
  return wrap(note, NOTE_WIDTH, '');
}

/** How the two views are to be read, where they are not the same. */
export function partsNotes(parts: readonly ProfiledPart[]): string[] {
  const notes: string[] = [];
  if (parts.some(({ least, most }) => least < most)) {
    notes.push(
      'From least to most: samples go to functions, and some hold work of several parts: the loop and what it calls, which V8 ' +
        'puts the way into WebAssembly into; the entry of a function that is called; the walk over packed accesses.',
    );
  }
  if (parts.some(({ stack }) => stack !== null && (stack.low < 0 || stack.high > 1))) {
    notes.push('Above 100 % or below 0 in the cost stack: the parts take less together than each alone.');
  }
  if (parts.some((part) => partVerdict(part) === 'cannot tell')) {
    notes.push(
      `Cannot tell: the profile, or the cost stack, accepts shares that lie more than ${MAX_SPAN * 100} points apart, so that meeting it says nothing.`,
    );
  }
  if (parts.some(({ agrees }) => agrees === false)) {
    notes.push(
      'Where they differ: a cost stack says what a part adds when it runs alone, a profile where the processor was; ' +
        'work of several parts that overlaps is counted differently.',
    );
  }
  return notes;
}
