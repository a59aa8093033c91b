/**
 * What an access costs by what happened to its line last. Two agents bring all lines into the same state, one after the
 * other; then the first accesses each of them once.
 */
import * as layout from '../../../assembly/coherence/layout.ts';
import { firstLine, linesOf } from './lines.ts';
import { type ModelledPattern, sideOf } from './pattern.ts';
import { countOf, flagMemory, meeting, NO_FLAGS, type Segment, segment, stepOf } from './segments.ts';
import { atomicsMissing } from './turns.ts';

type Act = 'read' | 'written';
/** Agent 1 or 0 does the first, the other one the second. */
interface History {
  readonly first: 0 | 1;
  readonly second: Act;
}

const HISTORIES: Readonly<Record<string, History>> = {
  'read-by-me': { first: 1, second: 'read' },
  'written-by-me': { first: 1, second: 'written' },
  'read-by-another': { first: 0, second: 'read' },
  'written-by-another': { first: 0, second: 'written' },
};

const MOST_LINES = 2 ** 20;

function lineState(measured: 'load' | 'add', state: string, history: History): ModelledPattern {
  return {
    name: `${measured}-${state}`,
    isShared: true,
    note: 'lines are written by stores, not by additions',
    run: (options) => {
      const memory = flagMemory(options);
      if (memory === null) return NO_FLAGS;
      const missing = measured === 'add' ? atomicsMissing(options) : null;
      if (missing !== null) return missing;
      const lines = linesOf(options);
      if (lines > MOST_LINES) return 'expected a footprint of at most 64 MiB here';
      const order = options.random.shuffle(Uint32Array.from({ length: lines }, (_, i) => i));
      const over = (operation: number) =>
        segment(lines, (i) => ({
          line: firstLine(options) + order[i]!,
          what: operation | layout.ACCESS_DEPENDS,
        }));
      const looked = over(measured === 'load' ? layout.ACCESS_LOAD : layout.ACCESS_ADD);
      const parts = [0, 1].map((agent) => {
        const preparing = preparingOf(history, agent, over, (index) =>
          meeting(options, memory, agent, index),
        );
        const own = agent === 0 ? [looked] : [];
        const before = countOf(preparing);
        const step = stepOf([...preparing, ...own]);
        return { side: sideOf(options, agent), before, whole: before + countOf(own), step };
      });
      return { parts, operations: lines };
    },
  };
}

function preparingOf(
  { first, second }: History,
  agent: number,
  over: (operation: number) => Segment,
  meet: (index: number) => Segment[],
): Segment[] {
  const isFirst = agent === first;
  const writes = over(layout.ACCESS_STORE);
  const last = second === 'read' ? over(layout.ACCESS_LOAD) : writes;
  return [
    ...(isFirst ? [writes] : []),
    ...meet(0),
    ...(isFirst ? [] : [last]),
    // The one that is looked at goes on by itself where it was the last.
    ...(first === 0 ? meet(1) : []),
  ];
}

export const LINE_STATE_MODELS: readonly ModelledPattern[] = (['load', 'add'] as const).flatMap((measured) =>
  Object.entries(HISTORIES).map(([state, history]) => lineState(measured, state, history)),
);
