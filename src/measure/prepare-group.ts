/** The arms of a fork, with their answers proved, in the order of the request. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { unavailableReason } from '../device/availability.ts';
import { specFromFlags } from '../device/device-flags.ts';
import { UsageError, WrongAnswerError } from '../errors.ts';
import type { Random } from '../random.ts';
import type { UnavailableArm } from '../results/samples.ts';
import type { Implementation } from '../types.ts';
import type { Workload } from '../workload/scenario.ts';
import type { MeasuredArm } from './arm.ts';
import { buildOf } from './fingerprint.ts';
import type { BuildRequest, DeviceSubject, ForkProgress, ModuleSubject } from './fork-protocol.ts';
import { createLayerArms, type LayeredRow } from './layers.ts';
import { createModuleArms } from './module-arm.ts';
import { type FirstPass, timeFirstPass, timeTsImport } from './phases.ts';
import * as ownBuild from './prepare-arm.ts';
import { type Answer, answersBefore } from './verify.ts';

export interface GroupHooks {
  /** Never called inside a timed window. */
  readonly progress: (progress: ForkProgress) => void;
  /** True ends preparing, warm-up or rounds at the next step. */
  readonly stopped: () => boolean;
}

export interface GroupContext {
  /** Draws the order in which arms are prepared, and where their data lie. */
  readonly random: Random;
  readonly hooks: GroupHooks;
  readonly runtime: string;
  /** Seed of the run. */
  readonly seed: number;
  readonly layers: boolean;
}

export interface PreparedGroup {
  readonly answers: readonly Answer[];
  readonly unavailable: readonly UnavailableArm[];
  /** First passes of implementations that had made none in this process. */
  readonly firstPasses: readonly MadeFirst[];
}

export interface MadeFirst extends FirstPass {
  readonly arm: MeasuredArm;
}

const NOTHING: PreparedGroup = { answers: [], unavailable: [], firstPasses: [] };

/** A build's own functions: another checkout measures with its own code, down to the timed loops. */
interface LoadedBuild extends Pick<typeof ownBuild, 'prepareArm'> {
  readonly label: string;
}

/** @throws WrongAnswerError where implementations, builds, or an arm and the record, disagree */
export async function prepareDeviceArms(
  subject: DeviceSubject,
  context: GroupContext,
): Promise<PreparedGroup> {
  const { random, hooks } = context;
  const builds = await Promise.all(subject.builds.map(loadBuild));
  const answers = new Map<Workload, Answer[][]>();
  const found: Found = { unavailable: [], firstPasses: [], rows: [] };
  if (subject.implementations.includes('ts')) await timeTsImport();
  // Who comes first gets the lower addresses: the order is drawn anew in every fork.
  for (const workload of random.shuffle([...subject.workloads])) {
    hooks.progress({ workload: workload.name, implementation: null, phase: 'preparing' });
    const byBuild: Answer[][] = [];
    for (const build of random.shuffle([...builds])) {
      byBuild[builds.indexOf(build)] = await prepareBuild(workload, build, subject, context, found);
      if (hooks.stopped()) return NOTHING;
    }
    expectEqualAnswers(byBuild.flat());
    answers.set(workload, byBuild);
  }
  const rows = subject.workloads.flatMap((workload) => answers.get(workload)!.flat());
  // What a row's time is made of is a question about one build; two are asked which is faster.
  const layers = context.layers && builds.length === 1 ? await prepareLayers(found.rows, subject) : [];
  return { ...found, answers: [...rows, ...layers] };
}

/** What preparing finds beside the arms. */
interface Found {
  readonly unavailable: UnavailableArm[];
  readonly firstPasses: MadeFirst[];
  readonly rows: LayeredRow[];
}

/** @throws WrongAnswerError where an arm that does a row's work in another way answers otherwise */
async function prepareLayers(
  rows: readonly LayeredRow[],
  { device, version, builds }: DeviceSubject,
): Promise<Answer[]> {
  const buildOfArm = (implementation: Implementation) => builds[0]!.label + buildOf(implementation, version);
  const arms = await createLayerArms(rows, { spec: specFromFlags(device), buildOf: buildOfArm });
  return arms.flatMap((arm) => answersBefore([arm], undefined));
}

async function prepareBuild(
  workload: Workload,
  build: LoadedBuild,
  subject: DeviceSubject,
  { random, runtime, seed }: GroupContext,
  { unavailable, firstPasses, rows }: Found,
): Promise<Answer[]> {
  const { implementations, device, nativeBuild, version } = subject;
  const arms: MeasuredArm[] = [];
  let recorded: string | undefined;
  for (const implementation of random.shuffle([...implementations, ...witness(implementations)])) {
    const layoutSeed = random.uint32();
    const request = { workload, implementation, device, nativeBuild, seed, layoutSeed, version };
    const prepared = await build.prepareArm(request);
    recorded ??= prepared.recorded;
    const name = build.label + prepared.build;
    if (prepared.arm) {
      const arm = { ...prepared.arm, build: name };
      arms.push(arm);
      if (!implementations.includes(implementation)) continue;
      const first = timeFirstPass(arm);
      if (first) firstPasses.push({ ...first, arm });
      rows.push(prepared.row!);
    } else if (implementations.includes(implementation)) {
      const arm = { workload: workload.name, params: workload.params, implementation, runtime, build: name };
      unavailable.push({ ...arm, reason: prepared.reason! });
    }
  }
  const place = ({ arm }: Answer) => implementations.indexOf(arm.implementation as Implementation);
  return answersBefore(arms, recorded)
    .filter((answer) => place(answer) >= 0)
    .sort((a, b) => place(a) - place(b));
}

/** @throws UsageError where a module or one of its functions cannot be measured; WrongAnswerError where versions disagree */
export async function prepareModuleArms(
  { workloads, versions }: ModuleSubject,
  { random, hooks }: GroupContext,
): Promise<PreparedGroup> {
  const answers: Answer[][] = [];
  for (const workload of random.shuffle([...workloads])) {
    hooks.progress({ workload: workload.name, implementation: null, phase: 'preparing' });
    const arms: MeasuredArm[] = [];
    for (const version of random.shuffle([...versions])) {
      const { path, build } = version;
      arms[versions.indexOf(version)] = (await createModuleArms(path, { build, workloads: [workload] }))[0]!;
      if (hooks.stopped()) return NOTHING;
    }
    const asked = arms.flatMap((arm) => answersBefore([arm], undefined));
    expectEqualAnswers(asked);
    answers[workloads.indexOf(workload)] = asked;
  }
  return { ...NOTHING, answers: answers.flat() };
}

/** @throws UsageError where a checkout's arms are not of this version's kind */
async function loadBuild({ label, root }: BuildRequest): Promise<LoadedBuild> {
  if (root === null) return { label, prepareArm: ownBuild.prepareArm };
  const path = join(root, 'dist/src/measure/prepare-arm.js');
  // A copy of its own even where the two checkouts are one.
  const url = `${pathToFileURL(path).href}?build=${encodeURIComponent(label)}`;
  const other = (await import(url)) as typeof ownBuild;
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
