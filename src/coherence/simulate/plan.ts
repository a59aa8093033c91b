/** Where everything of a simulation lies in memory, and what is there at its begin. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { UsageError } from '../../errors.ts';
import type { ParameterValues } from '../profiles/parameters.ts';
import type { Protocol } from '../protocol/tables.ts';
import { protocolWords } from '../protocol/words.ts';
import { Arena } from './arena.ts';
import { type HomeContents, laySide, setsOf } from './lay-side.ts';

/** Cores whose copies a directory can note. */
export const MAX_CORES = 32 * layout.HOLDER_WORDS;

export interface SimulationPlan {
  readonly values: ParameterValues;
  readonly protocol: Protocol;
  readonly cores: number;
  readonly gpuAgents: number;
  /** Accesses that each agent can be given at a time. */
  readonly chunk: number;
  /** Of both homes, or of that of the CPU and that of the GPU. */
  readonly contents: HomeContents | readonly [HomeContents, HomeContents];
}

export interface Laid {
  readonly arena: Arena;
  /** Where the directory is, behind everything else, and how many places it has. */
  readonly directoryAt: number;
  readonly places: number;
}

/** The directory at the begin; it grows. */
const PLACES = 1 << 12;
/** Of buckets of transactions: no shift may be of all 32 bits. */
const MIN_BUCKET_BITS = 4;

/** @throws UsageError where the directory cannot note as many cores */
export function layOut(plan: SimulationPlan): Laid {
  const { cores, gpuAgents, values, protocol } = plan;
  if (cores > MAX_CORES) {
    throw new UsageError(`${cores} cores: expected at most ${MAX_CORES}, whose copies a directory can note`);
  }
  const arena = new Arena();
  arena.take(layout.SIDES + 2 * layout.SIDE_BYTES);
  arena.word(layout.AGENT_COUNT, cores + gpuAgents);
  arena.word(layout.CORE_COUNT, cores);
  arena.word(layout.ABLE, ableOf(values));
  const { contents } = plan;
  const [ofCpu, ofGpu] = isPair(contents) ? contents : [contents, contents];
  laySide(arena, 0, values, ofCpu);
  laySide(arena, 1, values, ofGpu);
  const { cpu, gpu, home } = protocolWords(protocol);
  arena.word(layout.CPU_RULES_AT, arena.words(cpu));
  arena.word(layout.GPU_RULES_AT, arena.words(gpu));
  arena.word(layout.HOME_RULES_AT, arena.words(home));
  layAgents(arena, plan);
  const slots = slotCount(plan);
  laySlots(arena, slots);
  arena.word(layout.EVENT_SLOTS, eventSlots(plan));
  // An agent goes on at one time, or waits for an access of its own to end.
  layQueue(arena, layout.ISSUES, cores + gpuAgents);
  layQueue(arena, layout.MESSAGES, 2 * slots);
  const directoryAt = arena.take(PLACES * layout.RECORD_BYTES);
  arena.word(layout.DIRECTORY_AT, directoryAt);
  arena.word(layout.DIRECTORY_MASK, PLACES - 1);
  return { arena, directoryAt, places: PLACES };
}

function isPair(
  contents: SimulationPlan['contents'],
): contents is Extract<SimulationPlan['contents'], readonly unknown[]> {
  return Array.isArray(contents);
}

function ableOf(values: ParameterValues): number {
  const caches = values['cpu-caches-device-memory'] ? layout.ABLE_CPU_CACHES_DEVICE : 0;
  return caches | (values['cpu-atomics-far'] ? layout.ABLE_CPU_ATOMICS_FAR : 0);
}

