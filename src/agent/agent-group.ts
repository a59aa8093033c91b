/** One fork's windows of one pattern: pools of every implementation, which take turns on either path. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentImplementation } from '../device/agent-model.ts';
import { unavailableReason } from '../device/availability.ts';
import { specFromFlags } from '../device/device-flags.ts';
import { BarometerError, WrongAnswerError } from '../errors.ts';
import { encodeHdr } from '../histogram/hdr.ts';
import { Histogram } from '../histogram/histogram.ts';
import { buildOf } from '../measure/fingerprint.ts';
import type { AgentSubject, AgentWorkload, ForkRequest, ForkResult } from '../measure/fork-protocol.ts';
import type { GroupHooks } from '../measure/prepare-group.ts';
import { RoundOrder, type RoundSpan } from '../measure/round-order.ts';
import { Random } from '../random.ts';
import type { LatencyRecord, SampleSeries, Tier, UnavailableArm } from '../results/samples.ts';
import { median } from '../stats/median.ts';
import { type Fairness, fairnessOf } from './fairness.ts';
import { overlapOf, spanNs, startSkewNs } from './overlap.ts';
import { type Pattern, type PlanWindow, totalOf } from './pattern.ts';
import { findPattern } from './patterns.ts';
import { type AgentPlan, AgentPool, type AgentResult } from './pool.ts';

const WINDOW_MS = 10;
/** Windows before the first that counts: code gets into its tier, memory into the caches. */
const WARM_WINDOWS = 3;
const MOST_WARM_WINDOWS = 50;
/** Between two windows while the compiler has something to do. */
const COMPILE_MS = 5;
/**
 * Agents of a window that was together for a smaller share of it did not show what sharing costs. Passes end for each agent
 * when it has done its part: the last ones are alone for a while.
 */
const LEAST_OVERLAP = 0.9;
const LEAST_OVERLAP_OF_PASSES = 0.7;
/** Below, a chunk takes too few nanoseconds an operation for a histogram of whole ones. */
const LEAST_LATENCY_NS = 20;

export type AgentRequest = Omit<ForkRequest, 'subject'> & { readonly subject: AgentSubject };

/** One implementation, and windows on its memory. */
interface PreparedPool {
  readonly pool: AgentPool;
  readonly planWindow: PlanWindow;
}

/** One workload on one implementation, and its windows. */
interface Arm extends PreparedPool {
  readonly workload: AgentWorkload;
  readonly implementation: AgentImplementation;
  readonly windows: Window[];
  /** Times of operations: means of chunks. */
  readonly latencies: Histogram;
  apart: number;
}

interface WindowResults {
  /** Of those that ran at the same time; servers and assistants are there for them. */
  readonly together: AgentResult[];
  /** Of those whose operations are counted; others make a load. */
  readonly counted: AgentResult[];
  /** Time of the operations, in nanoseconds. */
  readonly durationNs: number;
  /** What the others have read; null where there are none. */
  readonly load: Load | null;
  /** Compiler tiers of all that were at work while it was measured. */
  readonly tiers: ReadonlySet<Tier>;
  readonly operations: number;
}

interface Load {
  /** What the schedule asks for; null where it asks for as much as can be had. */
  readonly offeredBytesPerSec: number | null;
  readonly bytesPerSec: number;
}

interface Window {
  readonly round: number;
  readonly durationNs: number;
  readonly operations: number;
  readonly overlap: number;
  readonly startSkewNs: number;
  readonly fairness: Fairness;
  readonly load: Load | null;
  readonly tier: Tier;
}

export class AgentGroup {
  private readonly request: AgentRequest;
  private readonly hooks: GroupHooks;
  private readonly random: Random;
  private readonly pattern: Pattern;
  private readonly pools: AgentPool[] = [];
  private readonly unavailable: UnavailableArm[] = [];
  /** In the order of the request. */
  private arms: Arm[] = [];
  private readonly order: RoundOrder<Arm>;

  constructor(request: AgentRequest, hooks: GroupHooks) {
    this.request = request;
    this.hooks = hooks;
    this.random = new Random(request.seed).fork(`fork ${request.fork} block ${request.block}`);
    this.order = new RoundOrder(this.random);
    this.pattern = findPattern(request.subject.workloads[0]!.name);
  }

