import { type DeviceFlags, specFromFlags } from '../device/device-flags.ts';
import type { NativeBuild } from '../device/native/native-build.ts';
import { buildOf, fingerprint } from '../measure/fingerprint.ts';
import type { BuildRequest, ForkProgress, ForkResult } from '../measure/fork-protocol.ts';
import type { RoundSpan } from '../measure/rounds.ts';
import { Random } from '../random.ts';
import type { Exclusion, Run, SamplesDocument } from '../results/samples.ts';
import type { Implementation } from '../types.ts';
import type { Workload } from '../workload/scenario.ts';
import { Collected } from './collected.ts';
import { ForkFailed } from './fork.ts';
import { measureFork, type Runtime } from './measure-fork.ts';

/** Rounds of one fork. Even, so that every order has its reverse. */
const MIN_ROUNDS = 12;
const MAX_ROUNDS = 40;

/** What a run measures. */
export interface RunPlan {
  /** Unique to the run. */
  readonly id: string;
  readonly workloads: readonly Workload[];
  readonly implementations: readonly Implementation[];
  readonly builds: readonly BuildRequest[];
  readonly runtimes: readonly Runtime[];
  readonly device: DeviceFlags;
  readonly nativeBuild: NativeBuild;
  readonly suite: string | null;
  /** Time of the whole run in milliseconds. Every group gets one fork, whatever the budget. */
  readonly budgetMs: number;
  /** Numbers of forks after which verdicts are read, ascending; the last is the most that a group gets. */
  readonly looks: readonly number[];
  readonly margin: number;
  /** A fork that says nothing for so long is given up. */
  readonly silenceMs: number;
  readonly seed: number;
  readonly version: string;
  readonly createdAt: Date;
}

/** Where a run stands, for a progress line. */
export interface Progress extends ForkProgress {
  /** Passes over all groups so far, and the most that there may be. */
  readonly pass: number;
  readonly passCount: number;
  /** Estimated milliseconds to the end of the run. */
  readonly leftMs: number;
}

export interface RunHooks {
  /** Never called inside a timed window. */
  readonly progress: (progress: Progress) => void;
  /** Called after each fork with everything measured so far. */
  readonly save: (samples: SamplesDocument) => void;
  /** Ends the run at the next sample; what was measured is kept. */
  readonly signal: AbortSignal;
  /** Blocks some of whose comparisons are open. */
  readonly undecided: (samples: SamplesDocument) => ReadonlySet<number>;
}

export interface RunResult {
  readonly samples: SamplesDocument;
  /** Forks that crashed, hung or threw; their groups were given up, and what they had measured before is kept. */
  readonly failures: readonly ForkFailed[];
}

interface Group {
  readonly block: number;
  readonly workloads: readonly Workload[];
  /** Time that its latest fork took. */
  lastMs: number;
}

/**
 * Measures workloads in passes over their groups: each group in a fresh process, in a random order. After every pass
 * that is a look, groups whose comparisons are all decided are left out. Saved after each fork.
 * @throws WrongAnswerError where an answer is wrong; what was measured before is saved
 */
export async function runWorkloads(plan: RunPlan, hooks: RunHooks): Promise<RunResult> {
  const passes = new Passes(plan, hooks);
  const last = plan.looks.at(-1)!;
  for (let pass = 0; pass < last; pass++) {
    if (!(await passes.measure(pass))) break;
    if (plan.looks.includes(pass + 1)) passes.leaveOutDecided();
  }
  return { samples: passes.collected.document(), failures: passes.failures };
}

class Passes {
  readonly collected: Collected;
  readonly failures: ForkFailed[] = [];
  private readonly plan: RunPlan;
  private readonly hooks: RunHooks;
  private readonly start = performance.now();
  private readonly span: RoundSpan;
  private groups: readonly Group[];
  private forkCount = 0;

