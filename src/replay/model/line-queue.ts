/** Accesses that a log has given so far and a simulation has not begun. */
import type { AccessStream } from '../../coherence/simulate/simulation.ts';

/** Thrown out of a simulation that wants accesses which are not there yet; it goes on from where it was when they are. */
export class NotYet extends Error {}

const FIRST_ROOM = 2 ** 13;

export class LineQueue implements AccessStream {
  private pairs = new Uint32Array(FIRST_ROOM);
  private from = 0;
  private to = 0;
  private hasEnded = false;

  /** Accesses that wait. */
  get length(): number {
    return (this.to - this.from) / 2;
  }

  /** @param what as in a simulation's accesses */
  push(line: number, what: number): void {
    if (this.to === this.pairs.length) this.makeRoom();
    this.pairs[this.to] = line;
    this.pairs[this.to + 1] = what;
    this.to += 2;
  }

  /** No more come. */
  end(): void {
    this.hasEnded = true;
  }

  /** @throws NotYet where none waits and more may come */
  fill(into: Uint32Array): number {
    if (this.length === 0 && !this.hasEnded) throw new NotYet();
    const some = this.pairs.subarray(this.from, Math.min(this.to, this.from + into.length));
    into.set(some);
    this.from += some.length;
    return some.length / 2;
  }

  /** At the end: by what has gone from the begin, or twice as much where that is little. */
  private makeRoom(): void {
    const waiting = this.pairs.subarray(this.from, this.to);
    if (2 * this.from >= this.pairs.length) this.pairs.copyWithin(0, this.from, this.to);
    else {
      const larger = new Uint32Array(2 * this.pairs.length);
      larger.set(waiting);
      this.pairs = larger;
    }
    this.to = waiting.length;
    this.from = 0;
  }
}