function layAgents(arena: Arena, { cores, gpuAgents, values, chunk }: SimulationPlan): void {
  const count = cores + gpuAgents;
  const agents = arena.take(layout.AGENT_BYTES * count);
  arena.word(layout.AGENTS_AT, agents);
  for (let index = 0; index < count; index++) {
    const at = agents + layout.AGENT_BYTES * index;
    const name = index < cores ? 'cpu' : 'gpu';
    arena.word(at + layout.AGENT_SIDE, index < cores ? 0 : 1);
    arena.word(at + layout.AGENT_MAX_READS, values[`${name}-outstanding-reads`]);
    arena.word(at + layout.AGENT_MAX_WRITES, values[`${name}-outstanding-writes`]);
    arena.word(at + layout.AGENT_ACCESSES_AT, arena.take(layout.ACCESS_BYTES * chunk));
    arena.word(at + layout.AGENT_REFILLS, 1);
    arena.float(at + layout.AGENT_NEXT_ARRIVAL, Infinity);
    arena.word(
      at + layout.AGENT_TAGS_1_AT,
      tagsFor(arena, values[`${name}-l1-size`], values[`${name}-l1-ways`]),
    );
    layBuckets(arena, at, values[`${name}-outstanding-reads`] + values[`${name}-outstanding-writes`]);
    if (index >= cores) continue;
    arena.word(at + layout.AGENT_TAGS_2_AT, tagsFor(arena, values['cpu-l2-size'], values['cpu-l2-ways']));
    arena.word(
      at + layout.AGENT_STATES_AT,
      arena.take(setsOf(values['cpu-l2-size'], values['cpu-l2-ways']) * values['cpu-l2-ways']),
    );
  }
}

/** At least as many buckets as an agent can have accesses on their way. */
function layBuckets(arena: Arena, agent: number, accesses: number): void {
  const bits = Math.max(MIN_BUCKET_BITS, Math.ceil(Math.log2(accesses)));
  arena.word(agent + layout.AGENT_BUCKET_SHIFT, 32 - bits);
  arena.word(agent + layout.AGENT_BUCKETS_AT, arena.take(4 * 2 ** bits));
}

function tagsFor(arena: Arena, bytes: number, ways: number): number {
  return arena.take(4 * ways * setsOf(bytes, ways));
}

/** What each agent may have on its way, as much again on its way back, a snoop of every core for a few, and one event. */
function slotCount(plan: SimulationPlan): number {
  const { cores, gpuAgents } = plan;
  const { ofCore, ofGpu } = outstanding(plan);
  return 64 + cores * (4 * ofCore + 32) + gpuAgents * (2 * ofGpu + cores) + 64 * cores + eventSlots(plan);
}

/** A snoop of every core, or what is given back and all that an agent may have on its way. */
function eventSlots(plan: SimulationPlan): number {
  const { ofCore, ofGpu } = outstanding(plan);
  return plan.cores + 1 + Math.max(ofCore, ofGpu);
}

/** Accesses that one agent of a side may have on its way, 0 where there is none. */
function outstanding({ cores, gpuAgents, values }: SimulationPlan): { ofCore: number; ofGpu: number } {
  return {
    ofCore: cores === 0 ? 0 : values['cpu-outstanding-reads'] + values['cpu-outstanding-writes'],
    ofGpu: gpuAgents === 0 ? 0 : values['gpu-outstanding-reads'] + values['gpu-outstanding-writes'],
  };
}

/** All free but the first, which is nobody's. */
function laySlots(arena: Arena, count: number): void {
  const slots = arena.take(layout.SLOT_BYTES * (count + 1));
  arena.word(layout.SLOTS_AT, slots);
  arena.word(layout.FREE_SLOT, 1);
  arena.word(layout.FREE_COUNT, count);
  arena.fill((memory) => {
    for (let i = 1; i < count; i++)
      memory.setUint32(slots + layout.SLOT_BYTES * i + layout.SLOT_NEXT, i + 1, true);
  });
}

function layQueue(arena: Arena, queue: number, room: number): void {
  const times = arena.take(8 * room);
  arena.float(times, Infinity);
  arena.word(queue + layout.QUEUE_TIMES_AT, times);
  arena.word(queue + layout.QUEUE_KEYS_AT, arena.take(8 * room));
  arena.word(queue + layout.QUEUE_SLOTS_AT, arena.take(4 * room));
}
