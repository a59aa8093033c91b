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
  readonly #spans = new Map<string, Map<string, Span[]>>();

  /** Takes in the rounds of a series. Returns one that was there already, or null. */
  add(series: SampleSeries, source: string): RepeatedRound | null {
    const span = spanOf(series.round, source);
    if (typeof span === 'number') return { round: span, source };
    const others = this.#spansAt(series);
    for (const other of others) {
      const round = series.round.find((number) => holds(other, number));
      if (round !== undefined) return { round, source: other.source };
    }
    others.push(span);
    return null;
  }

  /** By arm first: a key that names the arm for each fork anew would be most of the memory that reading takes. */
  #spansAt(series: SampleSeries): Span[] {
    const { run, phase, fork, block } = series;
    const arm = entryOf(this.#spans, armKey(series), () => new Map<string, Span[]>());
    return entryOf(arm, `${fork} ${block} ${phase} ${run ?? ''}`, () => []);
  }
}

/** The value of a key; a new one where there is none yet. */
function entryOf<T>(map: Map<string, T>, key: string, create: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
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
