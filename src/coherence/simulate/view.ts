/** The memory of a simulation read from outside, between two events: what waits, what is on its way, what homes know. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { placeOf, scatter, stepOf } from './directory.ts';

const KIND = 2 ** 50;
const AGENT = 2 ** 39;

/** An event that has not happened yet. */
export interface WaitingEvent {
  readonly timePs: number;
  /** EVENT_ */
  readonly kind: number;
  /** Of EVENT_ISSUE the agent that goes on, of others the one that it was asked for. */
  readonly agent: number;
  /** Order in which events of the same time, kind and agent happen; each number is given once. */
  readonly sequence: number;
  /** The transaction, snoop or message that it is about; of EVENT_ISSUE the agent. */
  readonly slot: number;
}

/** What a home knows of a line. */
export interface LineRecord {
  /** HELD_ */
  readonly held: number;
  /** Cores that have a copy. */
  readonly holders: readonly number[];
  /** Transactions by their slots: the one that is served until its end is known, or 0, and those that wait. */
  readonly serving: number;
  readonly waiting: readonly number[];
  /** When the line is open for the next request, where that is known; it may be past. Nobody is served then. */
  readonly opensPs: number | null;
  /** The word that atomics work on. */
  readonly word: number;
}

export class SimulationView {
  readonly #memory: DataView;

  /** @param memory as it is now: a directory that grows has another */
  constructor(memory: DataView) {
    this.#memory = memory;
  }

  word(at: number): number {
    return this.#memory.getUint32(at, true);
  }

  float(at: number): number {
    return this.#memory.getFloat64(at, true);
  }

  byte(at: number): number {
    return this.#memory.getUint8(at);
  }

  agentAt(agent: number): number {
    return this.word(layout.AGENTS_AT) + layout.AGENT_BYTES * agent;
  }

  slotAt(slot: number): number {
    return this.word(layout.SLOTS_AT) + layout.SLOT_BYTES * slot;
  }

  /** In the order in which they will happen, unless others come before. */
  waitingEvents(): WaitingEvent[] {
    return [layout.ISSUES, layout.MESSAGES].flatMap((queue) => this.#queue(queue)).sort(inOrder);
  }

  /** The one that happens next; null where nothing is left to happen. */
  nextEvent(): WaitingEvent | null {
    const [issue, message] = [layout.ISSUES, layout.MESSAGES].map((queue) => this.#queue(queue, 1)[0]);
    if (issue === undefined || message === undefined) return issue ?? message ?? null;
    return inOrder(issue, message) < 0 ? issue : message;
  }

  /** Those that were given numbers from `sequence` on, in the order of these. */
  eventsFrom(sequence: number): WaitingEvent[] {
    return [layout.ISSUES, layout.MESSAGES]
      .flatMap((queue) => this.#queue(queue).filter((event) => event.sequence >= sequence))
      .sort((a, b) => a.sequence - b.sequence);
  }

  /** The first is the first of all. */
  #queue(queue: number, atMost = Infinity): WaitingEvent[] {
    const [times, keys, slots] = [layout.QUEUE_TIMES_AT, layout.QUEUE_KEYS_AT, layout.QUEUE_SLOTS_AT].map(
      (field) => this.word(queue + field),
    );
    return Array.from({ length: Math.min(this.word(queue + layout.QUEUE_LENGTH), atMost) }, (_, i) => {
      const key = this.float(keys! + 8 * i);
      const kind = Math.floor(key / KIND);
      const agent = Math.floor((key % KIND) / AGENT);
      return {
        timePs: this.float(times! + 8 * i),
        kind,
        agent,
        sequence: key % AGENT,
        slot: this.word(slots! + 4 * i),
      };
    });
  }

  /** Transactions of an agent, by their slots, in no order. */
  transactionsOf(agent: number): number[] {
    const at = this.agentAt(agent);
    const slots: number[] = [];
    const buckets = this.word(at + layout.AGENT_BUCKETS_AT);
    const end = buckets + 4 * 2 ** (32 - this.word(at + layout.AGENT_BUCKET_SHIFT));
    for (let bucket = buckets; bucket < end; bucket += 4) {
      let slot = this.word(bucket);
      for (; slot !== 0; slot = this.word(this.slotAt(slot) + layout.SLOT_AFTER)) slots.push(slot);
    }
    return slots;
  }

  /** Null where the home has never heard of the line. */
  recordOf(line: number): LineRecord | null {
    const mask = this.word(layout.DIRECTORY_MASK);
    const block = scatter(line);
    let place = placeOf(line, block) & mask;
    for (;;) {
      const at = this.word(layout.DIRECTORY_AT) + layout.RECORD_BYTES * place;
      const tag = this.word(at + layout.RECORD_LINE);
      if (tag === 0) return null;
      if (tag === (line + 1) >>> 0) return this.#recordAt(at);
      place = (place + stepOf(block)) & mask;
    }
  }

  #recordAt(at: number): LineRecord {
    const waiting: number[] = [];
    const last = this.word(at + layout.RECORD_LAST);
    for (let slot = last; waiting.length === 0 ? last !== 0 : slot !== last; ) {
      slot = this.word(this.slotAt(slot) + layout.SLOT_NEXT);
      waiting.push(slot);
    }
    const opens = this.float(at + layout.RECORD_OPENS);
    return {
      held: this.word(at + layout.RECORD_HELD) & layout.HELD,
      holders: this.#holdersAt(at + layout.RECORD_HOLDERS),
      serving: opens < 0 ? -opens : 0,
      waiting,
      opensPs: opens > 0 ? opens : null,
      word: this.word(at + layout.RECORD_HELD) >>> layout.RECORD_WORD_SHIFT,
    };
  }

  #holdersAt(at: number): number[] {
    const cores: number[] = [];
    for (let first = 0; first < 32 * layout.HOLDER_WORDS; first += 32) {
      for (let bits = this.word(at + first / 8); bits !== 0; bits &= bits - 1) {
        cores.push(first + 31 - Math.clz32(bits & -bits));
      }
    }
    return cores;
  }