  /** @throws WrongAnswerError where an invariant of the pattern does not hold */
  async prepare(): Promise<void> {
    const { subject } = this.request;
    const { workloads, implementations } = subject;
    const pools = new Map<AgentImplementation, PreparedPool>();
    for (const implementation of this.random.shuffle([...implementations])) {
      this.hooks.progress({ workload: this.pattern.name, implementation, phase: 'preparing' });
      const reason = unavailableReason(implementation);
      if (reason === null) pools.set(implementation, this.open(implementation));
      else this.unavailable.push(...workloads.map((one) => ({ ...this.facts(one, implementation), reason })));
    }
    this.arms = workloads.flatMap((workload) =>
      implementations.flatMap((implementation) => {
        const prepared = pools.get(implementation);
        if (prepared === undefined) return [];
        return {
          workload,
          implementation,
          ...prepared,
          windows: [],
          latencies: Histogram.create(),
          apart: 0,
        };
      }),
    );
    for (const arm of this.arms) await this.warmUp(arm);
    this.leaveOutUnpinned();
  }

  /** Agents that were to run on two processors and no others say nothing of them where they could not be pinned. */
  private leaveOutUnpinned(): void {
    const isFree = ({ workload, pool }: Arm) =>
      workload.params.processors !== undefined && pool.notPinned !== null;
    for (const { workload, implementation, pool } of this.arms.filter(isFree)) {
      const reason = `its agents cannot be pinned to processors: ${pool.notPinned}`;
      this.unavailable.push({ ...this.facts(workload, implementation), reason });
    }
    this.arms = this.arms.filter((arm) => !isFree(arm));
  }

  /** Until every agent runs in the top tier, or for as long as that is worth waiting for. */
  private async warmUp(arm: Arm): Promise<void> {
    for (let i = 0; i < MOST_WARM_WINDOWS && !this.hooks.stopped(); i++) {
      this.hooks.progress({
        workload: arm.workload.name,
        implementation: arm.implementation,
        phase: 'warm-up',
      });
      const { tiers } = await this.window(arm);
      const isTop = [...tiers].every((tier) => tier === 'turbofan' || tier === 'native');
      if (isTop && i + 1 >= WARM_WINDOWS) return;
      // Agents keep every core busy: V8's compiler threads need one.
      if (!isTop) await sleep(COMPILE_MS);
    }
  }

  private open(implementation: AgentImplementation): PreparedPool {
    const { device, workloads } = this.request.subject;
    const { agents: agentCount, footprintBytes, role, processors } = workloads[0]!.params;
    const options = { agentCount, footprintBytes, role };
    const otherBytes = this.pattern.otherBytes?.(options) ?? 0;
    const spec = specFromFlags(device);
    const pool = new AgentPool({
      ...{ spec, implementation, agentCount, rangeBytes: footprintBytes, otherBytes },
      ...(processors === undefined ? {} : { processors: processors.split('-').map(Number) }),
    });
    this.pools.push(pool);
    return {
      pool,
      planWindow: this.pattern.prepare(pool, { ...options, random: this.random }),
    };
  }

  /** Returns how many rounds there were. */
  async measure(span: RoundSpan): Promise<number> {
    return await this.order.run(this.arms, span, async (arm, round) => {
      const { workload, implementation } = arm;
      this.hooks.progress({ workload: workload.name, implementation, phase: 'rounds' });
      if (this.hooks.stopped()) return false;
      await this.measureWindow(arm, round);
      return true;
    });
  }

  private async measureWindow(arm: Arm, round: number): Promise<void> {
    const { together, counted, tiers, durationNs, operations, load } = await this.window(arm);
    const overlap = overlapOf(together);
    if (overlap < this.leastOverlap && !arm.pool.isOversubscribed) {
      arm.apart++;
      return;
    }
    for (const { times } of counted) times.mergeInto(arm.latencies);
    const facts = { overlap, startSkewNs: startSkewNs(together), fairness: fairnessOf(counted), load };
    arm.windows.push({ round, durationNs, operations, ...facts, tier: oneOf(tiers) });
  }

  private get leastOverlap(): number {
    return this.pattern.isInPasses ? LEAST_OVERLAP_OF_PASSES : LEAST_OVERLAP;
  }

