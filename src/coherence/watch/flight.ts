/** What is on its way: every event happens once, when and as it was sent, no slot is lost, and nothing takes for ever. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { type Invariant, Violation } from '../explore/violation.ts';
import type { SimulationView, WaitingEvent } from '../simulate/view.ts';

/** Longer than any transaction takes of few agents that all want the same lines. */
const LONGEST_PS = 1e9;

export class Flight {
  readonly #checks: Record<Invariant, number>;
  readonly #waiting = new Map<number, WaitingEvent>();
  /** Slots that are taken, the first taken first, and since when. */
  readonly #since = new Map<number, number>();
  readonly #slots: number;

  constructor(view: SimulationView, checks: Record<Invariant, number>) {
    this.#checks = checks;
    this.#slots = view.word(layout.FREE_COUNT);
    for (const event of view.waitingEvents()) this.#waiting.set(event.sequence, event);
  }

  /** @param next what happens next @throws Violation where that is not as it was sent, or something was lost */
  expect(view: SimulationView, next: WaitingEvent | null): void {
    this.#checks.conservation++;
    const count =
      view.word(layout.ISSUES + layout.QUEUE_LENGTH) + view.word(layout.MESSAGES + layout.QUEUE_LENGTH);
    if (count !== this.#waiting.size) {
      throw new Violation('conservation', `${this.#waiting.size} events were to happen, ${count} wait`);
    }
    if (next === null) return;
    const sent = this.#waiting.get(next.sequence);
    if (sent?.timePs !== next.timePs || sent.kind !== next.kind || sent.slot !== next.slot) {
      throw new Violation(
        'conservation',
        `event ${next.sequence} is of slot ${next.slot} at ${next.timePs} ps, and was sent ` +
          (sent === undefined ? 'by nobody' : `for slot ${sent.slot} at ${sent.timePs} ps`),
      );
    }
  }

  /** An event has happened, and `events` are to happen for it. */
  follow({ sequence }: WaitingEvent, events: readonly WaitingEvent[]): void {
    this.#waiting.delete(sequence);
    for (const event of events) this.#waiting.set(event.sequence, event);
  }

  /** @param nowPs when a slot was taken that was free before */
  hold(slot: number, nowPs: number): void {
    if (!this.#since.has(slot)) this.#since.set(slot, nowPs);
  }

  release(slot: number): void {
    this.#since.delete(slot);
  }

  /** @throws Violation */
  check(view: SimulationView): void {
    this.#checks.conservation++;
    const free = view.word(layout.FREE_COUNT);
    if (free + this.#since.size !== this.#slots) {
      throw new Violation(
        'conservation',
        `${free} of ${this.#slots} slots are free, and ${this.#since.size} transactions and snoops are on their way`,
      );
    }
    this.#checks.progress++;
    const [oldest] = this.#since;
    if (oldest === undefined || view.float(layout.NOW) - oldest[1] <= LONGEST_PS) return;
    throw new Violation(
      'progress',
      `the transaction of slot ${oldest[0]} is on its way for more than ${LONGEST_PS} ps`,
    );
  }
}
