import { WrongAnswerError } from '../errors.ts';
import type { ForkProgress, ForkResult, ForkSubject } from '../measure/fork-protocol.ts';
import type { RoundSpan } from '../measure/round-order.ts';
import { Random } from '../random.ts';
import type { Run, SamplesDocument } from '../results/samples.ts';
import { Collected } from './collected.ts';
import { ForkSupply } from './fork-supply.ts';
import { armsOf, type GroupPlan } from './group-plan.ts';
import { measureFork, type Runtime } from './measure-fork.ts';

/** Rounds of one fork. Even, so that every order has its reverse. */
const MIN_ROUNDS = 8;
const MAX_ROUNDS = 200;

/** What a run measures, and for how long. */
export interface RunPlan {
  /** Identity, settings and fingerprint: the head of the file. */
  readonly head: Run;
  readonly groups: readonly GroupPlan[];
  readonly runtimes: readonly Runtime[];
  /** Time of the whole run in milliseconds. Every group gets one fork, whatever the budget. */
  readonly budgetMs: number;
  /** Numbers of forks after which verdicts are read, ascending; the last is the most that a group gets. */
  readonly looks: readonly number[];
  /** A fork that says nothing for so long is given up. */
  readonly silenceMs: number;
  readonly seed: number;
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
  /** Why groups were given up: a fork of theirs crashed, hung or threw. */
  readonly failures: readonly Error[];
}

interface Group extends GroupPlan {
  readonly block: number;
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
  try {
    for (let pass = 0; pass < last; pass++) {
      if (!(await passes.measure(pass))) break;
      if (plan.looks.includes(pass + 1)) passes.leaveOutDecided();
    }
  } finally {
    passes.supply.close();
  }
  return { samples: passes.collected.document(), failures: passes.failures };
}

class Passes {
  readonly collected: Collected;
  readonly failures: Error[] = [];
  readonly supply: ForkSupply;
  private readonly plan: RunPlan;
  private readonly hooks: RunHooks;
  private readonly start = performance.now();
  private readonly span: RoundSpan;
  private groups: readonly Group[];
  private forkCount = 0;

  constructor(plan: RunPlan, hooks: RunHooks) {
    this.plan = plan;
    this.hooks = hooks;
    this.collected = new Collected(plan.head);
    this.supply = new ForkSupply(plan.runtimes);
    this.groups = plan.groups.map((group, block) => ({ ...group, block, lastMs: 0 }));
    // All forks share the time; rounds get half of a share, since what some groups prepare takes more than theirs.
    const budgetMs = plan.budgetMs / (2 * this.groups.length * plan.looks.at(-1)!);
    this.span = { first: 0, budgetMs, atLeast: MIN_ROUNDS, atMost: MAX_ROUNDS };
  }

  /** One fork of each group that there is time for. False where that is none, or where the user ended it. */
  async measure(pass: number): Promise<boolean> {
    const { plan, hooks } = this;
    const before = this.forkCount;
    for (const group of new Random(plan.seed).fork(`pass ${pass}`).shuffle([...this.groups])) {
      if (pass > 0 && this.elapsedMs() + group.lastMs > plan.budgetMs) continue;
      const begin = this.elapsedMs();
      try {
        this.collected.add(group.block, await this.fork(group, pass));
        hooks.save(this.collected.document());
      } catch (error) {
        if (error instanceof WrongAnswerError) throw error;
        // Ctrl-C reaches every process of the terminal: what it ends has not failed.
        if (hooks.signal.aborted) return false;
        this.giveUp(group, error as Error);
      }
      group.lastMs = this.elapsedMs() - begin;
      if (hooks.signal.aborted) return false;
    }
    return this.forkCount > before;
  }

  leaveOutDecided(): void {
    const undecided = this.hooks.undecided(this.collected.document());
    this.groups = this.groups.filter(({ block }) => undecided.has(block));
  }

  private fork({ block, subject }: Group, pass: number): Promise<ForkResult> {
    const { plan, hooks, span } = this;
    const { runtimes, seed, silenceMs } = plan;
    const progress = (state: ForkProgress) => {
      const leftMs = Math.max(0, plan.budgetMs - this.elapsedMs());
      hooks.progress({ ...state, pass, passCount: plan.looks.at(-1)!, leftMs });
    };
    // Shares of a row's time need no verdict, nor does noop: one fork of each group shows them, and the others take
    // half the time.
    const asked = pass === 0 ? subject : withoutNoop(subject);
    const request = { fork: this.forkCount++, block, subject: asked, seed, layers: pass === 0 };
    const { supply } = this;
    return measureFork({ request, runtimes, supply, span }, { silenceMs, progress }, hooks.signal);
  }

  /** A group that fails once would fail again. What its earlier forks measured is kept. */
  private giveUp(group: Group, failure: Error): void {
    this.failures.push(failure);
    this.groups = this.groups.filter((one) => one !== group);
    // What nobody foresaw brings its stack along, which is for whoever mends it.
    const reason = failure.message.split('\n', 1)[0]!;
    const where = { fork: this.forkCount - 1, block: group.block, rounds: 0, reason };
    this.collected.exclude(armsOf(group, this.plan.runtimes).map((arm) => ({ ...arm, ...where })));
    this.hooks.save(this.collected.document());
  }

  private elapsedMs(): number {
    return performance.now() - this.start;
  }
}

function withoutNoop(subject: ForkSubject): ForkSubject {
  if (subject.kind !== 'device') return subject;
  const compared = subject.implementations.filter((implementation) => implementation !== 'noop');
  return compared.length === 0 ? subject : { ...subject, implementations: compared };
}
