/** One simulation: agents with their accesses, run to their end, and what it came to. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { BarometerError } from '../../errors.ts';
import { EVENTS, MESSAGES } from '../protocol/names.ts';
import { growDirectory } from './grow-directory.ts';
import { layOut, type SimulationPlan } from './plan.ts';
import type { SimulatorCore } from './simulator-core.ts';

/** Accesses of one agent, as many as are asked for at a time. */
export interface AccessStream {
  /** Writes accesses as pairs of line and what is done; returns how many, 0 at the end. */
  fill(pairs: Uint32Array): number;
}

export interface SimulationPart {
  readonly name: string;
  readonly ps: number;
}

export const PART_NAMES = [
  'cache',
  'fabric',
  'link queue',
  'link bytes',
  'link distance',
  'home queue',
  'line closed',
  'snoops',
  'memory queue',
  'memory',
  'atomic',
  'merged',
] as const;
export type PartName = (typeof PART_NAMES)[number];

export interface AgentResult {
  readonly accesses: number;
  /** Sum over its accesses; longest. Picoseconds. */
  readonly latencyPs: number;
  readonly maxLatencyPs: number;
  readonly lastEndPs: number;
  readonly hitsFirst: number;
  readonly hitsSecond: number;
  readonly failedSwaps: number;
}

export interface SimulationResult {
  readonly accesses: number;
  readonly events: number;
  /** When the last access ended. */
  readonly endPs: number;
  readonly traceHash: number;
  readonly agents: readonly AgentResult[];
  /** Of the latencies of all accesses together. */
  readonly partsPs: Readonly<Record<PartName, number>>;
  /** Bytes that left a side over the link. */
  readonly linkBytes: { readonly fromCpu: number; readonly fromGpu: number };
  /** Lines that homes know of. */
  readonly lines: number;
}

const EVENTS_AT_A_TIME = 1 << 20;

export class Simulation {
  private readonly core: SimulatorCore;
  private readonly streams: readonly AccessStream[];
  private readonly chunk: number;
  private memory: DataView;

  /** @param streams of the cores, then of the GPU agents @throws UsageError for more cores than can be */
  constructor(core: SimulatorCore, plan: SimulationPlan, streams: readonly AccessStream[]) {
    const { arena } = layOut(plan);
    this.core = core;
    this.streams = streams;
    this.chunk = plan.chunk;
    this.memory = new DataView(core.grow(arena.byteLength));
    arena.writeTo(this.memory);
    for (const agent of streams.keys()) this.refill(agent);
    core.start();
  }

  /** As it is now, for who looks in from outside (`SimulationView`). */
  get bytes(): DataView {
    return this.memory;
  }

  /**
   * Goes on for about so many events and accesses that are asked for, a million unless told. Returns whether there is more.
   * @throws BarometerError
   */
  advance(events = EVENTS_AT_A_TIME): boolean {
    for (let left = events; left > 0; ) {
      const before = this.float(layout.SEQUENCE);
      const stop = this.core.run(left);
      left -= this.float(layout.SEQUENCE) - before;
      if (stop === layout.STOP_DONE) {
        this.requireAllBegun();
        return false;
      }
      if (stop === layout.STOP_EVENTS) return true;
      if (stop === layout.STOP_REFILL) left -= this.refill(this.word(layout.STOPPED_AGENT));
      else if (stop === layout.STOP_DIRECTORY) this.memory = growDirectory(this.core, this.memory);
      else throw new BarometerError(this.reason(stop));
    }
    return true;
  }

  /** An agent that waits when nothing is left to happen waits for ever: a mistake in a core, and no result. */
  private requireAllBegun(): void {
    const waiting = this.streams.findIndex((_, agent) => {
      const at = this.agentAt(agent);
      return this.word(at + layout.AGENT_REFILLS) !== 0 || this.word(at + layout.AGENT_WAITS) !== 0;
    });
    if (waiting >= 0) throw new BarometerError(`agent ${waiting} waits for ever: nothing is left to happen`);
  }

  /** Returns how many accesses the agent was given. */
  private refill(agent: number): number {
    const at = this.agentAt(agent);
    const accesses = this.word(at + layout.AGENT_ACCESSES_AT);
    const pairs = new Uint32Array(this.memory.buffer, accesses, 2 * this.chunk);
    const count = this.streams[agent]!.fill(pairs);
    this.memory.setUint32(at + layout.AGENT_CURSOR, 0, true);
    this.memory.setUint32(at + layout.AGENT_READ_AHEAD, 0, true);
    this.memory.setUint32(at + layout.AGENT_ACCESS_COUNT, count, true);
    if (count === 0) this.memory.setUint32(at + layout.AGENT_REFILLS, 0, true);
    return count;
  }

  private reason(stop: number): string {
    if (stop === layout.STOP_STUCK)
      return 'a compare-and-swap can never succeed: nobody else is left to change the word';
    if (stop === layout.STOP_SLOTS) return 'more transactions are on their way than there is room for';
    const where = this.word(layout.STOPPED_AT);
    const [who, state, event] = [where >> 16, (where >> 8) & 255, where & 255];
    const what = who === 2 ? `${MESSAGES[state]} in view ${event}` : `${EVENTS[event]} in state ${state}`;
    return `the protocol has no rule for ${what}`;
  }

  result(): SimulationResult {
    const parts = PART_NAMES.map((name, i) => [name, this.float(layout.PARTS + 8 * i)] as const);
    const agents = this.streams.map((_, agent) => this.agentResult(agent));
    const linkBytes = [0, 1].map((side) =>
      this.float(layout.SIDES + layout.SIDE_BYTES * side + layout.SIDE_LINK_BYTES),
    );
    return {
      accesses: this.float(layout.DONE),
      events: this.float(layout.SEQUENCE),
      endPs: Math.max(0, ...agents.map(({ lastEndPs }) => lastEndPs)),
      traceHash: this.traceHash(),
      agents,
      partsPs: Object.fromEntries(parts) as Record<PartName, number>,
      linkBytes: { fromCpu: linkBytes[0]!, fromGpu: linkBytes[1]! },
      lines: this.word(layout.DIRECTORY_USED),
    };
  }

  /** Of what happened between agents, and of what each of them began. */
  private traceHash(): number {
    const begins = this.streams.map((_, agent) => this.word(this.agentAt(agent) + layout.AGENT_TRACE));
    return begins.reduce(
      (hash, one) => Math.imul(hash ^ one, 0x9e3779b1) >>> 0,
      this.word(layout.TRACE_HASH),
    );
  }

  private agentResult(agent: number): AgentResult {
    const at = this.agentAt(agent);
    return {
      accesses: this.float(at + layout.AGENT_DONE),
      latencyPs: this.float(at + layout.AGENT_LATENCY),
      maxLatencyPs: this.float(at + layout.AGENT_MAX_LATENCY),
      lastEndPs: this.float(at + layout.AGENT_LAST_END),
      hitsFirst: this.float(at + layout.AGENT_HITS_1),
      hitsSecond: this.float(at + layout.AGENT_HITS_2),
      failedSwaps: this.float(at + layout.AGENT_FAILED),
    };
  }

  private agentAt(agent: number): number {
    return this.word(layout.AGENTS_AT) + layout.AGENT_BYTES * agent;
  }

  private word(at: number): number {
    return this.memory.getUint32(at, true);
  }

  private float(at: number): number {
    return this.memory.getFloat64(at, true);
  }
}
