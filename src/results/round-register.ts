/** Which rounds were seen, so that none counts twice. */
import { armKey, type SampleSeries } from './samples.ts';

/** A round that is there already. */
export interface RepeatedRound {
  readonly round: number;
  /** Where it came from first. */
  readonly source: string;
}

/** The rounds of one series. They nearly always count up from one number to another, which takes two numbers to keep. */
interface Span {
  readonly source: string;
  readonly from: number;
  readonly to: number;
  /** Null where all from `from` to `to` are there. */
  readonly rounds: ReadonlySet<number> | null;
}

/** Rounds of each arm, run, phase, fork and block. */
export class RoundRegister {
  readonly #spansByPlace = new Map<string, Span[]>();

  /** Takes in the rounds of a series. Returns one that was there already, or null. */
  add(series: SampleSeries, source: string): RepeatedRound | null {
    const span = spanOf(series.round, source);
    if (typeof span === 'number') return { round: span, source };
    const place = placeOf(series);
    const others = this.#spansByPlace.get(place) ?? [];
    if (others.length === 0) this.#spansByPlace.set(place, others);
    for (const other of others) {
      const round = series.round.find((number) => holds(other, number));
      if (round !== undefined) return { round, source: other.source };
    }
    others.push(span);
    return null;
  }
}

function placeOf(series: SampleSeries): string {
  const { run, phase, fork, block } = series;
  return armKey(series) + JSON.stringify([run, phase, fork, block]);
}

/** The span of a series, or a round that it holds twice. */
function spanOf(round: readonly number[], source: string): Span | number {
  const from = round[0]!;
  if (round.every((number, i) => number === from + i)) {
    return { source, from, to: from + round.length - 1, rounds: null };
  }
  const rounds = new Set<number>();
  let [lowest, highest] = [from, from];
  for (const number of round) {
    if (rounds.has(number)) return number;
    rounds.add(number);
    lowest = Math.min(lowest, number);
    highest = Math.max(highest, number);
  }
  return { source, from: lowest, to: highest, rounds };
}

function holds({ from, to, rounds }: Span, number: number): boolean {
  return number >= from && number <= to && (rounds === null || rounds.has(number));
}
