/** What of a profile is printed: shares, and the functions that the time went to. */
import type { FoldedStacks, ProfileDocument, ProfiledFunction } from '../results/profile.ts';
import type { Tier } from '../results/samples.ts';
import { partsOf } from './parts.ts';
import type { ArmProfile } from './profile-run.ts';
import { sharesOf } from './shares.ts';
import { isSeen, type Stacks, seenFrames, selfTimes } from './stacks.ts';

type ProfileSummary = Pick<
  ProfileDocument,
  | 'build'
  | 'tier'
  | 'seesInlined'
  | 'nsPerOp'
  | 'samples'
  | 'profiledMs'
  | 'unseenMs'
  | 'outsideMs'
  | 'shares'
  | 'parts'
  | 'functions'
  | 'frames'
  | 'stacks'
>;

export function summaryOf(profile: ArmProfile, stacks: Stacks): ProfileSummary {
  const { build, seesInlined, nsPerOp, stack } = profile;
  const totalUs = stacks.weightsUs.reduce((sum, us) => sum + us, 0);
  const unseenUs = selfTimes(stacks)
    .filter(({ frame }) => !isSeen(frame))
    .reduce((sum, { selfUs }) => sum + selfUs, 0);
  const functions = functionsOf(profile, stacks, totalUs - unseenUs);
  return {
    build,
    tier: tierOf(profile, functions),
    seesInlined,
    nsPerOp: { ...nsPerOp, stack: stack?.nsPerOp ?? null },
    samples: stacks.takenCount,
    profiledMs: totalUs / 1000,
    unseenMs: unseenUs / 1000,
    outsideMs: stacks.outsideUs / 1000,
    shares: sharesOf(seenFrames(stacks)),
    parts: partsOf(stacks, stack?.stack ?? null, seesInlined),
    functions,
    ...foldedOf(stacks),
  };
}

/** Of a share that counts for the tier of all. */
const LARGE_SHARE = 0.05;

/**
 * The arm says which tier the functions have that do its work. Where V8's profiler does not tell apart what it has put
 * into a caller, all functions that it tells ran in their own code, so that the loop around them counts, too; what is above it does not.
 */
function tierOf({ tier, seesInlined }: ArmProfile, functions: readonly ProfiledFunction[]): Tier {
  if (seesInlined || tier === 'native') return tier;
  const isOdd = functions.some(
    (one) => one.selfShare >= LARGE_SHARE && one.tier !== null && one.tier !== tier,
  );
  return isOdd ? 'mixed' : tier;
}

function functionsOf({ code }: ArmProfile, stacks: Stacks, seenUs: number): ProfiledFunction[] {
  const seen = selfTimes(stacks).filter(({ frame }) => isSeen(frame));
  return seen.map(({ frame: { name, file, share, place }, selfUs }) => {
    const { tier = null, sizeBytes = null, deoptimisations = [] } = code.get(place) ?? {};
    const selfShare = selfUs / seenUs;
    return {
      name,
      file,
      share,
      selfShare,
      tier,
      codeBytes: sizeBytes,
      deoptimisations: [...deoptimisations],
    };
  });
}

/** Equal stacks together. */
export function foldedOf({ frames, samples, weightsUs }: Stacks): FoldedStacks {
  const folded = new Map<string, { frames: number[]; us: number }>();
  for (const [i, stack] of samples.entries()) {
    const key = stack.join(' ');
    const known = folded.get(key) ?? { frames: [...stack], us: 0 };
    folded.set(key, known);
    known.us += weightsUs[i]!;
  }
  return {
    frames: frames.map(({ name, file, share }) => ({ name, file, share })),
    stacks: [...folded.values()],
  };
}
