/** The order in which rounds visit arms. */
import { nowNs } from '../clock.ts';
import type { Random } from '../random.ts';

/** Which rounds to run. */
export interface RoundSpan {
  /** Number of the first one. */
  readonly first: number;
  /** Rounds end when this much time has passed, but not before `atLeast` of them. */
  readonly budgetMs: number;
  readonly atLeast: number;
  readonly atMost: number;
}

/** Makes one visit. False ends the rounds. */
export type Visit<Arm> = (arm: Arm, round: number) => boolean | Promise<boolean>;

const NS_PER_MS = 1e6;

/**
 * Every round visits each arm once, so that drift of the machine falls on all alike. Rounds come in pairs: the first in an
 * order drawn anew, the second in its reverse (ABBA), so that a steady drift cancels within the pair.
 */
export class RoundOrder<Arm> {
  private readonly random: Random;
  private order: readonly Arm[] = [];

  constructor(random: Random) {
    this.random = random;
  }

  /** Returns how many whole rounds there were. */
  async run(
    arms: readonly Arm[],
    { first, budgetMs, atLeast, atMost }: RoundSpan,
    visit: Visit<Arm>,
  ): Promise<number> {
    const start = nowNs();
    const isOver = (round: number) => round - first >= atLeast && (nowNs() - start) / NS_PER_MS >= budgetMs;
    let round = first;
    for (; round < first + atMost && !isOver(round); round++) {
      this.order = round % 2 === 0 ? this.random.shuffle([...arms]) : this.order.toReversed();
      for (const arm of this.order) {
        const going = visit(arm, round);
        // What is there already is not waited for: between samples nothing else is to run.
        if (!(typeof going === 'boolean' ? going : await going)) return round - first;
      }
      await new Promise(setImmediate); // let signals in
    }
    return round - first;
  }
}
