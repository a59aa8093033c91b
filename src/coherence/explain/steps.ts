/**
 * The steps of one access, from what is seen before and after every event: messages, and what is done where they arrive.
 * Nothing of the simulator is asked but what lies in its memory.
 */
import * as layout from '../../../assembly/coherence/layout.ts';
import type { PartName } from '../simulate/simulation.ts';
import type { Snapshot, WaitingMessage } from './snapshot.ts';
import { type PartsPs, type Surroundings, spent, worksOf } from './works.ts';

/** An agent by its number, or the home of the line. */
export type Place = number | 'home';

export interface Change {
  readonly from: string;
  readonly to: string;
}

/** A message, or something that is done at one place. Times are picoseconds since the access began. */
export interface Step {
  /** Of a message as the protocol calls it. */
  readonly name: string;
  readonly isMessage: boolean;
  readonly from: Place;
  readonly to: Place;
  readonly beginPs: number;
  readonly endPs: number;
  readonly spentPs: PartsPs;
  /** Whether that is part of the latency. What is not happens beside it, or behind it. */
  readonly counts: boolean;
  /** Of the line, where the step begins and where it ends. */
  readonly changeFrom: Change | null;
  readonly changeTo: Change | null;
}

type Draft = { -readonly [Field in keyof Step]: Step[Field] };

/** When the home served nobody else for the line. */
export interface Closed {
  readonly fromPs: number;
  readonly untilPs: number;
}

/** Takes one event after the other. */
export class StepRecorder {
  readonly #steps: Draft[] = [];
  /** Messages on their way, by what waits of them. */
  readonly #underWay = new Map<number, Draft>();
  readonly #surroundings: Surroundings;
  #beganPs = 0;
  #closedFromPs: number | null = null;
  #closedUntilPs: number | null = null;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** In order of time; a wait stands where it is over. */
  get steps(): readonly Step[] {
    const timeOf = ({ spentPs, beginPs, endPs }: Step) => (spentPs.snoops === undefined ? beginPs : endPs);
    return this.#steps.toSorted((a, b) => timeOf(a) - timeOf(b));
  }

  /** Null where the home was never closed. */
  get closed(): Closed | null {
    if (this.#closedFromPs === null || this.#closedUntilPs === null) return null;
    return { fromPs: this.#closedFromPs - this.#beganPs, untilPs: this.#closedUntilPs - this.#beganPs };
  }

  /** What one event changed. */
  record(before: Snapshot, after: Snapshot): void {
    const arrived = before.messages.find((message) => !isIn(after, message));
    // Agents go on without a message.
    if (arrived === undefined) return;
    this.#noteClosed(after);
    const sent = sentBetween(before, after);
    if (arrived.isBeforeLink) this.#cross(arrived, sent[0]!);
    else this.#arrive(arrived, before, after, sent);
  }

  /** What the begin of the access changed. Comes first. */
  begin(before: Snapshot, after: Snapshot): void {
    const sent = sentBetween(before, after);
    this.#beganPs = after.nowPs;
    const { requester } = this.#surroundings;
    this.#go(requester, undefined, before, after, sent);
    const change = changeAt(requester, before, after);
    if (sent.length > 0) this.#steps[0]!.changeFrom = change;
    else this.#steps[0]!.changeTo = change;
  }

  #arrive(arrived: WaitingMessage, before: Snapshot, after: Snapshot, sent: readonly WaitingMessage[]): void {
    const place = placeOf(arrived);
    this.#underWay.get(arrived.sequence)!.changeTo = changeAt(place, before, after);
    this.#go(place, arrived, before, after, sent);
    // Where the home is on the same side, it hears of the end without a message that waits.
    const { opensPs } = after;
    if (arrived.kind !== layout.EVENT_REPLY || sent.length > 0 || opensPs === null) return;
    if (opensPs === before.opensPs) return;
    const step = this.#add({ name: 'CompAck', isMessage: true, from: place, to: 'home', counts: false });
    [step.beginPs, step.endPs] = [after.nowPs - this.#beganPs, opensPs - this.#beganPs];
    step.spentPs = spent({ fabric: step.endPs - step.beginPs });
  }

  /** What is done at `place`, and then sent from there. */
  #go(
    place: Place,
    arrived: WaitingMessage | undefined,
    before: Snapshot,
    after: Snapshot,
    sent: readonly WaitingMessage[],
  ): void {
    const hadData = this.#steps.some(({ name }) => name === 'SnpRespData');
    const request = this.#steps[0]?.name;
    const works = worksOf({ request, arrived, before, after, sent, hadData }, this.#surroundings);
    let timePs = after.nowPs - this.#beganPs;
    for (const { name, part, ps, isOver, counts } of works) {
      const step = this.#add({ name, isMessage: false, from: place, to: place, counts });
      [step.beginPs, step.endPs] = isOver ? [timePs - ps, timePs] : [timePs, timePs + ps];
      step.spentPs = spent({ [part]: ps });
      timePs = step.endPs;
    }
    for (const message of sent) this.#send(message, place, timePs);
  }

  #send(message: WaitingMessage, from: Place, timePs: number): void {
    const to = from === 'home' ? message.agent : 'home';
    const step = this.#add({ name: message.name, isMessage: true, from, to, counts: message.counts });
    step.beginPs = timePs;
    this.#underWay.set(message.sequence, step);
    if (!message.isBeforeLink) this.#comesAt(step, message);
  }

  /** From the link on, another event waits. */
  #cross(before: WaitingMessage, after: WaitingMessage): void {
    const step = this.#underWay.get(before.sequence)!;
    this.#underWay.set(after.sequence, step);
    this.#comesAt(step, after);
  }