  /** STATE_ of a line in the second-level cache of a core; I where it is not there. */
  coreState(core: number, line: number): number {
    const side = layout.SIDES;
    const at = this.agentAt(core);
    const tags = this.word(at + layout.AGENT_TAGS_2_AT);
    const way = this.#wayOf(tags, side + layout.SIDE_SETS_2, line);
    return way < 0 ? layout.STATE_I : this.byte(this.word(at + layout.AGENT_STATES_AT) + way);
  }

  /** Whether the first-level cache of a GPU agent has a line. */
  gpuHas(agent: number, line: number): boolean {
    const tags = this.word(this.agentAt(agent) + layout.AGENT_TAGS_1_AT);
    return this.#wayOf(tags, layout.SIDES + layout.SIDE_BYTES + layout.SIDE_SETS_1, line) >= 0;
  }

  /** Whether the home's cache has a line, changed or not. */
  homeHas(line: number): boolean {
    const side = layout.SIDES + layout.SIDE_BYTES * (line >>> layout.GPU_LINE_SHIFT);
    const [sets, ways] = [this.word(side + layout.SIDE_SETS), this.word(side + layout.SIDE_WAYS)];
    const tag = (line % 2 ** layout.GPU_LINE_SHIFT) + 1;
    const first = this.word(side + layout.SIDE_TAGS_AT) + 4 * ways * ((tag - 1) % sets);
    // Its highest bit says that it is changed.
    return Array.from({ length: ways }, (_, way) => this.word(first + 4 * way)).some(
      (found) => found % 2 ** 31 === tag,
    );
  }

  /** The line that has to go from the first-level cache of a GPU agent when `line` comes; null where there is room. */
  gpuLeaves(agent: number, line: number): number | null {
    const side = layout.SIDES + layout.SIDE_BYTES;
    const [sets, ways] = [this.word(side + layout.SIDE_SETS_1), this.word(side + layout.SIDE_WAYS_1)];
    const last = ways * (line % sets) + ways - 1;
    const tag = this.word(this.word(this.agentAt(agent) + layout.AGENT_TAGS_1_AT) + 4 * last);
    return tag === 0 ? null : tag - 1;
  }

  /** Among all ways of the cache, or -1. @param sizesAt its sets, and its ways behind them */
  #wayOf(tags: number, sizesAt: number, line: number): number {
    const [sets, ways] = [this.word(sizesAt), this.word(sizesAt + 4)];
    const first = ways * (line % sets);
    for (let way = first; way < first + ways; way++)
      if (this.word(tags + 4 * way) === (line + 1) >>> 0) return way;
    return -1;
  }
}

/** Time, then kind, agent and sequence, as the simulator has it. */
function inOrder(a: WaitingEvent, b: WaitingEvent): number {
  return a.timePs - b.timePs || a.kind - b.kind || a.agent - b.agent || a.sequence - b.sequence;
}
