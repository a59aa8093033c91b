/** What a pattern of access is: a plan for each agent of a window, and what must hold when it has ended. */
import type { Random } from '../random.ts';
import type { AccessPath } from './block.ts';
import type { AgentPlan, AgentPool, AgentResult } from './pool.ts';

/**
 * Whose accesses an agent makes: those of a core, in lines of 64 B, or of a cluster of streaming multiprocessors, in lines of
 * 128 B as four sectors of 32. Both are threads on this host's cores.
 */
export const ROLES = ['cpu-core', 'sm-cluster'] as const;
export type Role = (typeof ROLES)[number];

export function lineBytesOf(role: Role): number {
  return role === 'cpu-core' ? 64 : 128;
}

export interface PatternOptions {
  readonly agentCount: number;
  /** Bytes of device memory that all agents work on together. */
  readonly footprintBytes: number;
  readonly role: Role;
  readonly random: Random;
}

/** A window that can be run once: what it leaves in memory belongs to it. */
export interface PlannedWindow {
  readonly plans: readonly AgentPlan[];
  /** Operations of all agents, as the pattern counts them. */
  operations(results: readonly AgentResult[]): number;
  /** The broken invariant, or null. */
  check(results: readonly AgentResult[]): string | null;
}

/**
 * Plans the next window. What memory holds is set up once, and a window costs what it touches: it goes on where the one
 * before it has ended, so that a large footprint is gone through in full, and is checked for what it did.
 */
export type PlanWindow = (options: WindowOptions) => PlannedWindow;

/** What may change from one window to the next on the same memory. */
export interface WindowOptions {
  readonly path: AccessPath;
  /** One of the pattern's `loads`. */
  readonly loadIntervalNs?: number;
}

/** Within the second-level cache of a core, or about so. */
export const USUAL_FOOTPRINT_BYTES = 2 ** 18;

export interface Pattern {
  readonly name: string;
  readonly summary: string;
  /** What one operation is. */
  readonly operation: string;
  /** Whether an agent waits for each operation before the next, so that its time is a latency. */
  readonly hasLatency: boolean;
  /**
   * Loads that others make while it is measured: nanoseconds from one block of 4 KiB that each of them reads to its next, 0
   * for as fast as it goes. None unless given.
   */
  readonly loads?: readonly number[];
  /** Bytes of device memory where nobody says how many; `USUAL_FOOTPRINT_BYTES` unless given. */
  readonly usualFootprintBytes?: number;
  /** Whether its windows are passes over prepared memory; not unless given. */
  readonly isInPasses?: boolean;
  /** Whether a role changes it; not unless given: then it is one of cores. */
  readonly hasRoles?: boolean;
  /** Bytes that one operation delivers, and that it reads and writes; null where bytes mean nothing. */
  bytesPerOp(role: Role): { readonly payload: number; readonly traffic: number } | null;
  /** Bytes beside the device's memory that a plan takes, from `otherAddress` of the pool on; none unless given. */
  otherBytes?(options: Omit<PatternOptions, 'random'>): number;
  /** Whether this many agents can take part; the reason where not. */
  refuses(options: Omit<PatternOptions, 'random'>): string | null;
  /** Sets up the memory of a pool, in which no other pattern and no other footprint has a part until the last window. */
  prepare(pool: AgentPool, options: PatternOptions): PlanWindow;
}

/** Of what all agents did. */
export function totalOf(results: readonly { readonly operations: number }[]): number {
  return results.reduce((sum, { operations }) => sum + operations, 0);
}

/** The first one that is broken; null where none is. */
export function firstBroken(invariants: readonly (string | null)[]): string | null {
  return invariants.find((one) => one !== null) ?? null;
}

/** Why a footprint is too small; null where it is not. */
export function refusalBelow(leastBytes: number, footprintBytes: number): string | null {
  if (footprintBytes >= leastBytes) return null;
  return `expected a footprint of ${leastBytes} bytes or more, got ${footprintBytes}`;
}

/** `expected 7 …, found 6`, or null where they are the same. */
export function mismatch(what: string, expected: number, found: number): string | null {
  return expected === found ? null : `${what}: expected ${expected}, found ${found}`;
}
