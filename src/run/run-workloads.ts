import { isDeepStrictEqual } from 'node:util';
import { nowNs } from '../clock.ts';
import { unavailableReason } from '../device/availability.ts';
import { type DeviceSpec, deviceSpec } from '../device/device-spec.ts';
import { findProfile } from '../device/profiles.ts';
import { UnavailableImplementation } from '../errors.ts';
import { armFacts, createArm, type MeasuredArm } from '../measure/arm.ts';
import { timerCostNs } from '../measure/calibrate-batch.ts';
import { buildOf, fingerprint } from '../measure/fingerprint.ts';
import { measureRounds, type TimedSample } from '../measure/rounds.ts';
import { Random } from '../random.ts';
import { type SampleRow, toSeries } from '../results/rows.ts';
import { SAMPLES_SCHEMA, type SamplesDocument, type UnavailableArm } from '../results/samples.ts';
import type { Implementation } from '../types.ts';
import { prepareWorkload } from '../workload/prepare.ts';
import { UnsuitableDevice } from '../workload/prepared.ts';
import type { Workload } from '../workload/scenario.ts';
import { type Answer, answersBefore, verifyAfter } from './verify.ts';

/** The seed with which the recorded answers were made. */
export const DEFAULT_SEED = 1;
const MIN_ROUNDS = 15;
const MAX_ROUNDS = 200;

/** What a run measures. */
export interface RunPlan {
  readonly workloads: readonly Workload[];
  readonly implementations: readonly Implementation[];
  readonly spec: DeviceSpec;
  /** The device as it was asked for, for the record. */
  readonly device: string;
  readonly suite: string | null;
  /** Time of the whole run in milliseconds. Every workload gets its fewest rounds, whatever the budget. */
  readonly budgetMs: number;
  readonly seed: number;
  readonly version: string;
  readonly createdAt: Date;
}

/** Where a run stands, for a progress line. */
export interface Progress {
  readonly workload: string;
  readonly implementation: string | null;
  readonly phase: 'preparing' | 'warm-up' | 'rounds' | 'checking';
  /** Estimated milliseconds to the end of the run. */
  readonly leftMs: number;
}

export interface RunHooks {
  /** Never called inside a timed window. */
  readonly progress: (progress: Progress) => void;
  /** Called after each group of workloads with everything measured so far. */
  readonly save: (samples: SamplesDocument) => void;
  /** True ends the run at the next sample; what was measured is kept. */
  readonly interrupted: () => boolean;
}

/**
 * Measures workloads group by group: prepares every arm, proves the answers, measures interleaved rounds, proves
 * the answers again, saves.
 * @throws WrongAnswerError where an answer is wrong; groups before it are saved
 */
export async function runWorkloads(plan: RunPlan, hooks: RunHooks): Promise<SamplesDocument> {
  const samples = emptyDocument(plan);
  const timerNs = timerCostNs();
  const start = nowNs();
  const groups = [...Map.groupBy(plan.workloads, (workload) => workload.group).values()];
  for (const [block, group] of groups.entries()) {
    const leftMs = () => Math.max(0, plan.budgetMs - (nowNs() - start) / 1e6);
    const shareMs = leftMs() / (groups.length - block);
    const result = await runGroup(group, plan, { block, timerNs, shareMs, leftMs, hooks });
    samples.series.push(...result.series);
    samples.unavailable.push(...result.unavailable);
    hooks.save(samples);
    if (hooks.interrupted()) break;
  }
  return samples;
}

interface GroupContext {
  readonly block: number;
  readonly timerNs: number;
  readonly shareMs: number;
  readonly leftMs: () => number;
  readonly hooks: RunHooks;
}

type GroupResult = Pick<SamplesDocument, 'series' | 'unavailable'>;

