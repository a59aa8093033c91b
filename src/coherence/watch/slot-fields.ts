/** Transactions, snoops and messages as their slots have them, read before the slot is used for something else. */
import * as layout from '../../../assembly/coherence/layout.ts';
import type { SimulationView, WaitingEvent } from '../simulate/view.ts';

export interface SlotFields {
  readonly slot: number;
  readonly agent: number;
  readonly line: number;
  /** The request or the snoop, and the reply: codes of MESSAGE. */
  readonly message: number;
  readonly reply: number;
  /** State of the line here, a code of CPU or GPU. */
  readonly state: number;
  /** The access, ACCESS_WHAT, and the word that its atomic found. */
  readonly what: number;
  readonly found: number;
  /** Of a snoop, the transaction that it is for. */
  readonly parent: number;
  /** Whether an answer brought data. */
  readonly hasData: boolean;
  /** Whether it is an access, whose parts are added up. */
  readonly counts: boolean;
}

export function slotFields(view: SimulationView, slot: number): SlotFields {
  const at = view.slotAt(slot);
  return {
    slot,
    agent: view.word(at + layout.SLOT_AGENT),
    line: view.word(at + layout.SLOT_LINE),
    message: view.word(at + layout.SLOT_MESSAGE),
    reply: view.word(at + layout.SLOT_REPLY),
    state: view.word(at + layout.SLOT_STATE),
    what: view.word(at + layout.SLOT_WHAT),
    found: view.word(at + layout.SLOT_FOUND),
    parent: view.word(at + layout.SLOT_PARENT),
    hasData: view.word(at + layout.SLOT_HAS_DATA) === 1,
    counts: view.word(at + layout.SLOT_COUNTS) === 1,
  };
}

/** A message that was sent, or that has come to the other end of the link. */
export interface Sent {
  readonly event: WaitingEvent;
  /** EVENT_ of what happens where it is going to. */
  readonly arrives: number;
  readonly fields: SlotFields;
}

/** Of events that agents and homes wait for themselves there is no message. */
export function isMessage({ kind }: WaitingEvent): boolean {
  return kind !== layout.EVENT_ISSUE && kind !== layout.EVENT_OPEN;
}

export function sentBy(view: SimulationView, event: WaitingEvent): Sent {
  const fields = slotFields(view, event.slot);
  const isBeforeLink = event.kind === layout.EVENT_LINK;
  const arrives = isBeforeLink ? view.word(view.slotAt(event.slot) + layout.SLOT_EVENT) : event.kind;
  return { event, arrives, fields };
}
