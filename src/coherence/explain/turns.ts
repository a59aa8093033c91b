/**
 * Agents that take turns: each of a list of accesses begins when nothing of those before it is left to happen. The simulator
 * knows no such thing, so who waits for its turn reads a line of its own from time to time, and looks whether it is there.
 */
import * as layout from '../../../assembly/coherence/layout.ts';
import { arrayAt } from '../predict/scenario.ts';
import type { AccessStream } from '../simulate/simulation.ts';
import { SimulationView } from '../simulate/view.ts';

export interface Turn {
  readonly agent: number;
  readonly line: number;
  /** ACCESS_ operation. */
  readonly operation: number;
}

/** Called with the simulation as it is: nothing of the last turn has happened yet, and it has begun. */
export interface LastTurn {
  given(view: SimulationView): void;
  begun(view: SimulationView): void;
}

/** 1 µs between two looks. */
const PAUSE_PS = 1_000_000;
const AFTER_PAUSE = layout.ACCESS_DEPENDS | (PAUSE_PS << layout.ACCESS_GAP_SHIFT);

/** A stream for each of so many agents, which gives one access at a time. */
export function takeTurns(turns: readonly Turn[], agents: number, lastTurn: LastTurn): AccessStream[] {
  const last = turns.length - 1;
  let turn = 0;
  let hasBegun = false;
  return Array.from({ length: agents }, (_, agent) => {
    let given = -1;
    return {
      fill: (pairs) => {
        const view = new SimulationView(new DataView(pairs.buffer));
        // It is asked again when what it was given has begun.
        if (given === turn) hasBegun = true;
        if (given === last) lastTurn.begun(view);
        if (hasBegun && isQuiet(view)) [turn, hasBegun] = [turn + 1, false];
        const next = turns.findIndex((one, i) => i > given && one.agent === agent);
        if (next < 0) return 0;
        if (next > turn || hasBegun) {
          pairs.set([ownLine(agent), layout.ACCESS_LOAD | AFTER_PAUSE]);
          return 1;
        }
        given = next;
        if (next === last) lastTurn.given(view);
        pairs.set([turns[next]!.line, turns[next]!.operation | AFTER_PAUSE]);
        return 1;
      },
    };
  });
}

/** One that has no place in common with those that turns are about, whatever is interleaved by powers of two. */
function ownLine(agent: number): number {
  return arrayAt('lpddr', 8 + agent) + 7 * (agent + 1);
}

/** Whether no message is on its way. */
function isQuiet(view: SimulationView): boolean {
  return view.word(layout.MESSAGES + layout.QUEUE_LENGTH) === 0;
}
