import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { unavailableReason } from '../device/availability.ts';
import { UsageError, WrongAnswerError } from '../errors.ts';
import { Random } from '../random.ts';
import { type SampleRow, toSeries } from '../results/rows.ts';
import type { UnavailableArm } from '../results/samples.ts';
import type { Implementation } from '../types.ts';
import type { Workload } from '../workload/scenario.ts';
import { armFacts, type MeasuredArm } from './arm.ts';
import { timerCostNs } from './calibrate-batch.ts';
import type { BuildRequest, ForkProgress, ForkRequest, ForkResult } from './fork-protocol.ts';
import * as ownBuild from './prepare-arm.ts';
import { type RoundSpan, Rounds } from './rounds.ts';
import { type Answer, answersBefore, verifyAfter } from './verify.ts';

export interface GroupHooks {
  /** Never called inside a timed window. */
  readonly progress: (progress: ForkProgress) => void;
  /** True ends preparing, warm-up or rounds at the next step. */
  readonly stopped: () => boolean;
}

/** One fork's work: prepares the arms of a group, proves their answers, measures rounds, proves the answers again. */
export class ForkedGroup {
  private readonly request: ForkRequest;
  private readonly hooks: GroupHooks;
  private readonly random: Random;
  private readonly unavailable: UnavailableArm[] = [];
  private answers: Answer[] = [];
  private rounds: Rounds | null = null;

  constructor(request: ForkRequest, hooks: GroupHooks) {
    this.request = request;
    this.hooks = hooks;
    this.random = new Random(request.seed).fork(`fork ${request.fork} block ${request.block}`);
  }

  /** @throws WrongAnswerError where two arms, or an arm and the record, disagree */
  async prepare(): Promise<void> {
    const { hooks, random } = this;
    const builds = await Promise.all(this.request.builds.map(loadBuild));
    // Who comes first gets the lower addresses: the order is drawn anew in every fork.
    for (const workload of random.shuffle([...this.request.workloads])) {
      hooks.progress({ workload: workload.name, implementation: null, phase: 'preparing' });
      const asked: Answer[] = [];
      for (const build of random.shuffle([...builds])) {
        asked.push(...(await this.prepareArms(workload, build)));
        if (hooks.stopped()) return;
      }
      expectEqualAnswers(asked);
      this.answers.push(...asked);
    }
    const rounds = new Rounds(
      this.answers.map(({ arm }) => arm),
      random,
      (arm, phase) => {
        const { workload, implementation } = arm;
        hooks.progress({ workload: workload.name, implementation, phase });
        return hooks.stopped();
      },
    );
    if (await rounds.warmUp(timerCostNs())) this.rounds = rounds;
  }

  /** Runs rounds, and returns how many. */
  async measure(span: RoundSpan): Promise<number> {
    return this.rounds && !this.hooks.stopped() ? this.rounds.run(span) : 0;
  }

  /** @throws WrongAnswerError where an arm's answer changed while it was timed */
  finish(): ForkResult {
    const { unavailable, answers } = this;
    const samples = this.rounds?.samples ?? [];
    if (samples.length > 0) {
      this.hooks.progress({
        workload: answers[0]!.arm.workload.name,
        implementation: null,
        phase: 'checking',
      });
      verifyAfter(answers, samples);
    }
    return { unavailable, series: toSeries(this.rows()) };
  }

  private async prepareArms(workload: Workload, build: LoadedBuild): Promise<Answer[]> {
    const { implementations, runtime, device, nativeBuild, seed, version } = this.request;
    const arms: MeasuredArm[] = [];
    let recorded: string | undefined;
    for (const implementation of this.random.shuffle([...implementations, ...witness(implementations)])) {
      const prepared = await build.prepareArm({
        workload,
        implementation,
        device,
        nativeBuild,
        seed,
        layoutSeed: this.random.uint32(),
        version,
      });
      recorded ??= prepared.recorded;
      const name = build.label + prepared.build;
      if (prepared.arm) arms.push({ ...prepared.arm, build: name });
      else if (implementations.includes(implementation)) {
        const { name: workloadName, params } = workload;
        const reason = prepared.reason!;
        this.unavailable.push({
          workload: workloadName,
          params,
          implementation,
          runtime,
          build: name,
          reason,
        });
      }
    }
    return answersBefore(arms, recorded).filter(({ arm }) =>
      implementations.some((name) => name === arm.implementation),
    );
  }

  private *rows(): Generator<SampleRow> {
    const { fork, block, runtime } = this.request;
    const samples = Map.groupBy(this.rounds?.samples ?? [], ({ arm }) => arm);
    for (const { arm, answer } of this.answers.toSorted(this.asAskedFor)) {
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
    }
  }

  /** Arms were prepared in random order; a file has them in that of the request. */
  private readonly asAskedFor = (a: Answer, b: Answer): number => this.place(a) - this.place(b);

  private place({ arm }: Answer): number {
    const { workloads, implementations, builds } = this.request;
    const workload = workloads.findIndex(
      ({ name, params }) => name === arm.workload.name && isDeepStrictEqual(params, arm.workload.params),
    );
    const build = builds.findIndex(({ label }) => arm.build.startsWith(label));
    const implementation = implementations.findIndex((name) => name === arm.implementation);
    return (workload * builds.length + build) * implementations.length + implementation;
  }
}

/** A build's own functions: another checkout measures with its own code, down to the timed loops. */
interface LoadedBuild extends Pick<typeof ownBuild, 'prepareArm'> {
  readonly label: string;
}

async function loadBuild({ label, root }: BuildRequest): Promise<LoadedBuild> {
  if (root === null) return { label, prepareArm: ownBuild.prepareArm };
  const path = join(root, 'dist/src/measure/prepare-arm.js');
  const other = (await import(pathToFileURL(path).href)) as typeof ownBuild;
  if (other.ARM_INTERFACE === ownBuild.ARM_INTERFACE) return { label, prepareArm: other.prepareArm };
  throw new UsageError(
    `${root}: its arms have interface ${other.ARM_INTERFACE}, this barometer's ${ownBuild.ARM_INTERFACE}; ` +
      'use the newer of the two to compare builds of one interface',
  );
}

/** Where only one implementation answers, a second one to hold it against: asked for its answer, never timed. */
function witness(asked: readonly Implementation[]): Implementation[] {
  const answering = asked.filter((name) => name !== 'noop' && unavailableReason(name) === null);
  if (answering.length !== 1) return [];
  return [answering[0] === 'wasm' ? 'ts' : 'wasm'];
}

/** Builds of the same workload must do the same work, or a ratio of their times says nothing. */
function expectEqualAnswers(answers: readonly Answer[]): void {
  const answering = answers.filter(({ arm }) => arm.implementation !== 'noop');
  const first = answering[0];
  const other = answering.find(({ answer }) => answer !== first!.answer);
  if (!other) return;
  const { name, params } = other.arm.workload;
  throw new WrongAnswerError(
    `${name} ${JSON.stringify(params)}: ${first!.arm.build} answers ${first!.answer}, ${other.arm.build} ` +
      `${other.answer}: they do not do the same work`,
  );
}
