/** A simulation followed from outside, an event at a time. It has no data; versions of it are followed beside its memory. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { Violation } from '../explore/violation.ts';
import type { SimulationPlan } from '../simulate/plan.ts';
import type { LineRecord, SimulationView, WaitingEvent } from '../simulate/view.ts';
import { accessesOf, began, checkCopies, gaveBack, readStates, replied, snooped } from './caches.ts';
import { Flight } from './flight.ts';
import { happened, unreachablePair } from './happened.ts';
import { answered, NOBODY, served } from './homes.ts';
import { checkLine } from './line-checks.ts';
import type { LineShadow } from './line-shadow.ts';
import { Links } from './links.ts';
import { Parts } from './parts.ts';
import { checkRest } from './rest.ts';
import { Shadow } from './shadow.ts';
import { isMessage, type Sent, type SlotFields, sentBy, slotFields } from './slot-fields.ts';

/** What is known before an event of what it is about. */
export interface Before {
  readonly event: WaitingEvent;
  /** Number of the first event that it sends. */
  readonly sequence: number;
  /** Accesses that its agent had begun. */
  readonly cursor: number;
  /** Null of an agent that goes on. */
  readonly fields: SlotFields | null;
  /** Of its line; null where the home has none. */
  readonly record: LineRecord | null;
  /** What a line that comes displaces from the cache of a GPU agent. */
  readonly leaves: number | null;
}

export class Watched {
  readonly shadow: Shadow;
  readonly #flight: Flight;
  readonly #links: Links;
  readonly #parts: Parts;
  #last: LineShadow | null = null;
  #events = 0;

  constructor(view: SimulationView, { values, protocol }: Pick<SimulationPlan, 'values' | 'protocol'>) {
    this.shadow = new Shadow(view, protocol);
    this.#flight = new Flight(view, this.shadow.checks);
    this.#links = new Links(values['link-rate'], this.shadow.checks);
    this.#parts = new Parts(this.shadow.checks);
  }

  /** As many were followed. */
  get events(): number {
    return this.#events;
  }

  /** What happened last to the line that was looked at last. */
  get story(): readonly string[] {
    return this.#last?.story ?? [];
  }

  /** Before an event. Returns null where none is left. @throws Violation */
  look(view: SimulationView): Before | null {
    const event = view.nextEvent();
    this.#flight.expect(view, event);
    if (event === null) return null;
    const fields = isMessage(event) || event.kind === layout.EVENT_OPEN ? slotFields(view, event.slot) : null;
    return {
      event,
      sequence: view.float(layout.SEQUENCE),
      cursor: view.word(view.agentAt(event.agent) + layout.AGENT_CURSOR),
      fields,
      record: fields === null ? null : view.recordOf(fields.line),
      leaves:
        fields !== null && this.shadow.isGpu(fields.agent) ? view.gpuLeaves(fields.agent, fields.line) : null,
    };
  }

  /** After the same event. @param stop why the run stopped, STOP_ @throws Violation */
  follow(view: SimulationView, before: Before, stop: number): void {
    const { event, fields } = before;
    this.#events++;
    const touched = new Set<LineShadow>();
    if (fields !== null) touched.add(this.#tell(view, event, fields));
    this.shadow.checks['unreachable pair']++;
    if (stop === layout.STOP_UNREACHABLE) throw unreachablePair(view);
    const pushed = view.eventsFrom(before.sequence);
    this.#flight.follow(event, pushed);
    const sent = pushed.filter(isMessage).map((one) => sentBy(view, one));
    for (const line of this.#happen(view, before, sent)) touched.add(line);
    for (const one of sent) touched.add(this.shadow.lineOf(one.fields.line));
    this.#send(view, event, sent);
    for (const line of touched) this.#check(view, line);
    this.#flight.check(view);
    this.#links.check(view);
    this.#parts.check(view);
  }

  /** When nothing is left to happen. @throws Violation */
  end(view: SimulationView): void {
    this.#flight.expect(view, null);
    for (const line of this.shadow.lines.values()) this.#check(view, line);
    checkRest(this.shadow, view);
  }

  #check(view: SimulationView, line: LineShadow): void {
    this.#last = line;
    readStates(this.shadow, view, line);
    checkLine(this.shadow, line, view.recordOf(line.line));
    checkCopies(this.shadow, line);
  }

  #tell(view: SimulationView, { kind }: WaitingEvent, fields: SlotFields): LineShadow {
    const line = this.shadow.lineOf(fields.line);
    const what = happened(this.shadow, kind, fields);
    if (what !== null) line.tell(view.float(layout.NOW), what);
    this.#last = line;
    return line;
  }

