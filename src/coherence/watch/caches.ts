/** What happens in the caches of agents, followed by the tables from the accesses that they begin and the messages that come. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { Violation } from '../explore/violation.ts';
import { EVENT, GPU, OPERATION } from '../protocol/codes.ts';
import type { CompiledRule } from '../protocol/compile.ts';
import { EVENTS, MESSAGES } from '../protocol/names.ts';
import { gpuEvent } from '../simulate/gpu.ts';
import { succeeds } from '../simulate/home.ts';
import type { SimulationView } from '../simulate/view.ts';
import { expectFresh, expectNewest, writeCopy } from './data-value.ts';
import { type LineShadow, NONE } from './line-shadow.ts';
import type { Shadow } from './shadow.ts';
import type { SlotFields } from './slot-fields.ts';

export interface Access {
  readonly line: number;
  /** ACCESS_WHAT */
  readonly what: number;
}

/** Of those that an agent was given, from number `from` to before `to`. */
export function accessesOf(view: SimulationView, agent: number, from: number, to: number): Access[] {
  const first = view.word(view.agentAt(agent) + layout.AGENT_ACCESSES_AT);
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => {
    const at = first + layout.ACCESS_BYTES * (from + i);
    return { line: view.word(at + layout.ACCESS_LINE), what: view.word(at + layout.ACCESS_WHAT) };
  });
}

const operationOf = (what: number): number => what & layout.ACCESS_OPERATION;
const isLoad = (what: number): boolean => operationOf(what) === layout.ACCESS_LOAD;

/** What the protocol calls an access: a code of EVENT. */
function eventOf(shadow: Shadow, view: SimulationView, agent: number, { line, what }: Access): number {
  const operation = operationOf(what);
  if (shadow.isGpu(agent)) return gpuEvent(operation);
  const able = view.word(layout.ABLE);
  const keeps = line < 2 ** layout.GPU_LINE_SHIFT || (able & layout.ABLE_CPU_CACHES_DEVICE) !== 0;
  if (operation === layout.ACCESS_LOAD) return keeps ? OPERATION.Load : OPERATION.LoadUncached;
  if (operation === layout.ACCESS_STORE && keeps) return OPERATION.Store;
  if (operation < layout.ACCESS_ADD) return OPERATION.StoreStream;
  const isNear = keeps && (able & layout.ABLE_CPU_ATOMICS_FAR) === 0;
  return isNear ? OPERATION.AtomicNear : OPERATION.AtomicFar;
}

/**
 * An agent has begun an access: a hit, a request, or one that ends with a transaction that is on its way.
 * Returns whether it asked for something. @throws Violation
 */
export function began(shadow: Shadow, view: SimulationView, agent: number, access: Access): boolean {
  if (shadow.isGpu(agent) && operationOf(access.what) === layout.ACCESS_ACQUIRE) {
    acquired(shadow, agent);
    return false;
  }
  const line = shadow.lineOf(access.line);
  const event = eventOf(shadow, view, agent, access);
  const rule = shadow.ruleOf(agent, line, event);
  if (rule === null) return false;
  shadow.used[rule.id] = 1;
  tellBegun(shadow, view, line, { agent, event, rule });
  line.states[agent] = rule.next;
  if (!shadow.hasData(agent, line)) line.versions[agent] = NONE;
  if (!rule.performs) return true;
  if (shadow.isGpu(agent)) expectFresh(shadow, line, agent, line.versions[agent]!);
  else if (isLoad(access.what)) expectNewest(shadow, line, line.versions[agent]!, shadow.nameOf(agent));
  else writeCopy(shadow, line, agent);
  return false;
}

function tellBegun(
  shadow: Shadow,
  view: SimulationView,
  line: LineShadow,
  { agent, event, rule }: { readonly agent: number; readonly event: number; readonly rule: CompiledRule },
): void {
  const how = rule.send < 0 ? 'hits' : `asks ${MESSAGES[rule.send]}`;
  line.tell(view.float(layout.NOW), `${shadow.nameOf(agent)}: ${EVENTS[event]} ${how}`);
}

function acquired(shadow: Shadow, agent: number): void {
  for (const line of shadow.lines.values()) {
    line.since[agent] = line.newest;
    const rule = shadow.ruleOf(agent, line, OPERATION.Acquire);
    if (rule === null) continue;
    shadow.used[rule.id] = 1;
    line.states[agent] = GPU.I;
    line.versions[agent] = NONE;
  }
}

