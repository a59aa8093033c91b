/** What a check of the protocol found. */
import type { Invariant } from '../explore/violation.ts';
import type { LitmusRow } from '../litmus/run-litmus.ts';
import type { Coverage } from '../watch/coverage.ts';

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

/** Random traffic, watched: everything is checked after every event. */
export interface WatchedRow {
  readonly evidence: 'modelled';
  readonly setting: string;
  readonly cores: number;
  readonly gpuAgents: number;
  readonly lines: number;
  readonly seed: number;
  /** Null where a violation ended it. */
  readonly accesses: number | null;
  readonly events: number;
  /** How often each invariant was looked at. */
  readonly checks: Readonly<Record<Invariant, number>>;
  readonly violations: 0 | 1;
  /** The invariant, what was wrong, and what happened last to the line; null where nothing was. */
  readonly violation: string | null;
  readonly story: readonly string[];
  /** Null where a violation ended it. */
  readonly traceHash: string | null;
  /** Whether the same traffic unwatched, in TypeScript, has that hash too. */
  readonly repeats: boolean;
}

export interface CoverageRow extends Coverage {
  readonly evidence: 'modelled';
}

/** A planted bug in the simulator, with watched traffic. */
export interface WatchedBugRow {
  readonly evidence: 'modelled';
  readonly bug: string;
  readonly what: string;
  /** The invariant that caught it, or null. */
  readonly caughtBy: string | null;
  /** Until then. */
  readonly events: number;
  /** Why the simulator does not do it; null where it does. */
  readonly notDone: string | null;
}

export interface CheckReport {
  readonly sizes: readonly SizeRow[];
  readonly planted: readonly PlantedRow[];
  readonly litmus: readonly (LitmusRow & { readonly evidence: 'modelled' })[];
  readonly traffic: readonly TrafficRow[];
  readonly watched: readonly WatchedRow[];
  readonly coverage: readonly CoverageRow[];
  readonly watchedBugs: readonly WatchedBugRow[];
}

/** Whether all of what was looked at is as it must be. */
export function holds(report: CheckReport): boolean {
  const { sizes, planted, litmus, traffic, watched, watchedBugs } = report;
  return (
    sizes.every(({ violation }) => violation === null) &&
    planted.every(({ caught }) => caught) &&
    litmus.every((row) => row.holds) &&
    traffic.every(({ repeats, sumsUp }) => repeats && sumsUp) &&
    watched.every(({ violation, repeats }) => violation === null && repeats) &&
    watchedBugs.every(({ caughtBy, notDone }) => caughtBy !== null || notDone !== null)
  );
}
