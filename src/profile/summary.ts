/** What of a profile is printed: shares, and the functions that the time went to. */
import type { Tier } from '../results/samples.ts';
import type { Deoptimisation } from './code-log.ts';
import type { ArmProfile } from './profile-run.ts';
import { type Share, sharesOf } from './shares.ts';
import { type Stacks, selfTimes } from './stacks.ts';

export interface ProfiledFunction {
  readonly name: string;
  readonly file: string;
  readonly share: Share;
  /** Of all time, spent in itself. */
  readonly selfShare: number;
  /** Of its own code, the last that V8 made; null where V8 made none. Put into its caller, it runs in that one's. */
  readonly tier: Tier | null;
  readonly codeBytes: number | null;
  readonly deoptimisations: readonly Deoptimisation[];
}

export interface ProfileSummary {
  readonly build: string;
  /** Of the code that the passes run in. */
  readonly tier: Tier;
  readonly seesInlined: ArmProfile['seesInlined'];
  readonly nsPerOp: ArmProfile['nsPerOp'];
  readonly samples: number;
  /** From the first sample of a pass to the last; before and after it there is only the profiler. */
  readonly profiledMs: number;
  readonly outsideMs: number;
  readonly shares: Readonly<Record<Share, number>>;
  /** In the order of their own time. Their shares of it add up to 1. */
  readonly functions: readonly ProfiledFunction[];
}

export function summaryOf(
  { code, build, tier, seesInlined, nsPerOp }: ArmProfile,
  stacks: Stacks,
): ProfileSummary {
  const times = selfTimes(stacks);
  const totalUs = times.reduce((sum, { selfUs }) => sum + selfUs, 0);
  const functions = times.map(({ frame: { name, file, share, place }, selfUs }): ProfiledFunction => {
    const own = code.get(place);
    const { tier = null, sizeBytes = null, deoptimisations = [] } = own ?? {};
    return { name, file, share, selfShare: selfUs / totalUs, tier, codeBytes: sizeBytes, deoptimisations };
  });
  const [profiledMs, outsideMs] = [totalUs / 1000, stacks.outsideUs / 1000];
  const samples = stacks.takenCount;
  return {
    build,
    tier,
    seesInlined,
    nsPerOp,
    samples,
    profiledMs,
    outsideMs,
    shares: sharesOf(times),
    functions,
  };
}
