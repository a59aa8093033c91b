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

/** Rounds of one arm, run, phase, fork and block. */
export class RoundSpans {
  readonly #spans: Span[] = [];

  /** Takes in the rounds of a series. Returns one that was there already, or null. */
  add({ round: numbers }: SampleSeries, source: string): RepeatedRound | null {
    const span = spanOf(numbers, source);
    if (typeof span === 'number') return { round: span, source };
    for (const other of this.#spans) {
      const round = numbers.find((number) => holds(other, number));
      if (round !== undefined) return { round, source: other.source };
    }
    this.#spans.push(span);
    return null;
  }
}

/** Rounds of each arm, run, phase, fork and block. */
export class RoundRegister {
  readonly #spans = new Map<string, Map<string, RoundSpans>>();

  /** Takes in the rounds of a series. Returns one that was there already, or null. */
  add(series: SampleSeries, source: string): RepeatedRound | null {
    return this.#spansAt(series).add(series, source);
  }

  /** By arm first: a key that names the arm for each fork anew would be most of the memory that reading takes. */
  #spansAt(series: SampleSeries): RoundSpans {
    const { run, phase, fork, block } = series;
    const arm = entryOf(this.#spans, armKey(series), () => new Map<string, RoundSpans>());
    return entryOf(arm, `${fork} ${block} ${phase} ${run ?? ''}`, () => new RoundSpans());
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