  /** One window, whose invariant holds. */
  private async window({ workload, implementation, pool, planWindow }: Arm): Promise<WindowResults> {
    const { path } = workload.params;
    const { plans, check, operations: operationsOf } = planWindow(workload.params);
    // Others of this process come to rest.
    await sleep(0);
    const results = await pool.run(plans, path, WINDOW_MS);
    const broken = check(results);
    if (broken) {
      throw new WrongAnswerError(
        `${workload.name} ${JSON.stringify(workload.params)}: wrong answer: ${implementation}: ${broken}`,
      );
    }
    const operations = operationsOf(results);
    if (operations === 0)
      throw new BarometerError(`${workload.name}: no operation was done in ${WINDOW_MS} ms`);
    const of = (belongs: (plan: AgentPlan) => boolean) => results.filter((_, i) => belongs(plans[i]!));
    const counted = of(({ ending, isLoad }) => !isLoad && ending !== 'serves' && ending !== 'assists');
    // Of what starts on schedule the time between is nobody's.
    const isPaced = plans.some(({ isLoad, intervalNs }) => !isLoad && intervalNs !== undefined);
    return {
      together: of(({ ending }) => ending !== 'serves' && ending !== 'assists'),
      counted,
      durationNs: isPaced ? counted.reduce((sum, { chunksNs }) => sum + chunksNs, 0) : spanNs(counted),
      load: loadOf(
        of(({ isLoad }) => isLoad === true),
        plans,
      ),
      tiers: new Set(of(({ ending }) => ending !== 'assists').map(({ tier }) => tier)),
      operations,
    };
  }

  async finish(): Promise<ForkResult> {
    await Promise.all(this.pools.map((pool) => pool.close()));
    const { fork } = this.request;
    const measured = this.arms.filter(({ windows }) => windows.length > 0);
    const apart = this.arms.filter(({ windows, apart: count }) => windows.length === 0 && count > 0);
    const unavailable = apart.map(({ workload, implementation, apart: count }) => ({
      ...this.facts(workload, implementation),
      reason: `its agents never ran together: ${count} windows with less than ${this.leastOverlap * 100}% of overlap`,
    }));
    return {
      series: measured.map((arm) => this.seriesOf(arm)),
      unavailable: [...this.unavailable, ...unavailable],
      latencies: measured.flatMap(({ workload, implementation, latencies }): LatencyRecord[] => {
        if (!this.pattern.hasLatency || latencies.percentile(50) < LEAST_LATENCY_NS) return [];
        const facts = { ...this.facts(workload, implementation), fork };
        return [{ ...facts, count: latencies.count, histogram: encodeHdr(latencies) }];
      }),
    };
  }

  private facts({ name, params }: AgentWorkload, implementation: AgentImplementation) {
    const { runtime, subject } = this.request;
    return {
      workload: name,
      params: { ...params },
      implementation,
      runtime,
      build: buildOf(implementation, subject.version),
    };
  }

  /** What the windows of an arm share stands beside them: how far agents ran together, and where. */
  private seriesOf({ workload, implementation, windows, apart, pool }: Arm): SampleSeries {
    const { fork, block } = this.request;
    const bytes = this.pattern.bytesPerOp(workload.params.role);
    return {
      ...this.facts(workload, implementation),
      fork,
      block,
      evidence: 'measured',
      phase: 'steady',
      tier: oneOf(new Set(windows.map(({ tier }) => tier))),
      // Agents that race leave no answer that is always the same; what must hold was checked after each window.
      checksum: '00000000',
      payloadBytesPerOp: bytes?.payload ?? null,
      trafficBytesPerOp: bytes?.traffic ?? null,
      overlap: median(windows.map(({ overlap }) => overlap)),
      startSkewNs: median(windows.map((window) => window.startSkewNs)),
      windowsApart: apart,
      fairness: median(windows.map(({ fairness }) => fairness.jain)),
      leastShare: median(windows.map(({ fairness }) => fairness.leastShare)),
      ...loadFacts(windows.flatMap(({ load }) => load ?? [])),
      pinning: pool.pinning,
      round: windows.map(({ round }) => round),
      durationNs: windows.map(({ durationNs }) => durationNs),
      operations: windows.map(({ operations }) => operations),
    };
  }
}

function loadOf(loading: readonly AgentResult[], plans: readonly AgentPlan[]): Load | null {
  if (loading.length === 0) return null;
  const { task, chunkOperations, intervalNs = 0 } = plans.find(({ isLoad }) => isLoad)!;
  const bytesPerSec = (lines: number, ns: number) => (lines * task.lineBytes! * 1e9) / ns;
  const offered = loading.length * bytesPerSec(chunkOperations, intervalNs);
  return {
    offeredBytesPerSec: intervalNs === 0 ? null : offered,
    bytesPerSec: bytesPerSec(totalOf(loading), spanNs(loading)),
  };
}

function loadFacts(loads: readonly Load[]) {
  if (loads.length === 0) return {};
  const { offeredBytesPerSec } = loads[0]!;
  return {
    ...(offeredBytesPerSec === null ? {} : { loadOfferedBytesPerSec: offeredBytesPerSec }),
    loadBytesPerSec: median(loads.map(({ bytesPerSec }) => bytesPerSec)),
  };
}

function oneOf(tiers: ReadonlySet<Tier>): Tier {
  return tiers.size === 1 ? [...tiers][0]! : 'mixed';
}
