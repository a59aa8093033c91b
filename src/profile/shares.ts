/** What the time of a frame counts as. */
import {
  PROFILE_PARTS as PARTS,
  type ProfilePart as Part,
  PROFILE_SHARES as SHARES,
  type ProfileShare as Share,
} from '../results/profile.ts';
import { shareInterval } from '../stats/proportion.ts';

export { PARTS, type Part, SHARES, type Share };

interface Rule {
  readonly share: Share;
  /** Below the repository, `src/device/ts/copy.ts`; empty where V8 knows of none. */
  readonly file: RegExp;
  readonly name?: RegExp;
}

/**
 * The first that fits decides; a frame that none fits counts as its caller does: what V8 and Node have built in is there
 * for whoever called it. Files have the same names in AssemblyScript and in TypeScript.
 */
const RULES: readonly Rule[] = [
  { share: 'gc', file: /^$/, name: /^\(garbage collector\)$/ },
  { share: 'other', file: /^$/, name: /^\((root|program|idle|not sampled)\)$/ },
  // V8 puts the wrapper of an export into the function that calls it once that is optimised; before, it is a frame.
  { share: 'boundary', file: /^(wasm:.*)?$/, name: /^(js-to-wasm|wasm-to-js)/ },
  { share: 'boundary', file: /^src\/device\/wasm\// },
  // The methods of `wasmTarget`: nothing but the call of an export.
  {
    share: 'boundary',
    file: /^src\/measure\/timed-loop\.ts$/,
    name: /^(configRead|configWrite|regionRead|regionWrite|runBatch)$/,
  },
  { share: 'native', file: /^$/, name: /^\(native call\)$/ },
  { share: 'native', file: /^src\/device\/native\// },
  // Planning an access is no copy.
  { share: 'decode', file: /\/io\.ts$/, name: /^io/ },
  { share: 'copy', file: /^(assembly|src\/device\/ts)\/(copy|direct-runs|io)\.ts$/ },
  { share: 'decode', file: /^(assembly|src\/device)\// },
  { share: 'harness', file: /^src\// },
];

export interface FramePlace {
  readonly name: string;
  readonly file: string;
}

/** What a frame counts as that `caller` has called. */
export function shareOf({ name, file }: FramePlace, caller: Share): Share {
  const rule = RULES.find((rule) => rule.file.test(file) && (rule.name?.test(name) ?? true));
  return rule?.share ?? caller;
}

/**
 * Loops over packed accesses, which do the work as they walk: the walk is `harness` in a cost stack as far as one alone
 * takes, and that of direct work is in `copy`.
 */
const WALK = /^(assembly|src\/device\/ts)\/(access|access-batch|(config|region|direct)-runs)\.ts$/;

/** The loop reads the last word of each read, and waits there until it has been copied. */
const WAITS_FOR_COPY = /^regionPass$/;

/** A frame with its share, and what its caller counts as. */
interface CalledFrame extends FramePlace {
  readonly share: Share;
  readonly caller: Share;
}

/**
 * Parts that a cost stack may count time of a frame as, besides the frame's share. Samples go to functions, and these
 * hold work of several parts, or work that runs at the same time.
 */
export function openTo({ name, file, share, caller }: CalledFrame): readonly Part[] {
  // C is one frame; what V8 and Node do is nobody's.
  if (share === 'native' || share === 'gc' || share === 'other') return PARTS;
  // V8 puts the call of an export into its caller, and that into the loop.
  if (share === 'harness') return WAITS_FOR_COPY.test(name) ? ['boundary', 'copy'] : ['boundary'];
  if (share === 'boundary') return ['harness'];
  const walk: readonly Part[] = WALK.test(file) ? ['harness', 'copy'] : [];
  return caller === 'harness' || caller === 'boundary' ? [...walk, ...entryOf(file)] : walk;
}

/** What else there is in a function of the device that the loop calls. */
function entryOf(file: string): readonly Part[] {
  // Calls of nothing, which `boundary` is the time of, enter a function of the module and return from it, too.
  if (file.startsWith('assembly/')) return ['boundary'];
  // V8 makes one function of it and the loop, and mixes their instructions.
  return file.startsWith('src/device/ts/') ? ['harness'] : [];
}

export interface ShareEstimate {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** Of all samples of these frames, by share: all of them, and together 1; 0 each where there is no sample. */
export function sharesOf(
  frames: readonly { readonly share: Share }[],
): Readonly<Record<Share, ShareEstimate>> {
  const shares = SHARES.map((share) => {
    const found = frames.filter((frame) => frame.share === share).length;
    return [share, estimateOf(found, frames.length)] as const;
  });
  return Object.fromEntries(shares) as Record<Share, ShareEstimate>;
}

function estimateOf(found: number, total: number): ShareEstimate {
  if (total === 0) return { share: 0, low: 0, high: 1 };
  return { share: found / total, ...shareInterval(found, total) };
}
