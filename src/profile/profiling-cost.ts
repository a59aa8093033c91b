/**
 * What profiling costs the arm that is profiled: the same passes with and without the profiler, in turns. By the processor
 * time of the thread that makes them, which holds each stop for a sample, and not what other programs take of the machine.
 */
import { Session } from 'node:inspector/promises';
import { BarometerError } from '../errors.ts';
import type { MeasuredArm } from '../measure/arm.ts';
import { timerCostNs, warmUp } from '../measure/calibrate-batch.ts';
import { type ArmRequest, prepareArm } from '../measure/prepare-arm.ts';
import { Random } from '../random.ts';
import { type Estimate, medianEstimate } from '../stats/bootstrap.ts';
import { profiledPasses } from './passes.ts';
import { SAMPLING_INTERVAL_US } from './protocol.ts';

/** Of passes with the profiler, and of passes without. Long enough for a hundred samples. */
const TURN_MS = 200;

export interface ProfilingCost {
  /** Processor time of an operation with the profiler over that without, of neighbouring turns. */
  readonly ratio: Estimate;
  /** Samples that V8 took: a profiler that took none would cost nothing. */
  readonly samples: number;
}

/**
 * Every turn with the profiler stands beside one without, which of them comes first changes: drift of the machine falls
 * on both alike.
 * @throws BarometerError where the arm cannot run
 */
export async function profilingCost(request: ArmRequest, pairs: number): Promise<ProfilingCost> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: SAMPLING_INTERVAL_US });
    const { arm, reason } = await prepareArm(request);
    if (!arm) throw new BarometerError(`${request.workload.name} on ${request.implementation}: ${reason}`);
    const { passes } = warmUp(arm, timerCostNs());
    const plain = () => cpuPerOp(arm, passes);
    let samples = 0;
    const profiled = async () => {
      await session.post('Profiler.start');
      const ns = plain();
      const { profile } = await session.post('Profiler.stop');
      samples += profile.samples?.length ?? 0;
      return ns;
    };
    const ratios: number[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      const first = pair % 2 === 0 ? plain() : await profiled();
      const second = pair % 2 === 0 ? await profiled() : plain();
      ratios.push(pair % 2 === 0 ? second / first : first / second);
    }
    const options = { random: new Random(request.seed).fork('profiling cost') };
    return { ratio: medianEstimate(ratios, options), samples };
  } finally {
    session.disconnect();
  }
}

/** Microseconds of an operation over one turn. */
function cpuPerOp(arm: MeasuredArm, passes: number): number {
  const usage = cpuClock();
  const before = usage();
  const samples = profiledPasses(arm, passes, TURN_MS);
  const { user, system } = usage(before);
  return (user + system) / samples.reduce((sum, { operations }) => sum + operations, 0);
}

type CpuClock = (before?: NodeJS.CpuUsage) => NodeJS.CpuUsage;

/**
 * Node has the time of a thread since 22.19 and 23.9. Before, it is that of the process, which has V8's threads in it, those
 * of the profiler, too: a cost is less exact there.
 */
export function cpuClock(
  node: { readonly threadCpuUsage?: CpuClock; readonly cpuUsage: CpuClock } = process,
): CpuClock {
  return (before) => (node.threadCpuUsage ? node.threadCpuUsage(before) : node.cpuUsage(before));
}