/** A core makes room: its copy goes into a transaction of its own. */
export function gaveBack(shadow: Shadow, { slot, agent, line: number, state, message }: SlotFields): void {
  const line = shadow.lineOf(number);
  const rule = shadow.ruleOf(agent, line, OPERATION.Evict);
  if (rule !== null) shadow.used[rule.id] = 1;
  line.states[agent] = state;
  line.pending[agent] = slot;
  if (message === layout.MESSAGE_WRITE_BACK) line.carried.set(slot, line.versions[agent]!);
}

/** A snoop came to a core, which answers. @param answer the same slot afterwards @throws Violation */
export function snooped(
  shadow: Shadow,
  { agent, line: number, message }: SlotFields,
  answer: SlotFields,
): void {
  const line = shadow.lineOf(number);
  const rule = shadow.ruleOf(agent, line, message);
  if (rule !== null) shadow.used[rule.id] = 1;
  if (!answer.hasData) return;
  const version = line.versions[agent]!;
  if (version === NONE) {
    throw new Violation(
      'data value',
      `${shadow.nameOf(agent)} answers with data of line ${number} and has none`,
    );
  }
  line.answers.set(answer.slot, version);
}

/** A GPU agent makes room. */
function evicted(shadow: Shadow, line: LineShadow, agent: number): void {
  const rule = shadow.ruleOf(agent, line, EVENT.Evict);
  if (rule !== null) shadow.used[rule.id] = 1;
  line.states[agent] = GPU.I;
  line.versions[agent] = NONE;
}

/** How a transaction went on when its reply came. */
export interface Replied {
  /** False where an atomic found the wrong word and is asked for again. */
  readonly isOver: boolean;
  /** Whether a compare-and-swap of the own cache has succeeded, which its agent had stayed at. */
  readonly hasSwapped: boolean;
}

/** What a cache and a line had before the reply came. */
export interface BeforeReply {
  /** The line that what comes displaces from the cache of a GPU agent, which says nothing. */
  readonly leaves: number | null;
  /** The word that atomics on the line find. */
  readonly word: number;
}

/** @throws Violation */
export function replied(shadow: Shadow, fields: SlotFields, { leaves, word }: BeforeReply): Replied {
  const { slot, agent, what } = fields;
  const line = shadow.lineOf(fields.line);
  const isAtHome = fields.message === layout.MESSAGE_ATOMIC;
  if (isAtHome && !succeeds(operationOf(what), fields.found)) return { isOver: false, hasSwapped: false };
  const rule = shadow.ruleOf(agent, line, fields.reply - layout.REPLY_LESS)!;
  shadow.used[rule.id] = 1;
  const brought = line.carried.get(slot) ?? NONE;
  line.carried.delete(slot);
  line.states[agent] = rule.next;
  line.pending[agent] = 0;
  if (rule.fills && leaves !== null) evicted(shadow, shadow.lineOf(leaves), agent);
  if (rule.fills) line.versions[agent] = brought;
  if (!shadow.hasData(agent, line)) line.versions[agent] = NONE;
  if (!rule.performs) return { isOver: true, hasSwapped: false };
  if (shadow.isGpu(agent)) expectFresh(shadow, line, agent, brought);
  const isSwap = operationOf(what) > layout.ACCESS_ADD && !isAtHome;
  const changes = !isSwap || succeeds(operationOf(what), word);
  // What is done at the home was checked there.
  if (!shadow.isGpu(agent) && shadow.hasData(agent, line)) {
    if (isLoad(what)) expectNewest(shadow, line, line.versions[agent]!, shadow.nameOf(agent));
    else if (changes) writeCopy(shadow, line, agent);
  }
  return { isOver: true, hasSwapped: isSwap && changes };
}

/** States of a line in all caches as the simulation has them. */
export function readStates(shadow: Shadow, view: SimulationView, line: LineShadow): void {
  for (let agent = 0; agent < shadow.agents; agent++) {
    const pending = line.pending[agent]!;
    const onItsWay = pending === 0 ? 0 : view.word(view.slotAt(pending) + layout.SLOT_STATE);
    if (shadow.isGpu(agent)) {
      line.states[agent] = pending === 0 && view.gpuHas(agent, line.line) ? GPU.V : onItsWay;
    } else {
      const cached = view.coreState(agent, line.line);
      line.states[agent] = cached === layout.STATE_I ? onItsWay : cached;
    }
  }
}

/** Copies that are no more have no version; those that are have one. @throws Violation */
export function checkCopies(shadow: Shadow, line: LineShadow): void {
  for (let agent = 0; agent < shadow.agents; agent++) {
    if (!shadow.hasData(agent, line)) line.versions[agent] = NONE;
    else if (line.versions[agent] === NONE) {
      throw new Violation(
        'data value',
        `${shadow.nameOf(agent)} has a copy of line ${line.line} that nobody gave it`,
      );
    }
  }
}
