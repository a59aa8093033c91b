/** Latencies are the sums of their parts: at any time, of accesses that have ended and of those that are on their way. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { type Invariant, Violation } from '../explore/violation.ts';
import type { SimulationView, WaitingEvent } from '../simulate/view.ts';

export class Parts {
  readonly #checks: Record<Invariant, number>;
  /** Of each access on its way, by its slot: time whose parts are known. */
  readonly #known = new Map<number, number>();
  #sum = 0;

  constructor(checks: Record<Invariant, number>) {
    this.#checks = checks;
  }

  /** @param event the message that the access waits for; where it waits at a home, null */
  follow(view: SimulationView, slot: number, event: WaitingEvent | null): void {
    const at = view.slotAt(slot);
    if (view.word(at + layout.SLOT_COUNTS) === 0) return;
    const until = event?.timePs ?? view.float(at + layout.SLOT_SINCE);
    // The fabric on the other side of the link is known from the beginning.
    const beyond = event?.kind === layout.EVENT_LINK ? view.word(at + layout.SLOT_HOP_AFTER) : 0;
    this.end(slot);
    const known = until + beyond - view.float(at + layout.SLOT_BEGIN);
    this.#known.set(slot, known);
    this.#sum += known;
  }

  end(slot: number): void {
    this.#sum -= this.#known.get(slot) ?? 0;
    this.#known.delete(slot);
  }

  /** @throws Violation */
  check(view: SimulationView): void {
    let latency = this.#sum;
    for (let agent = 0; agent < view.word(layout.AGENT_COUNT); agent++) {
      const at = view.agentAt(agent);
      latency += view.float(at + layout.AGENT_LATENCY);
      // Tries in the own cache of a compare-and-swap that has not succeeded yet.
      if (view.word(at + layout.AGENT_TRIES) === 0) continue;
      latency += view.float(at + layout.AGENT_READY) - view.float(at + layout.AGENT_FIRST_TRY);
    }
    this.#checks.conservation++;
    let parts = 0;
    for (let part = 0; part < layout.PART_COUNT; part++) parts += view.float(layout.PARTS + 8 * part);
    if (parts === latency) return;
    throw new Violation('conservation', `parts of latencies are ${parts} ps, the latencies ${latency} ps`);
  }
}