  /** Returns lines that were touched, beside that of the event and those that messages were sent for. */
  #happen(view: SimulationView, before: Before, sent: readonly Sent[]): LineShadow[] {
    const { event, fields } = before;
    if (fields === null) return this.#begin(view, event.agent, before.cursor, sent);
    if (event.kind === layout.EVENT_REPLY) return this.#reply(view, before, fields, sent);
    if (event.kind === layout.EVENT_SNOOP) snooped(this.shadow, fields, slotFields(view, event.slot));
    else if (event.kind === layout.EVENT_ACKNOWLEDGE) this.#acknowledge(before, fields);
    else if (event.kind !== layout.EVENT_LINK) this.#atHome(view, before, fields, sent);
    return [];
  }

  #acknowledge({ event, record }: Before, { slot }: SlotFields): void {
    if (record?.serving !== slot) {
      throw new Violation('conservation', `an acknowledgement at ${event.timePs} ps that nobody waits for`);
    }
    this.#flight.release(slot);
  }

  /** EVENT_REQUEST, EVENT_OPEN, EVENT_ANSWER. */
  #atHome(view: SimulationView, { event, record }: Before, fields: SlotFields, sent: readonly Sent[]): void {
    const line = this.shadow.lineOf(fields.line);
    if (event.kind === layout.EVENT_ANSWER) {
      answered(line, fields);
      this.#flight.release(fields.slot);
    }
    served(this.shadow, line, record ?? NOBODY, { sent, transactionOf: (slot) => slotFields(view, slot) });
    const snoops = sent.filter(({ arrives }) => arrives === layout.EVENT_SNOOP);
    const waiting = new Set(snoops.map((snoop) => snoop.fields.parent));
    if (event.kind === layout.EVENT_REQUEST && sent.length === 0) waiting.add(fields.slot);
    for (const slot of waiting) this.#parts.follow(view, slot, null);
  }

  #reply(
    view: SimulationView,
    { record, cursor, leaves }: Before,
    fields: SlotFields,
    sent: readonly Sent[],
  ): LineShadow[] {
    const { shadow } = this;
    for (const one of sent) if (isGivenBack(one)) gaveBack(shadow, one.fields);
    const { isOver, hasSwapped } = replied(shadow, fields, { leaves, word: record?.word ?? 0 });
    if (!isOver) return [];
    this.#parts.end(fields.slot);
    if (!sent.some(({ arrives }) => arrives === layout.EVENT_ACKNOWLEDGE)) this.#flight.release(fields.slot);
    return this.#begin(view, fields.agent, cursor + (hasSwapped ? 1 : 0), sent);
  }

  /** Accesses that an agent began since `cursor`, and the one that it stays at. */
  #begin(view: SimulationView, agent: number, cursor: number, sent: readonly Sent[]): LineShadow[] {
    const at = view.agentAt(agent);
    const [now, count] = [view.word(at + layout.AGENT_CURSOR), view.word(at + layout.AGENT_ACCESS_COUNT)];
    const accesses = accessesOf(view, agent, cursor, Math.min(now + 1, count));
    const lines = accesses.map(({ line }) => this.shadow.lineOf(line));
    const requests = sent.filter((one) => one.arrives === layout.EVENT_REQUEST && !isGivenBack(one));
    let explained = 0;
    for (const [i, access] of accesses.entries()) {
      // A compare-and-swap of the own cache is asked for, and its agent stays at it.
      if (cursor + i === now && explained === requests.length) break;
      this.#last = lines[i]!;
      if (began(this.shadow, view, agent, access)) explained++;
    }
    if (explained !== requests.length) {
      throw new Violation(
        'conservation',
        `${this.shadow.nameOf(agent)} asked ${requests.length} times for ${explained} accesses that need it`,
      );
    }
    for (const { fields } of requests) this.shadow.lineOf(fields.line).pending[agent] = fields.slot;
    return lines;
  }

  /** Slots of messages are taken; of those on the link the bytes have left; and their time is known until they come. */
  #send(view: SimulationView, last: WaitingEvent, sent: readonly Sent[]): void {
    for (const one of sent) {
      const { event, fields } = one;
      const crosses = this.shadow.isGpu(fields.agent) !== fields.line >= 2 ** layout.GPU_LINE_SHIFT;
      if (crosses && event.kind !== layout.EVENT_LINK) this.#links.took(view, one);
      if (last.kind !== layout.EVENT_LINK) this.#flight.hold(fields.slot, view.float(layout.NOW));
      this.#parts.follow(view, fields.slot, event);
    }
  }
}

/** Of what a cache had no room for: no access waits for it. */
function isGivenBack({ arrives, fields: { counts } }: Sent): boolean {
  return arrives === layout.EVENT_REQUEST && !counts;
}
