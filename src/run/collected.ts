import type { ForkResult } from '../measure/fork-protocol.ts';
import {
  armKey,
  type Exclusion,
  type LatencyRecord,
  type Run,
  SAMPLES_SCHEMA,
  type SampleSeries,
  type SamplesDocument,
  type UnavailableArm,
} from '../results/samples.ts';

/** Everything that a run has measured so far, in the order in which it was asked for, whatever came first. */
export class Collected {
  private readonly run: Run;
  private readonly series: SampleSeries[][] = [];
  private readonly unavailable: Map<string, UnavailableArm>[] = [];
  private readonly excluded: Exclusion[] = [];
  private readonly latencies: LatencyRecord[] = [];

  constructor(run: Run) {
    this.run = run;
  }

  add(block: number, { series, unavailable, latencies }: ForkResult): void {
    this.series[block] = [...(this.series[block] ?? []), ...series];
    this.latencies.push(...latencies);
    // Every fork finds the same arms missing.
    const found = this.unavailable[block] ?? new Map<string, UnavailableArm>();
    for (const arm of unavailable) found.set(armKey(arm), arm);
    this.unavailable[block] = found;
  }

  exclude(exclusions: readonly Exclusion[]): void {
    this.excluded.push(...exclusions);
  }

  /** The samples; they share nothing with later ones but what never changes. */
  document(): SamplesDocument {
    const { createdAt, settings, fingerprint } = this.run;
    return {
      schema: SAMPLES_SCHEMA,
      createdAt,
      settings,
      fingerprint,
      runs: [this.run],
      series: this.series.flat(),
      unavailable: this.unavailable.flatMap((found) => [...found.values()]),
      excluded: [...this.excluded],
      latencies: [...this.latencies],
    };
  }
}
