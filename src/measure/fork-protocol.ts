/** What a run and the processes that it forks say to each other, as JSON over Node's own channel. */
import type { AgentImplementation } from '../device/agent-model.ts';
import type { DeviceFlags } from '../device/device-flags.ts';
import type { NativeBuild } from '../device/native/native-build.ts';
import type { LatencyRecord, SampleSeries, UnavailableArm } from '../results/samples.ts';
import type { Implementation } from '../types.ts';
import type { ModuleWorkload } from '../workload/module.ts';
import type { Workload } from '../workload/scenario.ts';
import type { RoundSpan } from './round-order.ts';
import type { ServedWorkload } from './served/workloads.ts';

/** A build of barometer: this one where `root` is null, otherwise a checkout or an install. */
export interface BuildRequest {
  /** Put before the build's own name, so that two builds of the same code stay two. */
  readonly label: string;
  readonly root: string | null;
}

/** Workloads of one group, on every implementation of every build. */
export interface DeviceSubject {
  readonly kind: 'device';
  readonly workloads: readonly Workload[];
  readonly implementations: readonly Implementation[];
  readonly builds: readonly BuildRequest[];
  readonly device: DeviceFlags;
  readonly nativeBuild: NativeBuild;
  readonly version: string;
}

/** One version of a workload module. */
export interface ModuleVersion {
  readonly path: string;
  /** What rows call it. */
  readonly build: string;
}

/** Functions of a module, in every version of it. */
export interface ModuleSubject {
  readonly kind: 'module';
  readonly workloads: readonly ModuleWorkload[];
  readonly versions: readonly ModuleVersion[];
}

/** A pattern of access by several agents. */
export interface AgentWorkload {
  /** `agents/ping-pong-cas`. */
  readonly name: string;
  readonly params: {
    readonly agents: number;
    readonly footprintBytes: number;
    readonly path: 'direct' | 'emulated';
    readonly role: 'cpu-core' | 'sm-cluster';
    /** Where its two agents run, `0-3`; on cores of their own unless given. */
    readonly processors?: string;
    /** Nanoseconds from one block that a load reads to the next, 0 for as fast as it goes; of patterns with loads. */
    readonly loadIntervalNs?: number;
  };
}

/** One pattern with one number of agents, one footprint, one role and one choice of processors, on every implementation. */
export interface AgentSubject {
  readonly kind: 'agents';
  readonly workloads: readonly AgentWorkload[];
  readonly implementations: readonly AgentImplementation[];
  readonly device: DeviceFlags;
  readonly version: string;
}

/** A device behind a socket, whatever serves it. */
export interface ServedSubject {
  readonly kind: 'served';
  readonly workloads: readonly ServedWorkload[];
  /** Of the socket. */
  readonly path: string;
  readonly version: string;
}

export type ForkSubject = DeviceSubject | ModuleSubject | AgentSubject | ServedSubject;

/** What one fork measures. */
export interface ForkRequest {
  readonly fork: number;
  /** Number of the group. */
  readonly block: number;
  readonly subject: ForkSubject;
  /** Whether arms are added that show what the rows' time is made of. */
  readonly layers: boolean;
  /** What rows call the runtime: `node 26.10.0`. */
  readonly runtime: string;
  /** Seed of the run. */
  readonly seed: number;
}

/**
 * Either `describe`, which is answered by what a module holds, or: `prepare` once; `rounds` as often as wanted; `finish` once, which is answered by the samples. `stop` may come at any
 * time and cuts `rounds` short.
 */
export type ToFork =
  | { readonly type: 'describe'; readonly version: ModuleVersion }
  | { readonly type: 'prepare'; readonly request: ForkRequest }
  | { readonly type: 'rounds'; readonly span: RoundSpan }
  | { readonly type: 'stop' }
  | { readonly type: 'finish' };

/** Where a fork stands. */
export interface ForkProgress {
  readonly workload: string;
  readonly implementation: string | null;
  readonly phase: 'preparing' | 'warm-up' | 'rounds' | 'checking';
}

export interface ForkResult {
  readonly series: SampleSeries[];
  readonly unavailable: UnavailableArm[];
  readonly latencies: LatencyRecord[];
}

export type FromFork =
  /** Said once, when it hears. */
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly progress: ForkProgress }
  | { readonly type: 'described'; readonly workloads: readonly ModuleWorkload[] }
  | { readonly type: 'prepared' }
  | { readonly type: 'measured'; readonly rounds: number }
  | { readonly type: 'finished'; readonly result: ForkResult }
  | { readonly type: 'failed'; readonly failure: ForkFailure };

/** An error of a fork, in its own words. */
export interface ForkFailure {
  readonly message: string;
  /** The exit code that the run is to end with; null for an error that nobody foresaw. */
  readonly exitCode: number | null;
}