async function runGroup(
  group: readonly Workload[],
  plan: RunPlan,
  context: GroupContext,
): Promise<GroupResult> {
  const { hooks, leftMs } = context;
  const start = nowNs();
  const report = (workload: string, phase: Progress['phase'], implementation: string | null = null) =>
    hooks.progress({ workload, implementation, phase, leftMs: leftMs() });
  const unavailable: UnavailableArm[] = [];
  const answers: Answer[] = [];
  for (const workload of group) {
    report(workload.name, 'preparing');
    const arms = await prepareArms(workload, plan, unavailable);
    const asked = answersBefore(arms, recordedAnswer(workload, plan));
    answers.push(
      ...asked.filter(({ arm }) => plan.implementations.some((name) => name === arm.implementation)),
    );
    if (hooks.interrupted()) return { series: [], unavailable };
  }
  const samples = await measureRounds(
    answers.map(({ arm }) => arm),
    {
      random: new Random(plan.seed).fork(`schedule ${group[0]!.group}`),
      timerNs: context.timerNs,
      budgetMs: Math.max(0, context.shareMs - (nowNs() - start) / 1e6),
      minRounds: MIN_ROUNDS,
      maxRounds: MAX_ROUNDS,
      between: (arm, phase) => {
        report(arm.workload.name, phase, arm.implementation);
        return hooks.interrupted();
      },
    },
  );
  report(group[0]!.name, 'checking');
  verifyAfter(answers, samples);
  return { series: toSeries(rowsOf(samples, answers, context.block)), unavailable };
}

/**
 * The arms that were asked for, and where that is only one that answers, a second one to hold it against: it is
 * asked for its answer and never timed.
 */
async function prepareArms(
  workload: Workload,
  plan: RunPlan,
  unavailable: UnavailableArm[],
): Promise<MeasuredArm[]> {
  const asked = plan.implementations;
  const answering = asked.filter(
    (implementation) => implementation !== 'noop' && unavailableReason(implementation) === null,
  );
  const witness: Implementation[] = answering.length === 1 ? [answering[0] === 'wasm' ? 'ts' : 'wasm'] : [];
  const seeded = { ...workload, seed: workload.seed + (plan.seed - DEFAULT_SEED) * 1000 };
  const arms: MeasuredArm[] = [];
  for (const implementation of [...asked, ...witness]) {
    try {
      const prepared = prepareWorkload(seeded, plan.spec, implementation);
      arms.push(await createArm(workload, implementation, prepared, buildOf(implementation, plan.version)));
    } catch (error) {
      if (!(error instanceof UnsuitableDevice || error instanceof UnavailableImplementation)) throw error;
      if (!asked.includes(implementation)) continue;
      unavailable.push({
        workload: workload.name,
        params: workload.params,
        implementation,
        runtime: `node ${process.versions.node}`,
        build: buildOf(implementation, plan.version),
        reason: error instanceof UnavailableImplementation ? error.reason : error.message,
      });
    }
  }
  return arms;
}

/** Answers are recorded per profile and policy, with the default seed; other memory sizes or drivers answer otherwise. */
function recordedAnswer(workload: Workload, { spec, device, seed }: RunPlan): string | undefined {
  const answer = workload.checksums[`${device}/${spec.policy}`];
  const profile = findProfile(device);
  if (answer === undefined || !profile || seed !== DEFAULT_SEED) return undefined;
  const { source, gpuMemory, virtualFunction } = profile;
  const recorded = deviceSpec(source, { name: device, policy: spec.policy, gpuMemory, virtualFunction });
  // However it was asked for: what was made of it counts.
  return isDeepStrictEqual({ ...spec, madeOf: null }, { ...recorded, madeOf: null }) ? answer : undefined;
}

/** Rows arm by arm, in the order in which they were asked for. */
function* rowsOf(
  samples: readonly TimedSample[],
  answers: readonly Answer[],
  block: number,
): Generator<SampleRow> {
  for (const { arm, answer } of answers) {
    const facts = {
      ...armFacts(arm),
      checksum: answer,
      evidence: 'measured',
      fork: 0,
      block,
    } as const;
    for (const { round, durationNs, operations, tier } of samples.filter((sample) => sample.arm === arm)) {
      yield { ...facts, phase: 'steady', tier, round, durationNs, operations };
    }
  }
}

function emptyDocument(plan: RunPlan): SamplesDocument {
  return {
    schema: SAMPLES_SCHEMA,
    createdAt: plan.createdAt.toISOString(),
    settings: {
      seed: plan.seed,
      device: plan.device,
      policy: plan.spec.policy,
      suite: plan.suite,
      budgetMs: plan.budgetMs,
      implementations: plan.implementations,
      generation: plan.spec.generation,
      resmem: plan.spec.resmem,
    },
    fingerprint: fingerprint(plan.implementations),
    series: [],
    unavailable: [],
  };
}
