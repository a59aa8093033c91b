/** What an explanation looks at between two events of a simulation. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { CPU_STATES, GPU_STATES, MESSAGES, type Message } from '../protocol/names.ts';
import { PART_NAMES } from '../simulate/simulation.ts';
import type { SimulationView, WaitingEvent } from '../simulate/view.ts';

/** A message on its way. What it is about is read while it waits: slots are used again. */
export interface WaitingMessage {
  readonly sequence: number;
  readonly slot: number;
  /** Of the slot: who asked, or who is asked for a copy. */
  readonly agent: number;
  /** EVENT_ that happens where it arrives. */
  readonly kind: number;
  readonly name: Message;
  /** When it arrives, or comes to the link. */
  readonly timePs: number;
  readonly isBeforeLink: boolean;
  /** Whether its time is part of a latency. */
  readonly counts: boolean;
  readonly way: Way;
}

/** What the way of a message takes that does not depend on others. Of the link nothing where it stays on its side. */
export interface Way {
  readonly crosses: boolean;
  readonly fabricPs: number;
  readonly linkBytesPs: number;
  readonly linkDistancePs: number;
}

export interface Snapshot {
  readonly nowPs: number;
  /** Of the line that is looked at, in their order. */
  readonly messages: readonly WaitingMessage[];
  /** Of all accesses so far, in the order of PART_NAMES. */
  readonly partsPs: readonly number[];
  /** Of the line, at each agent: a state of the tables. */
  readonly states: readonly string[];
  /** What the home knows: `U`, `Sh{1,2}`, `Ex{0}`, with the numbers of cores. */
  readonly home: string;
  /** Whether the home is at a request of the line whose end it does not know, and when it opens where it does. */
  readonly isServing: boolean;
  readonly opensPs: number | null;
  readonly homeHas: boolean;
  /** Sum of what has ended, of the agent that asks. */
  readonly latencyPs: number;
  /** Hits of its first-level cache. */
  readonly hitsFirst: number;
}

/** @param agent who asks */
export function look(view: SimulationView, line: number, agent: number): Snapshot {
  const record = view.recordOf(line);
  const at = view.agentAt(agent);
  const agents = Array.from({ length: view.word(layout.AGENT_COUNT) }, (_, i) => i);
  return {
    nowPs: view.float(layout.NOW),
    messages: view
      .waitingEvents()
      .filter(({ kind, slot }) => kind !== layout.EVENT_ISSUE && lineOf(view, slot) === line)
      .map((event) => messageOf(view, event)),
    partsPs: PART_NAMES.map((_, part) => view.float(layout.PARTS + 8 * part)),
    states: agents.map((one) => stateOf(view, one, line)),
    home: record === null ? 'U' : homeWord(record.held, record.holders),
    isServing: (record?.serving ?? 0) !== 0,
    opensPs: record?.opensPs ?? null,
    homeHas: view.homeHas(line),
    latencyPs: view.float(at + layout.AGENT_LATENCY),
    hitsFirst: view.float(at + layout.AGENT_HITS_1),
  };
}

function lineOf(view: SimulationView, slot: number): number {
  return view.word(view.slotAt(slot) + layout.SLOT_LINE);
}

function messageOf(view: SimulationView, { sequence, slot, kind, timePs }: WaitingEvent): WaitingMessage {
  const at = view.slotAt(slot);
  const isBeforeLink = kind === layout.EVENT_LINK;
  const last = isBeforeLink ? view.word(at + layout.SLOT_EVENT) : kind;
  const agent = view.word(at + layout.SLOT_AGENT);
  return {
    sequence,
    slot,
    agent,
    kind: last,
    name: nameOf(view, at, last),
    timePs,
    isBeforeLink,
    counts: view.word(at + layout.SLOT_COUNTS) !== 0,
    way: wayOf(view, at, agent),
  };
}

function nameOf(view: SimulationView, slot: number, kind: number): Message {
  if (kind === layout.EVENT_REPLY) return MESSAGES[view.word(slot + layout.SLOT_REPLY)]!;
  if (kind === layout.EVENT_ACKNOWLEDGE) return 'CompAck';
  if (kind !== layout.EVENT_ANSWER) return MESSAGES[view.word(slot + layout.SLOT_MESSAGE)]!;
  return view.word(slot + layout.SLOT_HAS_DATA) === 0 ? 'SnpResp' : 'SnpRespData';
}

/** A message takes one hop, on the fabric of the agent's side, and the link where the home is on the other. */
function wayOf(view: SimulationView, slot: number, agent: number): Way {
  const side = view.word(view.agentAt(agent) + layout.AGENT_SIDE);
  const fabricPs = view.float(sideAt(side) + layout.SIDE_HOP);
  const crosses = side !== view.word(slot + layout.SLOT_LINE) >>> layout.GPU_LINE_SHIFT;
  if (!crosses) return { crosses, fabricPs, linkBytesPs: 0, linkDistancePs: 0 };
  const from = sideAt(view.word(slot + layout.SLOT_FROM));
  const size = view.word(slot + layout.SLOT_SIZE);
  return {
    crosses,
    fabricPs,
    linkBytesPs: view.float(from + layout.SIDE_LINK_TIMES + 8 * size),
    linkDistancePs: view.float(from + layout.SIDE_LINK_DISTANCE),
  };
}

function sideAt(side: number): number {
  return layout.SIDES + layout.SIDE_BYTES * side;
}

function stateOf(view: SimulationView, agent: number, line: number): string {
  const isCore = agent < view.word(layout.CORE_COUNT);
  const pending = view.transactionsOf(agent).find((slot) => lineOf(view, slot) === line);
  const onItsWay = pending === undefined ? 0 : view.word(view.slotAt(pending) + layout.SLOT_STATE);
  if (isCore) return CPU_STATES[view.coreState(agent, line) || onItsWay]!;
  return view.gpuHas(agent, line) ? 'V' : GPU_STATES[onItsWay]!;
}

const HELD = ['U', 'Sh', 'Ex'] as const;

function homeWord(held: number, holders: readonly number[]): string {
  return held === layout.HELD_NOBODY ? 'U' : `${HELD[held]}{${holders.join(',')}}`;
}
