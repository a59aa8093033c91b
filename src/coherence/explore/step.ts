/** One thing that happens in a small world, as the tables of a protocol say. */
import { EVENT_OF_REPLY, EVENT_OF_SNOOP, MESSAGE, OPERATION } from '../protocol/codes.ts';
import { type CompiledProtocol, type CompiledRule, ruleIndex } from '../protocol/compile.ts';
import { EVENTS, REQUESTS } from '../protocol/names.ts';
import { acknowledged, answered, requested } from './home-step.ts';
import { checkRead, hasCopy, nextValue, setNewest, stateName } from './values.ts';
import { Violation } from './violation.ts';
import { COPY, HOME, type World } from './world.ts';

/** Told what took effect: by whom, what (a code of OPERATION), and the value that was read or written. */
export type Performed = (agent: number, line: number, operation: number, value: number) => void;

const LAST_REQUEST = REQUESTS.length - 1;

export class Stepper {
  private readonly protocol: CompiledProtocol;
  private readonly performed: Performed;
  /** By the number of a rule: 1 where it was used. */
  private readonly used: Uint8Array;

  constructor(protocol: CompiledProtocol, performed: Performed = () => undefined) {
    this.protocol = protocol;
    this.performed = performed;
    this.used = new Uint8Array(protocol.ruleNames.length);
  }

  /** Names of rules that were not used. */
  get unused(): string[] {
    return this.protocol.ruleNames.filter((_, id) => this.used[id] === 0);
  }

  /** Whether `operation` need not wait for something else. */
  accepts(world: World, agent: number, line: number, operation: number): boolean {
    return this.ruleOf(world, agent, line, operation) !== null;
  }

  /**
   * An agent does something to a line that accepts it.
   * @param operation a code of OPERATION
   * @param operand what a store writes
   */
  operate(world: World, agent: number, line: number, operation: number, operand = 0): void {
    if (operation !== OPERATION.Evict && operation !== OPERATION.Acquire) {
      world.setCopy(agent, line, COPY.pending, 1 + operation);
      world.setCopy(agent, line, COPY.operand, operand);
    }
    this.happen(world, agent, line, operation, 0);
    if (operation === OPERATION.Acquire) {
      world.setCopy(agent, line, COPY.fresh, 1 << world.home(line, HOME.newest));
    }
  }

  /** Whether the message at `index` can arrive: requests for a line that is being served wait outside. */
  canArrive(world: World, index: number): boolean {
    const { message, line } = world.messageAt(index);
    return message > LAST_REQUEST || world.home(line, HOME.serving) === 0;
  }

  arrive(world: World, index: number): void {
    const message = world.takeMessage(index);
    const kind = message.message;
    if (kind <= LAST_REQUEST) this.used[requested(this.protocol.home, world, message).id] = 1;
    else if (kind === MESSAGE.CompAck) acknowledged(world, message);
    else if (kind === MESSAGE.SnpResp || kind === MESSAGE.SnpRespData)
      answered(this.protocol.home, world, message);
    else {
      const event = kind + (kind <= MESSAGE.SnpUnique ? EVENT_OF_SNOOP : EVENT_OF_REPLY);
      this.happen(world, message.agent, message.line, event, message.value);
    }
  }

  private ruleOf(world: World, agent: number, line: number, event: number): CompiledRule | null {
    const rules = world.isGpu(agent) ? this.protocol.gpu : this.protocol.cpu;
    return rules[ruleIndex(world.copy(agent, line, COPY.state), event)]!;
  }

  private happen(world: World, agent: number, line: number, event: number, value: number): void {
    const rule = this.ruleOf(world, agent, line, event);
    if (rule === null) {
      const state = stateName(world, agent, line);
      throw new Violation('unreachable pair', `agent ${agent}: ${EVENTS[event]} in ${state}`);
    }
    this.used[rule.id] = 1;
    const held = world.copy(agent, line, COPY.value);
    world.setCopy(agent, line, COPY.state, rule.next);
    if (rule.fills) world.setCopy(agent, line, COPY.value, value);
    const keeps = hasCopy(world, agent, line);
    if (rule.performs) this.perform(world, agent, line, keeps ? world.copy(agent, line, COPY.value) : value);
    if (!keeps) world.setCopy(agent, line, COPY.value, 0);
    if (rule.acknowledges) world.send({ message: MESSAGE.CompAck, agent, line, value: 0 });
    if (rule.send >= 0)
      world.send({ message: rule.send, agent, line, value: broughtBy(world, agent, line, rule.send, held) });
  }

  /** The operation that waits at the line takes effect, or has done so at the home. @param found what it finds there */
  private perform(world: World, agent: number, line: number, found: number): void {
    const operation = world.copy(agent, line, COPY.pending) - 1;
    const operand = world.copy(agent, line, COPY.operand);
    world.setCopy(agent, line, COPY.pending, 0);
    world.setCopy(agent, line, COPY.operand, 0);
    const isCached = hasCopy(world, agent, line);
    const isStore = operation === OPERATION.Store || operation === OPERATION.StoreStream;
    if (!isStore) checkRead(world, agent, line, found, isCached);
    const isRead = operation === OPERATION.Load || operation === OPERATION.LoadUncached;
    if (isCached && !isRead) {
      const written = isStore ? operand : nextValue(world, found);
      world.setCopy(agent, line, COPY.value, written);
      setNewest(world, line, written);
    }
    this.performed(agent, line, operation, isStore ? operand : found);
  }
}

function broughtBy(world: World, agent: number, line: number, message: number, held: number): number {
  if (message === MESSAGE.SnpRespData || message === MESSAGE.WriteBack) return held;
  return message === MESSAGE.WriteUnique ? world.copy(agent, line, COPY.operand) : 0;
}
