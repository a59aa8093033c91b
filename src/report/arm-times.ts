/** The times of a file, arm by arm and fork by fork, in eight bytes a round: what comparing files takes. */
import type { SeriesSink } from '../results/read-samples.ts';
import { type Arm, armKey, isSteadyRow, type SampleSeries, type Tier } from '../results/samples.ts';
import type { Evidence } from '../types.ts';

/** Steady rounds of one arm. */
export interface ArmTimes extends Arm {
  readonly evidence: Evidence;
  readonly payloadBytesPerOp: number | null;
  readonly trafficBytesPerOp: number | null;
  readonly checksums: ReadonlySet<string>;
  readonly tiers: ReadonlySet<Tier>;
  /** Logarithms of nanoseconds per operation, for each process. */
  readonly forks: readonly Float64Array[];
}

interface Collected {
  readonly first: Omit<SampleSeries, 'round' | 'durationNs' | 'operations'>;
  readonly checksums: Set<string>;
  readonly tiers: Set<Tier>;
  /** What each series of a fork held. */
  readonly forks: Map<string, Float64Array[]>;
}

const ROOM_LENGTH = 2 ** 16;

/** Takes in series, keeps of them what `ArmTimes` has. */
export class TimesCollector implements SeriesSink {
  readonly #room: Room;
  readonly #runs = new Map<string | undefined, Map<string, Collected>>();

  /** @param room where the times are kept; one of its own unless given */
  constructor(room = new Room()) {
    this.#room = room;
  }

  add(series: SampleSeries): void {
    // Other phases are not comparable to the steady one, and layers are parts of what other arms cost.
    if (!isSteadyRow(series)) return;
    const { round: _, durationNs, operations, ...first } = series;
    const arms = this.#runs.get(series.run) ?? new Map<string, Collected>();
    this.#runs.set(series.run, arms);
    const key = `${series.evidence} ${armKey(series)}`;
    const arm = arms.get(key) ?? { first, checksums: new Set(), tiers: new Set(), forks: new Map() };
    arms.set(key, arm);
    arm.checksums.add(series.checksum);
    arm.tiers.add(series.tier);
    const fork = `${series.run ?? ''}/${series.fork}`;
    const parts = arm.forks.get(fork) ?? [];
    arm.forks.set(fork, parts);
    parts.push(this.#logTimes(durationNs, operations));
  }

  #logTimes(durationNs: readonly number[], operations: readonly number[]): Float64Array {
    const logs = this.#room.take(durationNs.length);
    for (let i = 0; i < logs.length; i++) logs[i] = Math.log(durationNs[i]! / operations[i]!);
    return logs;
  }

  /**
   * The arms that some of the runs measured, in the order in which they were added. Forks of different runs are
   * different processes.
   *
   * @param runs ids; undefined is the run of a document without `runs`
   */
  arms(runs: ReadonlySet<string | undefined>): ArmTimes[] {
    const joined = new Map<string, Collected[]>();
    for (const [run, arms] of this.#runs) {
      if (!runs.has(run)) continue;
      for (const [key, arm] of arms) joined.set(key, [...(joined.get(key) ?? []), arm]);
    }
    return [...joined.values()].map(joinRuns);
  }
}

/**
 * Hands out parts of large arrays: ten thousand small ones would take as much again for themselves. After `clear` the
 * same memory is handed out again.
 */
export class Room {
  readonly #blocks: Float64Array[] = [];
  #blockIdx = 0;
  #used = 0;

  take(length: number): Float64Array {
    while (this.#blockIdx < this.#blocks.length) {
      const block = this.#blocks[this.#blockIdx]!;
      const start = this.#used;
      if (start + length <= block.length) {
        this.#used += length;
        return block.subarray(start, this.#used);
      }
      this.#blockIdx++;
      this.#used = 0;
    }
    this.#blocks.push(new Float64Array(Math.max(length, ROOM_LENGTH)));
    return this.take(length);
  }

  /** Whoever still has a part must not look at it any more. */
  clear(): void {
    this.#blockIdx = 0;
    this.#used = 0;
  }
}

function joinRuns(arms: readonly Collected[]): ArmTimes {
  const { workload, params, implementation, runtime, build, ...first } = arms[0]!.first;
  return {
    workload,
    params,
    implementation,
    runtime,
    build,
    evidence: first.evidence,
    payloadBytesPerOp: first.payloadBytesPerOp,
    trafficBytesPerOp: first.trafficBytesPerOp,
    checksums: new Set(arms.flatMap((arm) => [...arm.checksums])),
    tiers: new Set(arms.flatMap((arm) => [...arm.tiers])),
    forks: arms.flatMap((arm) => [...arm.forks.values()].map(joinParts)),
  };
}

function joinParts(parts: readonly Float64Array[]): Float64Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
