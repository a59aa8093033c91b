/**
 * V8's own log of the code that it makes and gives up (`--log-code --log-deopt`): lines of fields with commas between,
 * commas inside a field written as `\x2C`. Written by V8 14 as
 *
 *     code-creation,JS,13,359972,0x7f3dbc032840,1044,readPass file:///…/timed-loop.js?arm=0:90:25,0x30da38e457c8,*'
 *     code-creation,JS,5,350594,0x10918edad8c0,320,wasm-function[53],0x17d6c725,*
 *     code-deopt,353464,2368,0x7f4e4803abc0,-1,4252,deopt-eager,<file:///…/timed-loop.js?arm=1:93:5>,wrong map
 */
import type { Tier } from '../results/samples.ts';

/**
 * The last code that V8 made of a function. Functions go by where they stand, `file:///…/timed-loop.js?arm=0:90:25` (from
 * 1), or `wasm-function[53]`.
 */
export interface CompiledCode {
  readonly tier: Tier;
  /** Of machine code, with what V8 keeps beside it; of the bytecodes where there is none. */
  readonly sizeBytes: number;
  /** Why optimised code of it was left, and how often for that reason. */
  readonly deoptimisations: readonly Deoptimisation[];
}

export interface Deoptimisation {
  readonly reason: string;
  count: number;
}

/** V8's marks (`CodeKindToMarker`), without those of how it was compiled: `o` on stack replacement, `'` aside. */
const TIERS: Readonly<Record<string, Tier>> = {
  '*': 'turbofan',
  '+': 'maglev',
  // Baseline code counts as interpreter, as in tier.ts.
  '^': 'interpreter',
  '~': 'interpreter',
};

const END_NAME = 'barometer-profile-ends';
/** Put together, so that it stands in no source of ours: V8 writes these into its log, too. */
const END = `sourceURL=${END_NAME}`;

/** Ends the log: code that V8 makes after this is not of the profile. It writes down the source of the script that it is given. */
export function endCodeLog(): void {
  new Function(`//# ${END}`)();
}

interface Known {
  readonly tier: Tier;
  readonly sizeBytes: number;
  readonly deoptimisations: Deoptimisation[];
}

/** No loss: code of a lower tier makes way inside a running loop. */
const REPLACED = /on stack replacement/;

export function parseCodeLog(text: string): ReadonlyMap<string, CompiledCode> {
  const found = new Map<string, Known>();
  const placeByAddress = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line.includes(END)) break;
    const fields = line.split(',');
    if (fields[0] === 'code-creation') addCode(fields, found, placeByAddress);
    if (fields[0] === 'code-deopt') {
      // By its address: the place that the line names may be of a function that V8 had put into it.
      const code = found.get(placeByAddress.get(fields[3]!) ?? '');
      leave(code, fields.slice(8).join(',').replaceAll('\\x2C', ','));
    }
  }
  return found;
}

function addCode(
  [, , , , address, size, name, , marks]: readonly string[],
  found: Map<string, Known>,
  placeByAddress: Map<string, string>,
): void {
  const place = placeOf(name ?? '');
  const tier = place === null ? undefined : tierOf(place, marks ?? '');
  if (place === null || tier === undefined) return;
  placeByAddress.set(address!, place);
  const deoptimisations = found.get(place)?.deoptimisations ?? [];
  found.set(place, { tier, sizeBytes: Number(size), deoptimisations });
}

function leave(code: Known | undefined, reason: string): void {
  if (!code || REPLACED.test(reason)) return;
  const known = code.deoptimisations.find((deoptimisation) => deoptimisation.reason === reason);
  if (known) known.count++;
  else code.deoptimisations.push({ reason, count: 1 });
}

/** `name url:line:column` of scripts, where functions may have no name. */
function placeOf(name: string): string | null {
  if (/^wasm-function\[\d+\]$/.test(name)) return name;
  const place = name.slice(name.indexOf(' ') + 1).replaceAll('\\x2C', ',');
  return /:\d+:\d+$/.test(place) ? place : null;
}

function tierOf(place: string, marks: string): Tier | undefined {
  if (place.startsWith('wasm-')) return marks.includes('*') ? 'turbofan' : 'liftoff';
  return TIERS[marks.replace(/[o']/g, '')];
}
