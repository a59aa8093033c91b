/** One fork's windows on a device that somebody serves, over a connection of its own. */
import { encodeHdr } from '../../histogram/hdr.ts';
import { Histogram } from '../../histogram/histogram.ts';
import { Random } from '../../random.ts';
import type { LatencyRecord, SampleSeries, UnavailableArm } from '../../results/samples.ts';
import { VfioUserClient } from '../../vfio-user/client.ts';
import { buildOf } from '../fingerprint.ts';
import type { ForkRequest, ForkResult, ServedSubject } from '../fork-protocol.ts';
import type { GroupHooks } from '../prepare-group.ts';
import { RoundOrder, type RoundSpan } from '../round-order.ts';
import { type PreparedOperation, prepareOperation } from './prepare-arm.ts';
import { timeInFlight, timeOneByOne } from './window.ts';
import type { ServedWorkload } from './workloads.ts';

const WINDOW_NS = 10e6;
/** Of the length that the first window is to have; code gets warm here and in the server. */
const WARM_WINDOWS = 3;

export type ServedRequest = Omit<ForkRequest, 'subject'> & { readonly subject: ServedSubject };

interface Arm extends PreparedOperation {
  readonly workload: ServedWorkload;
  /** Of one window. */
  operations: number;
  readonly windows: { readonly round: number; readonly durationNs: number; readonly operations: number }[];
  latencies: Histogram;
}

export class ServedGroup {
  private readonly request: ServedRequest;
  private readonly hooks: GroupHooks;
  private readonly unavailable: UnavailableArm[] = [];
  private client: VfioUserClient | null = null;
  /** In the order of the request. */
  private readonly arms: Arm[] = [];
  private readonly order: RoundOrder<Arm>;

  constructor(request: ServedRequest, hooks: GroupHooks) {
    this.request = request;
    this.hooks = hooks;
    const { seed, fork, block } = request;
    this.order = new RoundOrder(new Random(seed).fork(`fork ${fork} block ${block}`));
  }

  /** @throws BarometerError where the server cannot be reached, or fails */
  async prepare(): Promise<void> {
    this.client = await VfioUserClient.connect(this.request.subject.path);
    for (const workload of this.request.subject.workloads) {
      this.tell(workload, 'preparing');
      const prepared = await prepareOperation(this.client, workload);
      if ('reason' in prepared) this.unavailable.push({ ...this.facts(workload), reason: prepared.reason });
      else
        this.arms.push({ ...prepared, workload, operations: 1, windows: [], latencies: Histogram.create() });
    }
    for (const arm of this.arms) await this.warmUp(arm);
  }

  /** Returns how many rounds there were. */
  async measure(span: RoundSpan): Promise<number> {
    return await this.order.run(this.arms, span, async (arm, round) => {
      this.tell(arm.workload, 'rounds');
      if (this.hooks.stopped()) return false;
      arm.windows.push({ round, durationNs: await window(arm), operations: arm.operations });
      return true;
    });
  }

  /** @throws WrongAnswerError where the device does not hold what it held before */
  async finish(): Promise<ForkResult> {
    const measured = this.arms.filter(({ windows }) => windows.length > 0);
    for (const { workload, verify } of measured) {
      this.tell(workload, 'checking');
      await verify();
    }
    this.client?.close();
    return {
      series: measured.map((arm) => this.seriesOf(arm)),
      unavailable: this.unavailable,
      latencies: measured.filter(isOneByOne).map((arm) => this.latenciesOf(arm)),
    };
  }

  /** Doubles the operations until a window is long enough, and has some more of that length. */
  private async warmUp(arm: Arm): Promise<void> {
    arm.operations = arm.workload.params.inFlight;
    for (let long = 0; long < WARM_WINDOWS && !this.hooks.stopped(); ) {
      this.tell(arm.workload, 'warm-up');
      if ((await window(arm)) >= WINDOW_NS) long++;
      else arm.operations *= 2;
    }
    arm.latencies = Histogram.create();
  }

  private tell({ name }: ServedWorkload, phase: 'preparing' | 'warm-up' | 'rounds' | 'checking'): void {
    this.hooks.progress({ workload: name, implementation: 'served', phase });
  }

  private facts({ name, params }: ServedWorkload) {
    const { runtime, subject } = this.request;
    const build = buildOf('served', subject.version);
    return { workload: name, params: { ...params }, implementation: 'served', runtime, build };
  }

  private seriesOf({ workload, windows, answer }: Arm): SampleSeries {
    const { fork, block } = this.request;
    return {
      ...this.facts(workload),
      fork,
      block,
      evidence: 'measured',
      phase: 'steady',
      // This client's code, the kernel's and the server's.
      tier: 'mixed',
      checksum: answer,
      payloadBytesPerOp: workload.params.sizeBytes ?? null,
      trafficBytesPerOp: null,
      round: windows.map(({ round }) => round),
      durationNs: windows.map(({ durationNs }) => durationNs),
      operations: windows.map(({ operations }) => operations),
    };
  }

  private latenciesOf({ workload, latencies }: Arm): LatencyRecord {
    const { fork } = this.request;
    return { ...this.facts(workload), fork, count: latencies.count, histogram: encodeHdr(latencies) };
  }
}

/** Returns nanoseconds. */
function window(arm: Arm): Promise<number> {
  const { operation, operations, workload, latencies } = arm;
  return isOneByOne(arm)
    ? timeOneByOne(operation, operations, latencies)
    : timeInFlight(operation, operations, workload.params.inFlight);
}

function isOneByOne({ workload }: Arm): boolean {
  return workload.params.inFlight === 1;
}