  constructor(plan: RunPlan, hooks: RunHooks) {
    this.plan = plan;
    this.hooks = hooks;
    this.collected = new Collected(documentHead(plan));
    this.groups = groupsOf(plan.workloads);
    // If nobody's comparisons were decided early, all forks would share the time.
    const budgetMs = plan.budgetMs / (this.groups.length * plan.looks.at(-1)!);
    this.span = { first: 0, budgetMs, atLeast: MIN_ROUNDS, atMost: MAX_ROUNDS };
  }

  /** One fork of each group. False where time or the user ended it. */
  async measure(pass: number): Promise<boolean> {
    const { plan, hooks } = this;
    for (const group of new Random(plan.seed).fork(`pass ${pass}`).shuffle([...this.groups])) {
      if (pass > 0 && this.elapsedMs() + group.lastMs > plan.budgetMs) return false;
      const begin = this.elapsedMs();
      try {
        this.collected.add(group.block, await this.fork(group, pass));
        hooks.save(this.collected.document());
      } catch (error) {
        if (!(error instanceof ForkFailed)) throw error;
        this.giveUp(group, error);
      }
      group.lastMs = this.elapsedMs() - begin;
      if (hooks.signal.aborted) return false;
    }
    return this.groups.length > 0;
  }

  leaveOutDecided(): void {
    const undecided = this.hooks.undecided(this.collected.document());
    this.groups = this.groups.filter(({ block }) => undecided.has(block));
  }

  private fork({ block, workloads }: Group, pass: number): Promise<ForkResult> {
    const { plan, hooks, span } = this;
    const { implementations, builds, device, nativeBuild, seed, version } = plan;
    const fork = this.forkCount++;
    const request = { fork, block, workloads, implementations, builds, device, nativeBuild, seed, version };
    const progress = (state: ForkProgress) => {
      const leftMs = Math.max(0, plan.budgetMs - this.elapsedMs());
      hooks.progress({ ...state, pass, passCount: plan.looks.at(-1)!, leftMs });
    };
    return measureFork(
      { name: workloads[0]!.name, request, runtimes: plan.runtimes, span },
      { silenceMs: plan.silenceMs, progress },
      hooks.signal,
    );
  }

  /** A group that fails once would fail again. */
  private giveUp(group: Group, failure: ForkFailed): void {
    this.failures.push(failure);
    this.groups = this.groups.filter((one) => one !== group);
    this.collected.exclude(this.exclusions(group, failure.message));
    this.hooks.save(this.collected.document());
  }

  private exclusions({ block, workloads }: Group, reason: string): Exclusion[] {
    const { implementations, builds, runtimes, version } = this.plan;
    const fork = this.forkCount - 1;
    return workloads.flatMap(({ name: workload, params }) =>
      implementations.flatMap((implementation) =>
        builds.flatMap(({ label }) =>
          runtimes.map(({ label: runtime }) => {
            const build = label + buildOf(implementation, version);
            return { workload, params, implementation, runtime, build, fork, block, rounds: 0, reason };
          }),
        ),
      ),
    );
  }

  private elapsedMs(): number {
    return performance.now() - this.start;
  }
}

function groupsOf(workloads: readonly Workload[]): Group[] {
  const groups = Map.groupBy(workloads, ({ group }) => group);
  return [...groups.values()].map((members, block) => ({ block, workloads: members, lastMs: 0 }));
}

function documentHead(plan: RunPlan): Run {
  const { device, policy, generation, resmem } = specHead(plan);
  return {
    id: plan.id,
    createdAt: plan.createdAt.toISOString(),
    settings: {
      seed: plan.seed,
      device,
      policy,
      suite: plan.suite,
      budgetMs: plan.budgetMs,
      margin: plan.margin,
      looks: [...plan.looks],
      implementations: plan.implementations,
      generation,
      resmem,
    },
    fingerprint: fingerprint(plan.implementations),
  };
}

function specHead({ device }: RunPlan) {
  const { policy, generation, resmem } = specFromFlags(device);
  return { device: device.device, policy, generation, resmem };
}
