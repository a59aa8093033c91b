/** What a pattern of the measured mode is as accesses of the model. */
import * as layout from '../../../assembly/coherence/layout.ts';
import type { Random } from '../../random.ts';
import type { Memory, Side, Step } from '../predict/scenario.ts';
import type { ParameterValues } from '../profiles/parameters.ts';

export interface PatternOptions {
  readonly values: ParameterValues;
  readonly agents: number;
  /** Of memory that all agents work on together; whole lines. */
  readonly footprintBytes: number;
  readonly placement: Memory;
  /** Of agents with even numbers, and of those with odd ones. */
  readonly sides: readonly [Side, Side];
  /** From one block of 4 KiB that an agent of the load reads to its next; 0 for as fast as it goes. */
  readonly loadIntervalNs: number;
  readonly random: Random;
}

/** Accesses of one agent: so many before what is looked at, and `whole` with it. `noise` goes on for as long as others do. */
export interface Part {
  readonly side: Side;
  readonly before: number | 'noise';
  readonly whole: number | 'noise';
  /** The i-th of them. */
  readonly step: (i: number) => Step;
}

export interface PatternRun {
  readonly parts: readonly Part[];
  /** Of all agents, in what is looked at, counted as the measured mode does. */
  readonly operations: number;
}

/** Names are those of the measured mode. */
export interface ModelledPattern {
  readonly name: string;
  /** Whether agents of both sides are let work together. */
  readonly isShared: boolean;
  /** In what it differs from the measured one. */
  readonly note?: string;
  /** Or why this profile has no such thing. */
  readonly run: (options: PatternOptions) => PatternRun | string;
}

/** One that the model has no notion of, and why. */
export interface AbsentPattern {
  readonly name: string;
  readonly reason: string;
}

export function sideOf({ sides }: PatternOptions, agent: number): Side {
  return sides[agent % 2]!;
}

/** `make` for each agent. */
export function partsOf<T>({ agents }: PatternOptions, make: (agent: number) => T): T[] {
  return Array.from({ length: agents }, (_, agent) => make(agent));
}

export const ROUNDS = 3;

/**
 * One round warms the caches and ends before the next begins. The third is looked at: what it has in flight at its begin is
 * as much as at its end.
 */
export function rounds(side: Side, accesses: number, step: Part['step']): Part {
  const waiting = (i: number) => {
    const { line, what } = step(i);
    return { line, what: what | (i === accesses ? layout.ACCESS_DEPENDS : 0) };
  };
  return { side, before: (ROUNDS - 1) * accesses, whole: ROUNDS * accesses, step: waiting };
}
