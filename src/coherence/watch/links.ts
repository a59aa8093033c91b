/** The link: bytes of a direction are those of the messages that took it, and never more than its rate lets through. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { type Invariant, Violation } from '../explore/violation.ts';
import type { SimulationView } from '../simulate/view.ts';
import type { Sent } from './slot-fields.ts';

/** Times of messages are whole picoseconds. */
const ROUNDING_PS = 0.5;

/** What has left a side, and when the link is free again at the earliest. */
class Direction {
  bytes = 0;
  messages = 0;
  freePs = 0;
}

export class Links {
  readonly #checks: Record<Invariant, number>;
  readonly #bytesPerPs: number;
  readonly #directions = [new Direction(), new Direction()] as const;

  /** @param rate bytes a second */
  constructor(rate: number, checks: Record<Invariant, number>) {
    this.#checks = checks;
    this.#bytesPerPs = rate / 1e12;
  }

  /** A message has left. @throws Violation where it is to come before all bytes up to its own can have crossed */
  took(view: SimulationView, { event, fields }: Sent): void {
    const slot = view.slotAt(fields.slot);
    const from = view.word(slot + layout.SLOT_FROM);
    const side = layout.SIDES + layout.SIDE_BYTES * from;
    const size = view.word(slot + layout.SLOT_SIZE);
    const direction = this.#directions[from]!;
    direction.bytes += view.word(side + layout.SIDE_LINK_SIZES + 4 * size);
    direction.messages++;
    direction.freePs += view.float(side + layout.SIDE_LINK_TIMES + 8 * size);
    this.#checks.conservation++;
    if (event.timePs >= direction.freePs + view.float(side + layout.SIDE_LINK_DISTANCE)) return;
    throw new Violation(
      'conservation',
      `a message comes at ${event.timePs} ps, before the link can have let it through`,
    );
  }

  /** @throws Violation */
  check(view: SimulationView): void {
    for (const [from, direction] of this.#directions.entries()) {
      this.#checks.conservation++;
      const side = layout.SIDES + layout.SIDE_BYTES * from;
      const bytes = view.float(side + layout.SIDE_LINK_BYTES);
      const freePs = view.float(side + layout.SIDE_LINK_FREE);
      const least = bytes / this.#bytesPerPs - ROUNDING_PS * direction.messages;
      if (bytes !== direction.bytes) {
        throw new Violation(
          'conservation',
          `${bytes} bytes are said to have left side ${from}, ${direction.bytes} have`,
        );
      }
      if (freePs < direction.freePs || freePs < least) {
        throw new Violation(
          'conservation',
          `${bytes} bytes have left side ${from} by ${freePs} ps, faster than the link`,
        );
      }
      direction.freePs = freePs;
    }
  }
}
