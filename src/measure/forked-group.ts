import { encodeHdr } from '../histogram/hdr.ts';
import { Histogram } from '../histogram/histogram.ts';
import { Random } from '../random.ts';
import { type SampleRow, toSeries } from '../results/rows.ts';
import type { LatencyRecord, UnavailableArm } from '../results/samples.ts';
import { median } from '../stats/median.ts';
import type { Implementation } from '../types.ts';
import { armFacts } from './arm.ts';
import { timerCostNs } from './calibrate-batch.ts';
import { buildOf } from './fingerprint.ts';
import type { DeviceSubject, ForkRequest, ForkResult, ModuleSubject } from './fork-protocol.ts';
import { isTimeable, recordLatencies } from './latency.ts';
import { startRows } from './phases.ts';
import { type GroupHooks, type MadeFirst, prepareDeviceArms, prepareModuleArms } from './prepare-group.ts';
import type { RoundSpan } from './round-order.ts';
import { Rounds } from './rounds.ts';
import { type Answer, verifyAfter } from './verify.ts';

/** For the latencies of one arm in one fork. */
const LATENCY_LIMITS = { budgetNs: 10e6, maxCount: 10_000 };

/** What a fork makes arms of. */
export type ArmRequest = Omit<ForkRequest, 'subject'> & { readonly subject: DeviceSubject | ModuleSubject };

/** One fork's work: prepares the arms of a group, proves their answers, measures rounds, proves the answers again. */
export class ForkedGroup {
  private readonly request: ArmRequest;
  private readonly hooks: GroupHooks;
  private readonly random: Random;
  private unavailable: readonly UnavailableArm[] = [];
  private answers: readonly Answer[] = [];
  private firstPasses: readonly MadeFirst[] = [];
  private rounds: Rounds | null = null;
  private timerNs = 0;

  constructor(request: ArmRequest, hooks: GroupHooks) {
    this.request = request;
    this.hooks = hooks;
    this.random = new Random(request.seed).fork(`fork ${request.fork} block ${request.block}`);
  }

  /** @throws WrongAnswerError where two arms, or an arm and the record, disagree */
  async prepare(): Promise<void> {
    const { subject, runtime, seed, layers } = this.request;
    const { random, hooks } = this;
    const context = { random, hooks, runtime, seed, layers };
    const prepared =
      subject.kind === 'device'
        ? await prepareDeviceArms(subject, context)
        : await prepareModuleArms(subject, context);
    if (hooks.stopped()) return;
    this.unavailable = prepared.unavailable;
    this.answers = prepared.answers;
    this.firstPasses = prepared.firstPasses;
    // Who comes first is drawn, too: the warm-up of one finds the caches of the one before.
    const rounds = new Rounds(random.shuffle(this.answers.map(({ arm }) => arm)), random, (arm, phase) => {
      const { workload, implementation } = arm;
      hooks.progress({ workload: workload.name, implementation, phase });
      return hooks.stopped();
    });
    this.timerNs = timerCostNs();
    if (await rounds.warmUp(this.timerNs)) this.rounds = rounds;
  }

  /** Runs rounds, and returns how many. */
  async measure(span: RoundSpan): Promise<number> {
    return this.rounds && !this.hooks.stopped() ? this.rounds.run(span) : 0;
  }

  /** @throws WrongAnswerError where an arm's answer changed while it was timed */
  finish(): ForkResult {
    const { unavailable, answers } = this;
    const samples = this.rounds?.samples ?? [];
    const latencies = this.recordLatencies();
    if (samples.length > 0) {
      this.hooks.progress({
        workload: answers[0]!.arm.workload.name,
        implementation: null,
        phase: 'checking',
      });
      verifyAfter(answers, samples);
    }
    return { unavailable: [...unavailable], series: toSeries(this.rows()), latencies };
  }

  /** Of arms whose operations are long enough to be timed one by one. */
  private recordLatencies(): LatencyRecord[] {
    const { fork, runtime } = this.request;
    const samples = Map.groupBy(this.rounds?.samples ?? [], ({ arm }) => arm);
    return [...samples].flatMap(([arm, list]) => {
      const nsPerOp = median(list.map(({ durationNs, operations }) => durationNs / operations));
      if (!arm.single || !isTimeable(nsPerOp, this.timerNs)) return [];
      const histogram = Histogram.create();
      recordLatencies(arm.single, histogram, LATENCY_LIMITS);
      const { workload, params, implementation, build } = armFacts(arm);
      const facts = { workload, params, implementation, runtime, build, fork };
      return [{ ...facts, count: histogram.count, histogram: encodeHdr(histogram) }];
    });
  }

  /** What each implementation that has an arm here took to start. */
  private starts(): SampleRow[] {
    const { fork, block, runtime, subject } = this.request;
    if (subject.kind === 'module' || subject.builds.length > 1) return [];
    const { version, builds, implementations } = subject;
    const nameOf = (implementation: string) =>
      builds[0]!.label + buildOf(implementation as Implementation, version);
    return startRows({ runtime, fork, block, buildOf: nameOf }).filter(({ implementation }) =>
      implementations.some((name) => name === implementation),
    );
  }

  private *rows(): Generator<SampleRow> {
    const { fork, block, runtime } = this.request;
    const samples = Map.groupBy(this.rounds?.samples ?? [], ({ arm }) => arm);
    for (const { arm, answer } of this.answers) {
      const facts = {
        ...armFacts(arm),
        runtime,
        checksum: answer,
        evidence: 'measured',
        fork,
        block,
      } as const;
      for (const { round, durationNs, operations, tier } of samples.get(arm) ?? []) {
        yield { ...facts, phase: 'steady', tier, round, durationNs, operations };
      }
      const first = this.firstPasses.find((made) => made.arm === arm);
      if (first && samples.has(arm)) {
        const { tier, durationNs, operations } = first;
        yield { ...facts, phase: 'first', tier, round: 0, durationNs, operations };
      }
    }
    if (samples.size > 0) yield* this.starts();
  }
}
