/** What a check of the protocol found. */
import type { LitmusRow } from '../litmus/run-litmus.ts';

export interface SizeRow {
  readonly evidence: 'modelled';
  readonly cores: number;
  readonly gpuAgents: number;
  readonly lines: number;
  /** Lines that a cache of a core has room for. */
  readonly capacity: number;
  readonly states: number;
  readonly steps: number;
  readonly violations: 0 | 1;
  /** The invariant, what was wrong, and what led to it; null where nothing was. */
  readonly violation: string | null;
  readonly story: readonly string[];
  /** Rules of the protocol that nothing led to. */
  readonly unused: readonly string[];
}

export interface PlantedRow {
  readonly evidence: 'modelled';
  readonly bug: string;
  readonly what: string;
  readonly expectedBy: string;
  /** The invariant that caught it, or null. */
  readonly caughtBy: string | null;
  readonly states: number;
  readonly caught: boolean;
}

export interface TrafficRow {
  readonly evidence: 'modelled';
  readonly cores: number;
  readonly gpuAgents: number;
  readonly lines: number;
  readonly seed: number;
  readonly accesses: number;
  readonly events: number;
  /** Of all events in their order: the same run has the same one, 8 hex digits. */
  readonly traceHash: string;
  /** Whether a second run had it too, latencies were the sums of their parts, and all accesses ended. */
  readonly repeats: boolean;
  readonly sumsUp: boolean;
}

export interface CheckReport {
  readonly sizes: readonly SizeRow[];
  readonly planted: readonly PlantedRow[];
  readonly litmus: readonly (LitmusRow & { readonly evidence: 'modelled' })[];
  readonly traffic: readonly TrafficRow[];
}

/** Whether all of what was looked at is as it must be. */
export function holds({ sizes, planted, litmus, traffic }: CheckReport): boolean {
  return (
    sizes.every(({ violation }) => violation === null) &&
    planted.every(({ caught }) => caught) &&
    litmus.every((row) => row.holds) &&
    traffic.every(({ repeats, sumsUp }) => repeats && sumsUp)
  );
}
