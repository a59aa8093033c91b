/**
 * Moments at which arms were timed side by side, as numbers. Files hold millions of rounds: a text for each, made,
 * kept and compared, would be most of what a report takes.
 */
import type { SampleSeries } from '../results/samples.ts';

/** Rounds of several arms with the same moment were neighbours in time. */
export interface Moment {
  /** Of one process, at one block. */
  readonly turn: number;
  /** Among the moments of the turn. */
  readonly place: number;
}

/** A process at one block. Its rounds have numbers of their own. */
export interface Turn {
  readonly moments: readonly Moment[];
  /** Place among the moments, by number of a round. */
  readonly placeOf: ReadonlyMap<number, number>;
}

type TurnOf = (series: Pick<SampleSeries, 'run' | 'fork' | 'block'>) => Turn;

/**
 * The turns of `list`. Shares are drawn in the order of turns and moments: it is that of their names, whatever the
 * order in which files were merged, and any other would move intervals.
 */
export function turnsOf(list: readonly SampleSeries[]): TurnOf {
  const rounds = new Map<string, Set<number>>();
  for (const series of list) {
    const name = nameOf(series);
    const known = rounds.get(name) ?? new Set();
    rounds.set(name, known);
    for (const round of series.round) known.add(round);
  }
  const names = [...rounds.keys()].sort();
  const turns = new Map(names.map((name, turn) => [name, createTurn(turn, rounds.get(name)!)]));
  return (series) => turns.get(nameOf(series))!;
}

/** Twice JSON: quotes and control characters take the place in the order that they have behind a backslash. */
function nameOf({ run, fork, block }: Parameters<TurnOf>[0]): string {
  return JSON.stringify(JSON.stringify([run ?? null, fork, block]));
}

function createTurn(turn: number, rounds: ReadonlySet<number>): Turn {
  // With what follows the digits in a name: 10 comes before 1, and 1 before 2.
  const names = Array.from(rounds, (round) => `${round}]`).sort();
  return {
    moments: names.map((_, place) => ({ turn, place })),
    placeOf: new Map(names.map((name, place) => [Number(name.slice(0, -1)), place])),
  };
}
