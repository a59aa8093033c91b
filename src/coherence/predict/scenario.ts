/** What agents do so that a figure can be read off, as data. */
import * as layout from '../../../assembly/coherence/layout.ts';
import type { HomeContents } from '../simulate/lay-side.ts';

export type Side = 'grace' | 'hopper';
export type Memory = 'lpddr' | 'hbm';

/** One access of a round, or of a loop: which line, and what is done. */
export interface Step {
  readonly line: number;
  readonly what: number;
}

export interface Load {
  readonly side: Side;
  /** Its accesses in a round; `noise` goes on for as long as others do. */
  readonly accesses: number | 'noise';
  /** The i-th of all rounds. */
  readonly step: (i: number) => Step;
}

export interface Scenario {
  /** Cores before GPU agents. */
  readonly loads: readonly Load[];
  readonly contents: HomeContents | readonly [HomeContents, HomeContents];
}

/** First line of an array of its own. */
export function arrayAt(memory: Memory, index: number): number {
  return (memory === 'hbm' ? 2 ** layout.GPU_LINE_SHIFT : 0) + index * 2 ** 24;
}