  #comesAt(step: Draft, { timePs, way }: WaitingMessage): void {
    step.endPs = timePs - this.#beganPs;
    const rest = step.endPs - step.beginPs - way.fabricPs - way.linkBytesPs - way.linkDistancePs;
    step.spentPs = spent({
      fabric: way.fabricPs,
      'link queue': rest,
      'link bytes': way.linkBytesPs,
      'link distance': way.linkDistancePs,
    });
  }

  #add(known: Pick<Step, 'name' | 'isMessage' | 'from' | 'to' | 'counts'>): Draft {
    const step: Draft = { ...known, beginPs: 0, endPs: 0, spentPs: {}, changeFrom: null, changeTo: null };
    this.#steps.push(step);
    return step;
  }

  #noteClosed({ isServing, opensPs, nowPs }: Snapshot): void {
    const isClosed = isServing || (opensPs !== null && opensPs > nowPs);
    if (isClosed) this.#closedFromPs ??= nowPs;
    if (this.#closedFromPs !== null) this.#closedUntilPs = opensPs;
  }
}

function isIn({ messages }: Snapshot, { sequence }: WaitingMessage): boolean {
  return messages.some((message) => message.sequence === sequence);
}

function sentBetween(before: Snapshot, after: Snapshot): WaitingMessage[] {
  return after.messages.filter((message) => !isIn(before, message));
}

/** Where a message arrives. */
function placeOf({ kind, agent }: WaitingMessage): Place {
  return kind === layout.EVENT_SNOOP || kind === layout.EVENT_REPLY ? agent : 'home';
}

function changeAt(place: Place, before: Snapshot, after: Snapshot): Change | null {
  const stateIn = ({ home, states }: Snapshot) => (place === 'home' ? home : states[place]!);
  const [from, to] = [stateIn(before), stateIn(after)];
  return from === to ? null : { from, to };
}

/** What all steps that count spent, and each part of it. */
export function sumOfSteps(steps: readonly Step[]): PartsPs {
  const sums: Partial<Record<PartName, number>> = {};
  for (const { spentPs } of steps.filter(({ counts }) => counts)) {
    for (const [part, ps] of Object.entries(spentPs) as [PartName, number][])
      sums[part] = (sums[part] ?? 0) + ps;
  }
  return sums;
}
